"""Where everything of the fan-out matrix stands: geometry only, nothing is drawn here."""

from __future__ import annotations

from typing import Final, NamedTuple

WIDE: Final = 76
"""Columns from which each instance of a subscription has rows of its own, where there are any."""
NARROW: Final = 70
"""Columns below which filters are left out."""
FEW: Final = 8
"""Rows below which subscriptions are worth more than what explains them."""
ENOUGH: Final = 24
"""Events the matrix should show before its columns get wider."""


class Grid(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        left: Columns of the names at the left.
        cell: Columns of one event.
        seen: Events that fit.
        right: First column of what stands to the right of the matrix.
        top: First row of the first subscription.
        rows: Rows of each subscription.
        shown: Subscriptions that fit.
        void: Row of the events nobody subscribes to; below 0: none.
        foot: Row of the legend and the sums; below 0: none.
        full: Whether there is room for a row an instance and for words.
    """

    width: int
    height: int
    left: int
    cell: int
    seen: int
    right: int
    top: int
    rows: int
    shown: int
    void: int
    foot: int
    full: bool

    def row(self, index: int) -> int:
        """Return the first row of a subscription."""
        return self.top + index * self.rows

    def column(self, place: int) -> int:
        """Return the column of the event that is the ``place``-th from the newest one."""
        return self.left + (self.seen - 1 - place) * self.cell

    @property
    def newest(self) -> int:
        """The column of the newest event."""
        return self.column(0)


def lay(width: int, height: int, lines: int) -> Grid:
    """Place so many subscriptions in ``width`` columns and ``height`` rows."""
    foot = height - 1 if height >= 5 else -1
    void = height - 2 if height >= 8 else -1
    top = 2 if height >= 4 else min(1, height - 1)
    end = void if void > 0 else foot if foot > 0 else height
    if lines > end - top and (lines <= end - top + 1 or height < FEW) and foot > 0:
        foot, void, end = -1, void + 1 if void > 0 else -1, end + 1  # a row says more than a legend
    if lines > end - top and height < FEW:
        top = min(1, top)
    room = max(1, end - top)
    rows = max(1, min(6, room // max(1, lines)))
    full = width >= WIDE and rows >= (3 if width < 104 else 2)
    if full:
        left, right = min(36, 26 + (width - 76) // 4), min(46, 30 + (width - 76) // 2)
    elif width >= NARROW:
        left, right = 26, min(42, 29 + max(0, width - 78) // 2)
    else:
        left, right = min(12, width // 2), 8 if width >= 34 else 0
    space = max(1, width - left - right - 1)
    cell = max(1, min(4, space // ENOUGH))
    count = max(1, space // cell)
    shown = min(lines, room // rows)
    if shown < lines:
        shown = max(0, shown - 1)
    return Grid(
        width, height, left, cell, count, left + count * cell + 1, top, rows, shown, void, foot,
        full,
    )  # fmt: skip
