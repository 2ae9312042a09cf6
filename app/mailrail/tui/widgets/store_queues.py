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
        text: What waits in it.
        ink: How.
        queue: Its name.
        messages: The first that wait, next first.
        depth: How many wait.
        rest: What else is in it.
    """

    name: str
    text: str
    ink: str
    queue: str
    messages: tuple[str, ...] = ()
    depth: int = 0
    rest: str = ""


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
    depth, count = queue.depth, figures.count(queue.depth)
    if states.get(queue.name) in DOWN:
        text = f"{glyphs.WARN} {count} that nobody reads"
        return Waiting(name, text, "crashed+bold", queue.name, named, depth)
    more = [f"{figures.count(len(queue.locked))} taken"] if queue.locked else []
    if queue.scheduled:
        more.append(f"{glyphs.LATER} {figures.count(queue.scheduled)} delayed")
    if depth:
        rest = ", ".join(["", *more])
        return Waiting(name, f"{count} waiting", "ready", queue.name, named, depth, rest)
    return Waiting(name, ", ".join(more) or "empty", "ready" if more else "faint", queue.name)


def draw_queues(paper: Paper, x: int, y: int, rows: int, found: Sequence[Waiting]) -> None:
    """Draw a line for each queue; where rows are few, those that something waits in."""
    if not found or rows < 2:
        return
    paper.put(x, y, "QUEUES", "text+bold")
    kept = sorted(range(len(found)), key=lambda n: (found[n].ink == "faint", -n))[: rows - 1]
    wide = max(len(found[n].name) for n in kept) + 2
    for row, each in enumerate((found[n] for n in sorted(kept)), y + 1):
        paper.fit(x, row, each.name, wide - 1, "text" if each.ink != "faint" else "faint")
        _contents(paper, x, row, x + wide, each)


def _contents(paper: Paper, x: int, y: int, start: int, each: Waiting) -> None:
    """Draw what is in a queue from column ``start`` on: of its messages those that fit whole."""
    end = paper.fit(start, y, each.text, paper.width - start, each.ink)
    room = paper.width - end - len(each.rest)
    zones, told = [], ": "
    for at, name in enumerate(each.messages, 1):
        if len(told) + len(name) + (len(" +99") if at < each.depth else 0) > room:
            break
        zones.append((end + len(told), name))
        told += f"{name} "
    if zones:
        left = each.depth - len(zones)
        told = f"{told}+{left}" if left else told.rstrip()
        end = paper.fit(end, y, told, paper.width - end, each.ink)
    end = paper.fit(end, y, each.rest, paper.width - end, each.ink)
    paper.zone(y, x, end, "queue", each.queue)
    for begin, name in zones:
        paper.zone(y, begin, begin + len(name), "message", name)
