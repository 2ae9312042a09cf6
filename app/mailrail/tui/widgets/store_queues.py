"""What waits between those who work on a state store, and the answers that nobody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.views import QueueView

from . import figures, glyphs
from .crew_columns import DOWN
from .paper import Paper
from .store_ways import TASKS_OF

SHARED: Final = ("wake-ups", "tasks", "calls")
"""Queues that several take from, in the order in which an order passes through them."""
NAMED: Final = 4
"""Messages of a queue that are told by name."""


class Waiting(NamedTuple):
    """One queue in words.

    Attributes:
        name: What it is called.
        text: What is in it.
        ink: How.
        message: The first message in it; empty: none.
    """

    name: str
    text: str
    ink: str
    message: str = ""


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
        [each for each in found if not own or each.name != "tasks"]
        + own
        + [
            _told(queue, f"to {queue.name}", states)
            for queue in frame.view.queues
            if queue.name in states and queue.depth
        ]
    )


def _told(queue: QueueView, name: str, states: Mapping[str, str]) -> Waiting:
    first = queue.ready[0].name if queue.ready else ""
    parts = []
    if queue.depth:
        shown = " ".join(message.name for message in queue.ready[:NAMED])
        more = f" +{queue.depth - NAMED}" if queue.depth > NAMED else ""
        parts.append(f"{figures.count(queue.depth)} waiting: {shown}{more}")
    if queue.locked:
        parts.append(f"{figures.count(len(queue.locked))} taken")
    if queue.scheduled:
        parts.append(f"{glyphs.LATER} {figures.count(queue.scheduled)} delayed")
    if states.get(queue.name) in DOWN:
        text = f"{glyphs.WARN} {figures.count(queue.depth)} that nobody reads: "
        return Waiting(name, text + " ".join(m.name for m in queue.ready[:NAMED]), "crashed+bold",
                       first)  # fmt: skip
    return Waiting(name, ", ".join(parts) or "empty", "ready" if parts else "faint", first)


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
        if each.message:
            paper.zone(row, x, end, "message", each.message)
