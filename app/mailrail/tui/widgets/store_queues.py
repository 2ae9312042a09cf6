"""What waits between those who work on a state store, and the answers that nobody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.views import QueueView

from . import figures, glyphs
from .crew_columns import DOWN
from .paper import Paper, whole
from .store_ways import SHARED as TAKERS
from .store_ways import TASKS_OF

SHARED: Final = ("wake-ups", "tasks", "calls")
"""Queues that several take from, in the order in which an order passes through them."""
TASKS: Final = "tasks"
"""The one of them that agents leave alone where each has tasks of its own."""
NAMED: Final = 4
"""Messages of a queue that are told by name."""


class Waiting(NamedTuple):
    """One queue in words.

    Attributes:
        name: What it is called.
        text: What is in it.
        ink: How.
        queue: Its name.
        messages: Those in it that are named there, next first.
    """

    name: str
    text: str
    ink: str
    queue: str
    messages: tuple[str, ...] = ()


def shared_of(frame: LabFrame) -> dict[str, QueueView]:
    """Return the queue that all of a role take from, by role; none where each has its own."""
    apart = any(queue.name.startswith(TASKS_OF) for queue in frame.view.queues)
    return {
        TAKERS[queue.name]: queue
        for queue in frame.view.queues
        if queue.name in TAKERS and not (apart and queue.name == TASKS)
    }


def draw_line(paper: Paper, x: int, y: int, room: int, name: str, queue: QueueView | None) -> int:
    """Draw the name of a column and how many wait before it; return the column after them."""
    end = paper.fit(x, y, f" {name} ", room, "text+bold")
    if queue is None:
        return end
    if queue.depth:
        count = figures.count(queue.depth)
        told = whole(x + room - end, f"{count} wait ", f"{count} wait", f"+{count}")
        end = paper.fit(end, y, told, x + room - end, "ready+bold")
    paper.zone(y, x, end, "queue", queue.name)
    return end


def waiting_of(frame: LabFrame) -> list[Waiting]:
    """Return the shared queues, and those of actors in which something waits."""
    queues = {queue.name: queue for queue in frame.view.queues}
    states = {actor.name: actor.state for actor in frame.view.actors}
    found = [_told(queues[name], name, {}) for name in SHARED if name in queues]
    own = [
        _told(queue, f"tasks of {queue.name.removeprefix(TASKS_OF)}", {})
        for queue in frame.view.queues
        if queue.name.startswith(TASKS_OF)
    ]
    return (
        [each for each in found if not own or each.name != TASKS]
        + own
        + [
            _told(queue, f"to {queue.name}", states)
            for queue in frame.view.queues
            if queue.name in states and queue.depth
        ]
    )


def _told(queue: QueueView, name: str, states: Mapping[str, str]) -> Waiting:
    named = tuple(message.name for message in queue.ready[:NAMED])
    parts = []
    if queue.depth:
        more = f" +{queue.depth - NAMED}" if queue.depth > NAMED else ""
        parts.append(f"{figures.count(queue.depth)} waiting: {' '.join(named)}{more}")
    if queue.locked:
        parts.append(f"{figures.count(len(queue.locked))} taken")
    if queue.scheduled:
        parts.append(f"{glyphs.LATER} {figures.count(queue.scheduled)} delayed")
    if states.get(queue.name) in DOWN:
        text = f"{glyphs.WARN} {figures.count(queue.depth)} that nobody reads: "
        return Waiting(name, text + " ".join(named), "crashed+bold", queue.name, named)
    ink = "ready" if parts else "faint"
    return Waiting(name, ", ".join(parts) or "empty", ink, queue.name, named)


def draw_queues(paper: Paper, x: int, y: int, rows: int, found: Sequence[Waiting]) -> None:
    """Draw a line for each queue; where rows are few, those that something waits in."""
    if not found or rows < 2:
        return
    paper.put(x, y, "QUEUES", "text+bold")
    kept = sorted(range(len(found)), key=lambda n: (found[n].ink == "faint", -n))[: rows - 1]
    wide = max(len(found[n].name) for n in kept) + 2
    for row, each in enumerate((found[n] for n in sorted(kept)), y + 1):
        paper.fit(x, row, each.name, wide - 1, "text" if each.ink != "faint" else "faint")
        end = paper.fit(x + wide, row, each.text, paper.width - x - wide, each.ink)
        paper.zone(row, x, end, "queue", each.queue)
        at = 0
        for name in each.messages:
            at = each.text.index(name, at)
            start, at = x + wide + at, at + len(name)
            if start + len(name) <= end:
                paper.zone(row, start, start + len(name), "message", name)
