"""Where the lanes of a convoy, their gates and their holders stand, and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mailrail_patterns.views import MessageView

from .motion import Point

Path = tuple[Point, ...]

SENDERS: Final = 100
"""Columns from which the senders have a column of their own."""

BLOCK: Final = 4
"""Most rows of one lane, a blank one below it included."""


class Roads(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        join: Column of the rail from the senders to the lanes; -1: they have no column.
        name: First column of the lanes' names.
        box: First column of the messages that wait in a lane.
        gate: Column of the locks.
        slot: First column of the message in process.
        holder: First column of who holds the lane.
        lock: First column of the time the lock has left.
        word: First column of what is to be said of the lane.
        top: Row of the first lane.
        each: Rows of each lane.
        lanes: How many lanes are shown.
        spare: Row of those who hold no lane; -1: there is no room for it.
    """

    width: int
    height: int
    join: int
    name: int
    box: int
    gate: int
    slot: int
    holder: int
    lock: int
    word: int
    top: int
    each: int
    lanes: int
    spare: int

    def row(self, index: int) -> int:
        """Return the row of a lane; of one that is not shown, that of the last."""
        return self.top + self.each * max(0, min(index, self.lanes - 1))


def lay(width: int, height: int, lanes: int, longest: int) -> Roads:
    """Place ``lanes`` lanes whose names take ``longest`` columns at the most."""
    join = 16 if width >= SENDERS else -1
    name = join + 3 if join >= 0 else 0
    box = name + max(2, min(6, longest)) + 1
    room = width - box
    wide = max(6, room * 26 // 100)
    gate = box + wide
    slot = gate + 2
    holder = slot + 7
    lock = holder + 13
    bar = 16 if width >= SENDERS else 12
    spare = height - 2 if height >= 5 else -1
    rows = max(1, (spare if spare > 0 else height - 1) - 1)
    each = max(1, min(BLOCK, rows // max(1, lanes)))
    count = min(lanes, rows // each)
    if count < lanes:  # the last row tells how many more there are
        count = max(1, count - 1)
    used = each * count + (1 if count < lanes else 0)
    top = 1 + max(0, (rows - used) // 2)
    return Roads(
        width, height, join, name, box, gate, slot, holder, lock, lock + bar, top, each, count,
        spare,
    )  # fmt: skip


class Ways(NamedTuple):
    """Between what messages travel.

    Attributes:
        roads: Where everything stands.
        places: Where each ready message that is shown stands.
        lanes: The number of the lane of each group.
        sources: Where each sender's messages leave it.
    """

    roads: Roads
    places: Mapping[str, Point]
    lanes: Mapping[str, int]
    sources: Mapping[str, Point]

    def _row(self, message: MessageView) -> int:
        return self.roads.row(self.lanes.get(message.group, 0))

    def _tail(self, message: MessageView) -> Point:
        return self.places.get(message.name) or (self.roads.box, self._row(message))

    def to_lane(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is ready now."""
        if message.came_from == "producer":
            return (*self._origin(message), self._tail(message))
        if message.came_from not in ("scheduled", "dead", "deferred"):
            y = self._row(message)
            return ((self.roads.slot, y), (self.roads.gate, y), self._tail(message))
        return ()

    def to_consumer(self, message: MessageView, span: float) -> Path:
        """Return the way of a message that is held now; ``span`` is how long a way takes."""
        y = self._row(message)
        target = ((self.roads.gate, y), (self.roads.slot, y))
        # What came and was handed over at once is seen all the way from its sender.
        if message.moved - message.since < span / 4:
            return (*self._origin(message), *target)
        return ((self.roads.gate - 4, y), *target)

    def out(self, message: MessageView) -> Path:
        """Return the way of a message that has left."""
        y = self._row(message)
        if message.stage == "completed":
            return ((self.roads.slot, y), (self.roads.width, y))
        return ((self.roads.gate - 4, y), (self.roads.gate - 4, self.roads.height - 1))

    def to_grave(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is dead now."""
        y, bottom = self._row(message), self.roads.height - 1
        start = self.roads.gate - 4 if message.came_from == "ready" else self.roads.slot
        return ((start, y), (start, bottom), (self.roads.width - 14, bottom))

    def _origin(self, message: MessageView) -> Path:
        here, y = self.roads, self._row(message)
        if here.join < 0:
            return ((0, y), (here.box, y))
        _, start = self.sources.get(message.sender, (0, here.top))
        return ((here.join - 3, start), (here.join, start), (here.join, y), (here.box, y))
