"""Where everything of the conveyor stands: geometry only, nothing is drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

NARROWEST: Final = 76
"""Columns from which the stages stand side by side."""

LOWEST: Final = 9
"""Rows from which they do."""

ROOMY: Final = 16
"""Rows from which every figure has a row of its own."""


class Bay(NamedTuple):
    """One pipe and the stage behind it.

    Attributes:
        pipe: First column of the pipe.
        reach: Columns of the pipe.
        box: First column of the stage, its frame included.
        wide: Columns of the stage, its frame included.
    """

    pipe: int
    reach: int
    box: int
    wide: int

    @property
    def end(self) -> int:
        """The column of the frame on the right."""
        return self.box + self.wide - 1


class Track(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        top: The row of the upper frames.
        floor: The row of the belt and the lower frames.
        source: Columns of the sources, from column 0.
        bays: The stages.
        out: First column of what has come out.
        total: The row of the sum at the foot.
        roomy: Whether every figure has a row of its own.
    """

    width: int
    height: int
    top: int
    floor: int
    source: int
    bays: tuple[Bay, ...]
    out: int
    total: int
    roomy: bool

    @property
    def inside(self) -> int:
        """Rows within the frames."""
        return self.floor - self.top - 1


def feet(height: int) -> int:
    """Return how many rows the figures below the belt have, the sum excluded."""
    return 5 if height >= ROOMY else 2


def room(height: int) -> int:
    """Return how many rows there are within the frames at the most."""
    return height - 3 - feet(height)


def lay(width: int, height: int, stages: int, wanted: int) -> Track:
    """Place ``stages`` stages that would like ``wanted`` rows within their frames."""
    spare = max(0, width - 78)
    source = 11 + min(5, spare // 10) if width >= 78 else 9 + (width == 77)
    out = 10 + min(6, spare // 10)
    unit = (width - source - out) // stages
    least = 7 if unit >= 18 else 5  # where four stages share the width, what stands in them counts
    reach = max(least, min(28, unit * (38 if stages > 1 else 40) // 100))
    bays = []
    x = source
    for _ in range(stages):
        bays.append(Bay(x, reach, x + reach, unit - reach))
        x += unit
    inside = max(3, min(wanted, room(height)))
    used = inside + 3 + feet(height)
    top = max(0, (height - used) // 2)
    floor = top + inside + 1
    return Track(
        width, height, top, floor, source, tuple(bays), x, floor + feet(height) + 1,
        height >= ROOMY,
    )  # fmt: skip


def rows_wanted(crews: Sequence[int], piles: Sequence[int], reach: int, cell: int) -> int:
    """Return the rows that instances and waiting items would like to have."""
    per_row = max(1, (reach + 1) // (cell + 1))
    people = max((n * (6 if n <= 2 else 4 if n <= 4 else 3) for n in crews), default=6)
    heap = max((-(-depth // per_row) for depth in piles), default=0)
    return max(6, people, heap)
