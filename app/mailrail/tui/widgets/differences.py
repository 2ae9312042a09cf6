"""What differs between two runs: the metrics, and the first event that is not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail.narration import clock
from mailrail.twins import Difference, Parting

from . import glyphs
from .canvas import Canvas
from .paper import Paper, cut

WIDE: Final = 46
"""Columns a metric with both its values takes."""


def paint_differences(
    rows: Sequence[Difference], parting: Parting | None, width: int, height: int
) -> Paper:
    """Draw where the runs part, then as many differing metrics as there is room for."""
    paper = Paper(width, height)
    if parting is None:
        paper.fit(1, 0, "= the same so far, event by event", width - 2, "done")
        return paper
    paper.fit(1, 0, f"{glyphs.WARN} they part at {clock(parting.time)}", width - 2, "warn+bold")
    for y, (side, told) in enumerate((("left", parting.left), ("right", parting.right)), 1):
        paper.fit(3, y, f"{side:<6}{told}", width - 4, "text")
    columns = max(1, width // WIDE)
    wide = width // columns
    room = max(0, height - 4)
    for index, row in enumerate(rows[: room * columns]):
        column, y = divmod(index, room) if room else (0, 0)
        _row(paper, column * wide + 1, y + 4, wide - 3, row)
    left = len(rows) - room * columns
    if left > 0 and height > 3:
        paper.right(width - 1, 3, f"+{left} more", "faint")
    if height > 3:
        paper.fit(1, 3, "what differs now: left, right", width - 12, "faint")
    return paper


def _row(paper: Paper, x: int, y: int, wide: int, row: Difference) -> None:
    inks = {-1: ("done+bold", "text"), 1: ("text", "done+bold"), 0: ("text", "text")}[row.better]
    signs = {-1: (glyphs.HOLDS, " "), 1: (" ", glyphs.HOLDS), 0: (" ", " ")}[row.better]
    end = x + wide
    start = paper.right(end, y, f"{row.right:>8}{signs[1]}", inks[1])
    start = paper.right(start - 1, y, f"{row.left:>8}{signs[0]}", inks[0])
    paper.put(x, y, cut(row.name.replace("_", " "), start - x - 1), "text")


class Differences(Canvas):
    """What differs between two runs; told by the screen, which knows both."""

    DEFAULT_CSS = """
    Differences { height: 1fr; border-top: solid $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Difference] = ()
        self._parting: Parting | None = None

    def tell(self, rows: Sequence[Difference], parting: Parting | None, frame: LabFrame) -> None:
        """Show what differs at the instant of a frame."""
        self._rows, self._parting = rows, parting
        self.show(frame)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the differences."""
        return paint_differences(self._rows, self._parting, width, height)
