"""Which items have just moved along the conveyor, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.items import is_copy
from mailrail_patterns.views import MessageView

from . import graves, motion
from .journeys import set_off
from .motion import Flight, Point
from .pile import Pile
from .stations import Station, chip, passed_through
from .track import Track

Path = tuple[Point, ...]
Away = frozenset[tuple[str, str, str]]
"""Items that are not drawn where they will arrive: pipe, name, and the instance if to one."""


class Floor(NamedTuple):
    """Between what items travel.

    Attributes:
        track: Where everything stands.
        stations: The stages.
        piles: The pipe before each of them.
        rows: The row of the item of each instance that is shown.
    """

    track: Track
    stations: Sequence[Station]
    piles: Sequence[Pile]
    rows: Mapping[str, int]

    @property
    def _belt(self) -> int:
        return self.track.floor - 1

    def made_at(self, index: int, actor: str) -> int:
        """Return the stage whose actor put an item into a pipe; below 0: the sources.

        That is not always the one before: filters change places, and are taken out.
        """
        made = (i for i, s in enumerate(self.stations) if any(a.name == actor for a in s.crew))
        return next(made, index - 1)

    def leaves(self, index: int, actor: str) -> Path:
        """Return where an item leaves a stage; a stage before the first one is the sources."""
        if index < 0:
            return ((self.track.source - 4, self._belt), (self.track.source, self._belt))
        end = self.track.bays[index].end
        y = self.rows.get(actor, self._belt)
        return ((end - 2, y), (end + 1, y))

    def enters(self, index: int, actor: str) -> Path:
        """Return the way from the end of a pipe to an instance."""
        bay = self.track.bays[index]
        return ((bay.box - 3, self._belt), (bay.box + 1, self.rows.get(actor, self._belt)))

    def into_pipe(self, index: int, message: MessageView, place: int) -> Path:
        """Return the way of an item that waits now."""
        slots = self.piles[index].slots
        spot = slots[min(place, len(slots) - 1)] if slots else self.piles[index].spot(0)
        if message.came_from == "producer":
            return (*self.leaves(self.made_at(index, message.sender), message.sender), spot)
        if message.came_from in self.rows:
            return (*reversed(self.enters(index, message.came_from)), spot)
        return ()

    def into_stage(self, index: int, message: MessageView, span: float) -> Path:
        """Return the way of an item that is held now; ``span`` is how long a way takes."""
        last = self.enters(index, message.owner)
        # What came and was handed over at once is seen all the way from where it came.
        if message.moved - message.since < span / 4:
            return (*self.leaves(self.made_at(index, message.sender), message.sender), *last)
        return (self.piles[index].spot(0), *last)

    def away(self, index: int, message: MessageView) -> Path:
        """Return the way of an item that has left a pipe for good."""
        if message.stage != "completed":
            x, y = self.piles[index].spot(0)
            return ((x, y), (x, y + 3))
        if index < len(self.stations) - 1:
            return ()  # what it became has left the stage already
        return (*self.leaves(index, message.owner), (self.track.out + 2, self._belt))

    def to_grave(self, index: int, message: MessageView) -> Path:
        """Return the way of an item that is dead now."""
        bay = self.track.bays[index]
        y = self.rows.get(message.came_from, self._belt)
        x = bay.box + bay.wide // 2
        return ((x, y), (x, self.track.total))


def conveyed(frame: LabFrame, floor: Floor) -> tuple[list[Flight], Away]:
    """Return what is on its way, and what is therefore not drawn at its end.

    While time stands still items stand where they are, and what has just moved leaves a trail.
    """
    flights: list[Flight] = []
    away: set[tuple[str, str, str]] = set()
    span, passed = motion.window(frame), passed_through(frame)
    since = frame.view.now - span

    def launch(queue: str, message: MessageView, ink: str, path: Path) -> None:
        if set_off(frame, flights, message, chip(message.name, passed=passed), ink, path):
            away.add((queue, message.name, message.owner))

    for index in reversed(range(len(floor.stations))):
        pipe = floor.stations[index].pipe
        for message in pipe.gone:
            if message.moved > since:
                ink = "on-done" if message.stage == "completed" else "on-dead"
                ink = "on-warn" if is_copy(message.name) else ink
                launch(pipe.name, message, ink, floor.away(index, message))
        for message in pipe.locked:
            if message.moved > since:
                path = floor.into_stage(index, message, span)
                launch(pipe.name, message, "on-moving", path)
        for place, message in enumerate(pipe.ready):
            if message.moved > since:
                path = floor.into_pipe(index, message, place)
                launch(pipe.name, message, "on-moving", path)
        for message in graves.buried(pipe)[-4:]:
            if message.moved > since:
                launch(pipe.name, message, "on-dead", floor.to_grave(index, message))
    return flights, frozenset(away)
