"""Which copies have just moved through the fan-out matrix, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.items import item_of
from mailrail_patterns.projections.fanout import FanOut
from mailrail_patterns.views import MessageView

from . import motion
from .feeds import Feed
from .grid import Grid
from .journeys import MOVING, set_off
from .motion import Flight, Point

Path = tuple[Point, ...]
Away = frozenset[tuple[str, str, str]]
"""Copies that are not drawn where they will arrive: queue, name, and the instance if to one."""

CARRIED: Final = frozenset({"done", "twice", "held", "buffered", "dead"})
"""What can have become of a copy that was made and has come through."""


class Field(NamedTuple):
    """Between what copies travel.

    Attributes:
        grid: Where everything stands.
        feeds: The subscriptions that are shown.
        places: How many events are newer than each one that is shown.
        rows: The row of each instance that is shown, by subscription and name.
        source: The column where events set off.
    """

    grid: Grid
    feeds: Sequence[Feed]
    places: Mapping[str, int]
    rows: Mapping[tuple[str, str], int]
    source: int

    def cell(self, index: int, message: str) -> Point:
        """Return where a copy stands in the matrix; of an old event, at its left end."""
        place = min(self.places.get(item_of(message), self.grid.seen), self.grid.seen - 1)
        return self.grid.column(place), self.grid.row(index)

    def void(self, message: str) -> Path:
        """Return the way of an event that nobody subscribes to."""
        x, y = self.grid.column(self.places[message]), max(1, self.grid.void)
        return ((self.source, 0), (x, 0), (x, y))

    def slot(self, index: int, actor: str) -> Point:
        """Return where an instance holds a copy."""
        row = self.rows.get((self.feeds[index].line.name, actor), self.grid.row(index))
        return self.grid.right, row

    def down(self, index: int, message: str) -> Path:
        """Return the way from the publisher along the rail and down to a subscription."""
        x, y = self.cell(index, message)
        return ((self.source, 0), (x, 0), (x, y))

    def way(self, index: int, message: MessageView, *, new: bool) -> Path:
        """Return the way of a copy that moved by itself; a ``new`` one came with its event."""
        x, y = self.cell(index, message.name)
        if message.stage == "ready":
            if message.came_from != "producer":
                return (self.slot(index, message.came_from), (x, y))
            return () if new else self.down(index, message.name)
        if message.stage == "locked":
            # What was handed over at once is seen on its way from the publisher.
            at_once = new and message.moved == message.since
            return () if at_once else ((x, y), self.slot(index, message.owner))
        if message.stage == "completed":
            end, y = self.grid.width, self.slot(index, message.owner)[1]
            return ((end - 8, y), (end, y)) if self.grid.full else ()
        return ((x, y), (x, y + 3))


def spread(frame: LabFrame, scene: FanOut, field: Field) -> tuple[list[Flight], Away]:
    """Return what is on its way, and what is therefore not drawn at its end.

    The copies of an event set off together and are seen until they arrive, even where one has
    been dealt with meanwhile. While time stands still copies stand where they are, and what has
    just moved leaves a trail.
    """
    flights: list[Flight] = []
    away: set[tuple[str, str, str]] = set()
    since = frame.view.now - motion.window(frame)
    recent = {event.name for event in scene.events if event.at > since}
    for index, feed in enumerate(field.feeds):
        queue = feed.queue
        for message in (*queue.ready, *queue.locked, *queue.gone, *queue.dead[-4:]):
            if message.moved <= since:
                continue
            inks = {"completed": "on-done", "ready": "on-moving", "locked": "on-moving"}
            ink = inks.get(message.stage, "on-dead")
            path = field.way(index, message, new=item_of(message.name) in recent)
            if set_off(frame, flights, message, message.name, ink, path):
                away.add((queue.name, message.name, message.owner))
    for event in scene.events[-MOVING:]:
        share = motion.progress(frame, event.at)
        if share is None or event.name not in field.places:
            continue
        ends = [] if event.copies else [field.void(event.name)]
        for index, feed in enumerate(field.feeds):
            cell = feed.line.cells[-1 - field.places[event.name]].partition(" ")[0]
            if cell in CARRIED:
                ends.append(field.down(index, event.name))
                if frame.playing:
                    away.add((feed.line.name, event.name, ""))
        ink = "on-moving" if event.copies else "on-warn"
        flights += _fallen(event.name if frame.playing else "", ink, ends[:MOVING], share)
    return flights, frozenset(away)


def _fallen(text: str, ink: str, ways: Sequence[Path], share: float) -> list[Flight]:
    """Let the copies of an event travel as one, then each fall to its own subscription."""
    if not text:
        return [Flight("", ink, path, share) for path in ways]
    back = len(text) - 1  # its end, not its beginning, comes to stand in the column
    moved = [tuple((max(0, x - back), y) for x, y in path) for path in ways]
    if share < 0.5:
        return [Flight(text, ink, path[:2], 2 * share) for path in moved[:1]]
    return [Flight(text, ink, path[1:], 2 * share - 1) for path in moved]
