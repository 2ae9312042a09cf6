"""The ways of a convoy's messages: into their lane, through its gate, and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mailrail_patterns.views import MessageView

from .motion import Point
from .roads import Roads

Path = tuple[Point, ...]


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
