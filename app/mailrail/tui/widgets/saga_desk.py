"""Where the orchestrators sit: a line to every participant, and the answers nobody has read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView, QueueView

from . import figures, glyphs
from .paper import Paper
from .saga_plan import Plan
from .saga_steps import FROZEN
from .saga_words import chip

READY: Final = "ready+bold"
"""The ink of answers that nobody takes."""

SHOWN: Final = 6
"""How many of them are told by name."""


def draw_desk(
    paper: Paper,
    plan: Plan,
    frame: LabFrame,
    crew: Sequence[ActorView],
    inbox: QueueView | None,
) -> int:
    """Draw the orchestrators; the line is broken while all of them are dead or frozen.

    Returns:
        The column in which messages come to them.
    """
    alive = any(actor.state not in FROZEN | {"stopped"} for actor in crew)
    ink = "lane" if alive else "crashed"
    paper.put(0, plan.bus, ("─" if alive else "╌") * plan.width, ink)
    for index in range(len(plan.boxes)):
        x = plan.middle(index)
        paper.put(x, plan.bus, "┴", ink)
        for y in range(plan.floor + 1, plan.bus):
            paper.put(x, y, "│", ink)
    x = 1
    for actor in crew:
        x = _orchestrator(paper, plan.bus, actor, x, frame)
        if x > plan.width - 30:
            break
    _answers(paper, plan, inbox, x)
    return min(x, plan.width - 5)


def _orchestrator(paper: Paper, y: int, actor: ActorView, x: int, frame: LabFrame) -> int:
    chosen = actor.name == frame.selected
    name = f"{glyphs.POINTER}{actor.name}" if chosen else f" {actor.name}"
    end = paper.put(x, y, name, "selected+bold" if chosen else "text+bold")
    word = f" {glyphs.state(actor.state)} {actor.state} "
    if actor.state in FROZEN:
        word += f"{figures.brief(frame.view.now - actor.since)} "
    if actor.armed:
        word += f"dies at {actor.armed} "
    end = paper.put(end, y, word, f"{actor.state}+bold" if actor.state in FROZEN else "faint")
    paper.zone(y, x, end, "actor", actor.name)
    return end + 1


def _answers(paper: Paper, plan: Plan, inbox: QueueView | None, x: int) -> None:
    """Draw answers that nobody takes."""
    if inbox is None:
        return
    paper.zone(plan.bus, x, plan.width, "queue", inbox.name)
    if not inbox.depth:
        return
    waiting = [message for message in inbox.ready if "-timer-" not in message.name]
    timers = inbox.depth - len(waiting) if inbox.depth == len(inbox.ready) else 0
    y, end = plan.bus, plan.width
    if waiting:
        x = paper.fit(x, y, f" {figures.count(inbox.depth - timers)} unread:", end - x, READY)
    for message in waiting[:SHOWN]:
        start, x = x + 1, paper.fit(x, y, f" {chip(message.name)}", end - x, READY)
        paper.zone(y, start, x, "message", message.name)
    overdue = f" ◷ {figures.count(timers)} due" if timers else ""
    paper.fit(x, y, f"{overdue} ", end - x, READY)
