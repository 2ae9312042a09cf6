"""Where everything of the picture of a saga stands: geometry only, nothing is drawn here."""

from __future__ import annotations

from typing import Final, NamedTuple

NARROWEST: Final = 66
"""Columns from which the steps stand side by side."""
LOWEST: Final = 9
"""Rows from which they do."""
ROOMY: Final = 15
"""Rows from which sagas and the log have a row for each entry."""
TALL: Final = 24
"""Rows from which there is air between them, and each ledger has its balance."""
GAP: Final = 2
"""Columns between two steps."""


class Plan(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        boxes: First column of each step, its frame included.
        wides: Columns of each step, its frame included; the last ones have what is left over.
        top: The row of the upper frames.
        floor: The row of the lower frames.
        bus: The row of the orchestrator.
        ledger: The row of what the ledgers say.
        foot: The first row of the list of sagas and of the log.
        split: The column at which the log begins, if the two stand side by side; else 0.
    """

    width: int
    height: int
    boxes: tuple[int, ...]
    wides: tuple[int, ...]
    top: int
    floor: int
    bus: int
    ledger: int
    foot: int
    split: int

    @property
    def inside(self) -> int:
        """Rows within the frames."""
        return self.floor - self.top - 1

    def middle(self, index: int) -> int:
        """Return the column in which messages come to a step."""
        return self.boxes[index] + self.wides[index] // 2


def lay(width: int, height: int, steps: int) -> Plan:
    """Place ``steps`` steps."""
    gap = GAP + (width - 78) // 20 if width > 78 else GAP
    wide, rest = divmod(width - gap * (steps - 1), steps)
    wides = tuple(wide + (index >= steps - rest) for index in range(steps))
    boxes = tuple(sum(wides[:index]) + index * gap for index in range(steps))
    roomy = height >= ROOMY
    tall = height >= TALL
    inside = 4 if roomy else 3 if height >= 11 else 2
    top, floor = 2 if tall else 1, inside + (3 if tall else 2)
    bus = floor + (3 if tall else 2 if roomy else 1)
    ledger = bus + (2 if tall else 1)
    foot = ledger + (5 if tall else 3 if roomy else 1)
    split = width * 11 // 20 if roomy else 0
    return Plan(width, height, boxes, wides, top, floor, bus, ledger, foot, split)
