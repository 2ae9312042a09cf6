"""Where the lanes of two classes, the gate between them and the workers stand, and the ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mailrail_patterns.ranks import CLASSES, DESCENDING, HIGH, LOW, NUMBERED
from mailrail_patterns.views import MessageView

from .motion import Point
from .stage import Stage

Path = tuple[Point, ...]

SENDERS = 100
"""Columns from which the senders have a column of their own."""

FRAMED = 7
"""Rows of a class from which its lane has a frame."""

SLIM = 4
"""Rows of a class from which its thermometer has a row of its own."""


RUNG, AGE, WAIT = 8, 7, 9
"""Columns of a numbered priority before its messages, and behind them: the age of the oldest, and
where there is room for it the longest wait."""

AIRY = 3
"""Most rows from one numbered priority to the next."""


class Layout(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        join: Column of the rail from the senders to the lanes; -1: they have no column.
        lane: First column of the lanes.
        gate: Column of the rail from the lanes to the workers.
        slot: First column of the workers.
        top: First row of the first class.
        tall: Rows of each class.
        middle: Row between the classes.
        end: The row after the last worker.
        rungs: The numbered priorities that have a row each, the highest first; empty: there
            are two classes with ``tall`` rows each.
        pitch: Rows from one of them to the next.
    """

    width: int
    height: int
    join: int
    lane: int
    gate: int
    slot: int
    top: int
    tall: int
    middle: int
    end: int
    rungs: tuple[str, ...] = ()
    pitch: int = 1

    @property
    def waits(self) -> bool:
        """Whether a numbered priority has room for its longest wait."""
        return self.join >= 0

    @property
    def rung(self) -> int:
        """Columns of the sign, the word and the depth of a priority with a row of its own."""
        return RUNG + max(map(len, self.rungs), default=1) - 1

    @property
    def framed(self) -> bool:
        """Whether the lanes have a frame."""
        return self.tall >= FRAMED and not self.rungs

    @property
    def slim(self) -> bool:
        """Whether a class has a row for its title, one for its lane, and one more."""
        return self.tall < SLIM and not self.rungs

    def first(self, group: str) -> int:
        """Return the first row of a class; of a number without a row, that of the next lower."""
        if self.rungs:
            rank = DESCENDING.index
            lower = (i for i, label in enumerate(self.rungs) if rank(label) >= rank(group))
            row = next(lower, len(self.rungs) - 1)
            y = self.top + row * self.pitch
            return y + self.pitch * (y >= self.middle)
        return self.top if group == HIGH else self.middle + 1

    def rail(self, group: str) -> int:
        """Return the row in which a class leaves its lane."""
        return self.first(group) + (0 if self.rungs else 1)

    def stage(self, group: str) -> Stage:
        """Return the places of one class's lane."""
        if self.rungs:
            y = self.first(group)
            behind = AGE + (WAIT if self.waits else 0)
            box = (self.lane + self.rung, y, self.gate - self.lane - self.rung - 1 - behind, 1)
            return Stage(
                self.width, self.height, False, (self.lane, y), (self.gate - 2, y), box, self.join,
                self.gate, self.slot, y, 1, self.top, self.end,
            )  # fmt: skip
        framed = self.framed
        y = self.first(group) + (0 if framed else 1)
        tall = self.tall - 2 if framed else max(1, self.tall - 3)
        row = self.rail(group)
        box = (self.lane, y, self.gate - self.lane - 1, tall)
        return Stage(
            self.width, self.height, framed, (self.lane, row), (self.gate - 2, row), box, self.join,
            self.gate, self.slot, self.top, self.tall, self.top, self.end,
        )  # fmt: skip


def plan(width: int, height: int, wanted: int, rungs: tuple[str, ...] = ()) -> Layout:
    """Place everything in ``width`` columns and ``height`` rows.

    Each lane would like to have ``wanted`` rows of messages; one of the ``rungs`` has one.
    """
    join = 16 if width >= SENDERS else -1
    lane = join + 3 if join >= 0 else 0
    lanes = 37 + max(0, int((width - lane - 78) * 0.4))
    gate = lane + lanes + 1
    rows = height - 2
    if rungs:
        rungs = rungs[: rows - 1]
        # Room for all there can be, so that no lane moves apart when a further number turns up.
        pitch = max(1, min(AIRY, rows // (len(NUMBERED) + 1)))
        top = 1 + max(0, rows - (len(rungs) + 1) * pitch) // 2
        middle = top + pitch * sum(CLASSES[label] == HIGH for label in rungs)
        return Layout(
            width, height, join, lane, gate, gate + 3, top, 1, middle, height - 1, rungs, pitch
        )  # fmt: skip
    tall = min((rows - 1) // 2, max(FRAMED, wanted + 4))
    top = 1 + max(0, rows - 2 * tall - 1) // 2
    return Layout(
        width, height, join, lane, gate, gate + 3, top, tall, top + tall, height - 1
    )  # fmt: skip


class Crossing(NamedTuple):
    """Between what messages travel.

    Attributes:
        layout: Where everything stands.
        places: Where each ready message that is shown stands.
        tails: Where those of a class stand that are not shown.
        sources: Where each sender's messages leave it.
        rows: The row of each worker that is shown.
        rest: The row of all others.
        leaves: Where finished messages leave a worker: the column, and how many rows below its
            first one.
    """

    layout: Layout
    places: Mapping[str, Point]
    tails: Mapping[str, Point]
    sources: Mapping[str, Point]
    rows: Mapping[str, int]
    rest: int
    leaves: Point

    def to_lane(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is ready now."""
        target = self.places.get(message.name) or self.tails[self._class(message)]
        if message.came_from in self.rows:
            return (*reversed(self._branch(message.came_from, message)), target)
        if message.came_from == "producer":
            return (*self._origin(message), target)
        return ()

    def to_consumer(self, message: MessageView, span: float) -> Path:
        """Return the way of a message that is held now; ``span`` is how long a way takes."""
        branch = self._branch(message.owner, message)
        # What came and was handed over at once is seen all the way from its sender.
        if message.moved - message.since < span / 4:
            return (*self._origin(message), *branch)
        y = self.layout.rail(self._class(message))
        return ((self.layout.gate - 4, y), *branch)

    def out(self, message: MessageView) -> Path:
        """Return the way of a message that has left."""
        if message.stage == "completed" and message.owner in self.rows:
            x, below = self.leaves
            y = self.rows[message.owner] + below
            return ((x, y), (self.layout.width, y))
        return ()

    def to_grave(self, message: MessageView, index: int) -> Path:
        """Return the way of a message that is dead now."""
        branch = self._branch(message.came_from, message)
        bottom = self.layout.height - 1
        return (*reversed(branch), (self.layout.gate, bottom), (self.layout.width - 12, bottom))

    def _branch(self, worker: str, message: MessageView) -> Path:
        """Return the way from a lane to a worker."""
        here, y = self.layout, self.rows.get(worker, self.rest)
        return ((here.gate, here.rail(self._class(message))), (here.gate, y), (here.slot, y))

    def _origin(self, message: MessageView) -> Path:
        """Return the way from a sender to a lane."""
        here, y = self.layout, self.layout.rail(self._class(message))
        if here.join < 0:
            return ((0, y),)
        _, start = self.sources.get(message.sender, (0, here.top))
        return ((here.join - 3, start), (here.join, start), (here.join, y), (here.lane, y))

    def _class(self, message: MessageView) -> str:
        """Return the lane of a message."""
        rungs = self.layout.rungs
        if not rungs:
            return CLASSES.get(message.group, LOW)
        return next((label for label in rungs if label <= message.group), rungs[-1])
