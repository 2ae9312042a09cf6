"""What differs between two runs: the metrics, and the first event that is not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.comparison import Difference, Parting
from mailrail.frames import LabFrame
from mailrail.narration import clock

from . import glyphs
from .paper import Paper, cut
from .scrolling import Scrolling

WIDE: Final = 38
"""Columns a metric with both its values takes at the least."""

VALUE: Final = 9
"""Columns of one value and its sign."""

ROOMY: Final = 9
"""Rows from which both first differing events have a row of their own above the metrics."""


def columns_of(width: int) -> int:
    """Return in how many columns the metrics stand."""
    return max(1, width // WIDE)


def head_of(parting: Parting | None, height: int, rows: int) -> int:
    """Return how many rows stand above so many metrics."""
    if parting is None:
        return 1
    return 4 if height >= ROOMY or (not rows and height >= 4) else 2


def lines_of(rows: Sequence[Difference], width: int) -> int:
    """Return how many lines the metrics take."""
    return -(-len(rows) // columns_of(width))


def paint_differences(
    rows: Sequence[Difference],
    parting: Parting | None,
    width: int,
    height: int,
    first: int = 0,
    *,
    now: float = 0.0,
    share: float = 1.0,
) -> Paper:
    """Draw where the runs part, then the differing metrics from line ``first`` on.

    Args:
        rows: The metrics.
        parting: Where the runs part; None: nowhere as far as both are known.
        width: Columns.
        height: Rows.
        first: The first line of metrics shown.
        now: The playhead, in seconds; before it has come to where they part, this is ahead.
        share: How much of both has been looked at for where they part, from 0 to 1.
    """
    paper = Paper(width, height)
    head = head_of(parting, height, len(rows))
    if parting is None:
        text = "= the same to the end, event by event: what was changed makes no difference here"
        if share < 1:
            text = f"= the same as far as looked ahead, event by event: {share:.0%}"
        paper.fit(1, 0, text, width - 2, "done")
    else:
        _parting(paper, parting, head, now)
    deep = lines_of(rows, width)
    wide = width // columns_of(width)
    for index, row in enumerate(rows):
        column, line = divmod(index, deep)
        y = head + line - first
        if head <= y < height:
            _row(paper, column * wide + 1, y, wide - 3, row)
    below = deep - first - (height - head)
    if rows and head > 1:
        told = f" {clock(now)}  {len(rows)} metric{'s differ' if len(rows) != 1 else ' differs'}"
        above = f"{first} above, " if first else ""
        told += (
            f" ({above}{below} more line{'s' if below != 1 else ''}: j k)"
            if below > 0 or first
            else ""
        )
        paper.fit(0, head - 1, told, width - 1, "faint")
    return paper


def _parting(paper: Paper, parting: Parting, head: int, now: float) -> None:
    words = "they part at" if now >= parting.time else "they will part at"
    told = f"{glyphs.PARTING} {words} {clock(parting.time)}"
    x = paper.put(1, 0, told, "warn+bold") + 2
    sides = (("left", parting.left), ("right", parting.right))
    if head >= 4:
        for y, (side, text) in enumerate(sides, 1):
            paper.fit(3, y, f"{side:<6}{text}", paper.width - 4, "text")
        return
    room = (paper.width - x - 1) // 2
    for side, text in sides:
        x = paper.fit(x, 0, f"{side}: {text}", room - 2, "text") + 2


def _row(paper: Paper, x: int, y: int, wide: int, row: Difference) -> None:
    inks = {-1: ("done+bold", "text"), 1: ("text", "done+bold"), 0: ("text", "text")}[row.better]
    signs = {-1: (glyphs.HOLDS, " "), 1: (" ", glyphs.HOLDS), 0: (" ", " ")}[row.better]
    end = x + wide
    paper.right(end, y, f"{row.right}{signs[1]}", inks[1])
    start = min(end - VALUE, end - len(row.right) - 2)
    start = paper.right(start, y, f"{row.left}{signs[0]}", inks[0])
    paper.put(x, y, cut(row.name.replace("_", " "), start - x - 1), "text")


class Differences(Scrolling):
    """What differs between two runs; told by the screen, which knows both."""

    DEFAULT_CSS = """
    Differences { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[Difference] = ()
        self._parting: Parting | None = None
        self._share = 0.0

    def tell(
        self, rows: Sequence[Difference], parting: Parting | None, frame: LabFrame, share: float
    ) -> None:
        """Show what differs at the instant of a frame, and where they part as far as looked."""
        self._rows, self._parting, self._share = rows, parting, share
        self.show(frame)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the differences."""
        self.first = max(0, min(self.first, self.count - self.room))
        return paint_differences(
            self._rows, self._parting, width, height, self.first, now=frame.view.now,
            share=self._share,
        )  # fmt: skip

    @property
    def count(self) -> int:
        """Lines of metrics, at the present width."""
        return lines_of(self._rows, self.content_size.width)

    @property
    def room(self) -> int:
        """Lines of metrics that can be seen at once."""
        height = self.content_size.height
        return height - head_of(self._parting, height, len(self._rows))
