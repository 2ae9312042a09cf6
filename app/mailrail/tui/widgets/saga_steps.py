"""The track of one saga: a box for each step, forward in green, backward in amber, the pivot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.saga_scene import SagaMark, StepMark
from mailrail_patterns.views import ActorView, QueueView

from . import bars, figures, glyphs
from .paper import Paper
from .saga_plan import Plan
from .saga_words import STEPS, TYPES, chip

PLAIN_BOX: Final = "╭─╮│╰╯"
PIVOT_BOX: Final = "┏━┓┃┗┛"
WAITING: Final = 3
"""Commands that wait for a participant, told by name."""
FROZEN: Final = frozenset({"crashed", "paused"})


def draw_box(paper: Paper, plan: Plan, index: int, step: StepMark | None, name: str) -> None:
    """Draw the frame of a step and what became of it."""
    x, wide, end = plan.boxes[index], plan.wides[index], plan.boxes[index] + plan.wides[index] - 1
    pivot = step is not None and step.kind == "pivot"
    a, level, b, side, c, d = PIVOT_BOX if pivot else PLAIN_BOX
    sign, ink = STEPS[step.word if step is not None else "waiting"]
    frame = "lane" if step is None or (step.word == "waiting" and not pivot) else ink
    paper.put(x, plan.top, a + level * (wide - 2) + b, frame)
    for y in range(plan.top + 1, plan.floor):
        paper.put(x, y, side, frame)
        paper.put(end, y, side, frame)
    paper.put(x, plan.floor, c + level * (wide - 2) + d, frame)
    title = f"PIVOT {name}" if pivot else name
    room = wide - 2
    inset = 1 + (room > len(title) + 1) if len(title) <= room else 0  # or it takes the corners
    paper.fit(x + inset, plan.top, title, wide - 2 * inset, "text+bold")
    if step is not None:
        paper.fit(x + 1, plan.top + 1, f"{sign} {step.word}", room, f"{ink}+bold")
        told, shade = TYPES.get(step.kind, ("", ""))
        paper.fit(x + 1, plan.floor, told, room, shade)


def draw_rails(paper: Paper, plan: Plan, saga: SagaMark) -> None:
    """Draw how far the saga came, and how far it has gone back."""
    upper, lower = plan.top + 1, plan.floor - 1
    for index in range(len(saga.steps) - 1):
        x, end = plan.boxes[index] + plan.wides[index], plan.boxes[index + 1]
        level = end - x
        here, there = saga.steps[index], saga.steps[index + 1]
        passed = there.word != "waiting" or here.word in {"undoing", "undone"}
        gone = passed and there.word != "waiting"
        paper.put(x, upper, "═" * (level - 1) + "▸" if gone else "─" * level,
                  "done" if gone else "lane")  # fmt: skip
        if here.word in {"undoing", "undone"} and there.word != "waiting":
            paper.put(x, lower, "◂" + "═" * (level - 1), "warn")


def draw_participant(
    paper: Paper, plan: Plan, index: int, crew: Sequence[ActorView], queue: QueueView | None,
    frame: LabFrame,
) -> None:  # fmt: skip
    """Draw who works there, on what, and what waits for it."""
    if not crew:
        return
    x, room, now = plan.boxes[index] + 1, plan.wides[index] - 2, frame.view.now
    actor = next((each for each in crew if each.name == frame.selected), None)
    if actor is None:
        actor = max(crew, key=lambda each: (each.state != "idle", each.state in FROZEN))
    y = plan.top + 2
    text = f"{glyphs.state(actor.state)} {actor.state}"
    if actor.state == "working" and actor.message:
        text = f"{glyphs.state(actor.state)} {chip(actor.message)}"
        text += f" {figures.clock(max(0.0, now - actor.began))}s"
    elif actor.state in FROZEN and len(text) + 5 <= room:
        text += f" {figures.brief(now - actor.since)}"
    chosen = actor.name == frame.selected
    paper.fit(x, y, text, room, f"{actor.state}+bold" if actor.state in FROZEN else actor.state)
    for row in (y, y - 1):
        paper.zone(row, x, x + room, "actor", actor.name)
    if chosen:
        paper.put(x - 1, y, glyphs.POINTER, "selected+bold")
    if plan.inside >= 3 and actor.state == "working" and actor.takes > 0:
        undo = "-undo-" in actor.message
        share = (now - actor.began) / actor.takes
        others = _others(crew, actor)
        bar = room - len(others) if room - len(others) >= 3 else room
        bars.grow(paper, x, y + 1, bar, share, "warn" if undo else "working")
        paper.fit(x + bar, y + 1, others, room - bar, "faint")
    elif plan.inside >= 3:
        _badges(paper, x, y + 1, room, actor, len(crew))
    if queue is not None:
        paper.zone(plan.top, x, x + room, "queue", queue.name)
        _waiting(paper, plan, x, room, queue)


def _others(crew: Sequence[ActorView], shown: ActorView) -> str:
    """Return how many others there are beside who is shown, and whether they are free."""
    rest = [actor for actor in crew if actor is not shown]
    if not rest:
        return ""
    idle = all(actor.state == "idle" for actor in rest)
    return f" +{figures.count(len(rest))}{' idle' if idle else ''}"


def _badges(paper: Paper, x: int, y: int, room: int, actor: ActorView, count: int) -> None:
    words = [f"dies at {actor.armed}"] if actor.armed else []
    words += [f"slow {figures.times(actor.slow)}"] if actor.slow != 1 else []
    words += [f"{figures.times(count)}"] if count > 1 else []
    paper.fit(x, y, " ".join(words), room, "warn")


def _waiting(paper: Paper, plan: Plan, x: int, room: int, queue: QueueView) -> None:
    """Draw the queue before a participant: in the box where there is room, else on its floor."""
    y = plan.floor - 1 if plan.inside >= 4 else plan.floor
    words = []
    if queue.depth:
        end = paper.fit(x, y, f"{queue.depth} wait", room, "ready")
        paper.zone(y, x, end, "queue", queue.name)
        for message in queue.ready[:WAITING]:
            start, text = end + 1, f" {chip(message.name)}"
            if end + len(text) > x + room:
                break
            end = paper.put(end, y, text, "ready")
            paper.zone(y, start, end, "message", message.name)
        return
    if queue.scheduled:
        words.append((f"{glyphs.LATER} {queue.scheduled} delayed", "warn"))
    if queue.dead_count:
        words.append((f"{glyphs.DEAD} {queue.dead_count} dead", "dead"))
    for text, ink in words[:1]:
        end = paper.fit(x, y, text, room, ink)
        paper.zone(y, x, end, "queue", queue.name)
