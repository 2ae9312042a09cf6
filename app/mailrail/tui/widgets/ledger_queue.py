"""The queue of batches before the lanes, as one row: what waits, and who takes it apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.actor_names import number_of
from mailrail_patterns.debatching import LEDGER
from mailrail_patterns.views import ActorView, QueueView

from . import figures, glyphs
from .paper import Paper
from .road import DEAF

ROOMY: Final = 60
"""Columns from which an actor's state is told in a word beside its glyph and its name."""


def ledger_of(frame: LabFrame) -> QueueView | None:
    """Return the queue of batches; None: there is none."""
    return next((queue for queue in frame.view.queues if queue.name == LEDGER), None)


def paint_ledger(frame: LabFrame, queue: QueueView, width: int) -> Paper:
    """Draw how many batches wait, which, the next one at the right, and who has one in hand."""
    paper = Paper(width, 1)
    depth = figures.count(queue.depth)
    x = paper.put(0, 0, "ledger queue ", "faint")
    x = paper.put(x, 0, f"{depth} waiting", "depth+bold" if queue.depth else "text+bold") + 1
    paper.zone(0, 0, x, "queue", queue.name)
    crew = [actor for actor in frame.view.actors if actor.role == "ledger-processor"]
    told = [_told(actor, wordy=width >= ROOMY) for actor in crew]
    room = max(0, width - x - len("▸ ") - sum(len(text) + 2 for text in told[:2]))
    shown = _fitting([message.name for message in queue.ready], queue.depth, room)
    rest = queue.depth - len(shown)
    if rest and room > 4:
        x = paper.fit(x, 0, f"+{figures.count(rest)}", room, "depth+bold") + 1
    for name in reversed(shown):
        paper.zone(0, x, x + len(name), "message", name)
        x = paper.put(x, 0, name, "on-ready") + 1
    x = paper.put(x, 0, "▸ ", "lane")
    for number, (actor, text) in enumerate(zip(crew, told, strict=True)):
        if x + len(text) > width:
            paper.fit(x, 0, f"+{len(told) - number} more", width - x, "text+bold")
            break
        ink = f"{actor.state}+bold" if actor.state in DEAF else actor.state
        if actor.name == frame.selected and actor.state not in DEAF:
            ink = "selected+bold"
        paper.zone(0, x, x + len(text), "actor", actor.name)
        x = paper.put(x, 0, text, ink) + 2
    return paper


def _told(actor: ActorView, *, wordy: bool) -> str:
    """Return an actor's state, and what it has in hand."""
    name = actor.name if wordy else number_of(actor.name)
    text = f"{glyphs.state(actor.state)} {name} {actor.state}"
    return f"{text} {actor.message}" if actor.message and actor.state == "working" else text


def _fitting(names: Sequence[str], depth: int, room: int) -> list[str]:
    """Return the first names that fit, with room for how many more there are."""
    shown: list[str] = []
    used = 0
    for name in names:
        rest = depth - len(shown) - 1
        wide = len(name) + 1
        if used + wide + (len(f"+{figures.count(rest)}") + 1 if rest else 0) > room:
            break
        used += wide
        shown.append(name)
    return shown
