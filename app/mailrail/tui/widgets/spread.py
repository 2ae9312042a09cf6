"""Which copies have just moved through the fan-out matrix, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.items import item_of
from mailrail_patterns.projections.fanout import FanOut
from mailrail_patterns.views import MessageView

from . import motion
from .feeds import Feed
from .grid import Grid
from .journeys import set_off
from .motion import Flight, Point

Path = tuple[Point, ...]
Away = frozenset[tuple[str, str, str]]
"""Copies that are not drawn where they will arrive: queue, name, and the instance if to one."""


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

    def slot(self, index: int, actor: str) -> Point:
        """Return where an instance holds a copy."""
        row = self.rows.get((self.feeds[index].line.name, actor), self.grid.row(index))
        return self.grid.right, row

    def down(self, index: int, message: str) -> Path:
        """Return the way from the publisher along the rail and down to a subscription."""
        x, y = self.cell(index, message)
        return ((self.source, 0), (x, 0), (x, y))

    def way(self, index: int, message: MessageView, span: float) -> Path:
        """Return the way of a copy to where it is now; ``span`` is how long a way takes."""
        x, y = self.cell(index, message.name)
        if message.stage == "ready":
            if message.came_from == "producer":
                return self.down(index, message.name)
            return (self.slot(index, message.came_from), (x, y))
        slot = self.slot(index, message.owner)
        if message.stage == "locked":
            # What came and was handed over at once is seen all the way from its publisher.
            if message.moved - message.since < span / 4:
                return (*self.down(index, message.name), slot)
            return ((x, y), slot)
        if message.stage == "completed":
            end = self.grid.width
            return ((end - 8, slot[1]), (end, slot[1])) if self.grid.full else ()
        return ((x, y), (x, y + 3))


def spread(frame: LabFrame, scene: FanOut, field: Field) -> tuple[list[Flight], Away]:
    """Return what is on its way, and what is therefore not drawn at its end.

    While time stands still copies stand where they are, and what has just moved leaves a trail.
    """
    flights: list[Flight] = []
    away: set[tuple[str, str, str]] = set()
    span = motion.window(frame)
    since = frame.view.now - span
    for index, feed in enumerate(field.feeds):
        queue = feed.queue
        for message in (*queue.ready, *queue.locked, *queue.gone, *queue.dead[-4:]):
            if message.moved <= since:
                continue
            ink = {"completed": "on-done", "ready": "on-moving", "locked": "on-moving"}
            colour = ink.get(message.stage, "on-dead")
            path = field.way(index, message, span)
            if set_off(frame, flights, message, message.name, colour, path):
                away.add((queue.name, message.name, message.owner))
    for event in scene.events[-4:]:
        share = motion.progress(frame, event.at) if not event.copies else None
        if share is not None and field.grid.void > 0:
            x = field.grid.column(min(field.places.get(event.name, 0), field.grid.seen - 1))
            path = ((field.source, 0), (x, 0), (x, field.grid.void))
            flights.append(Flight(event.name if frame.playing else "", "on-warn", path, share))
    return flights, frozenset(away)
