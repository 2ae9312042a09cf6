"""The timeline where it has room: a lane for each kind of mark, with as many words as fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import MarkView

from . import plot
from .glyphs import MARKS
from .paper import Paper
from .timeline import Timeline, draw_bar, draw_marks

LANES: Final[dict[str, str]] = {
    "caption": "captions",
    "command": "commands",
    "heal": "healed",
    "fault": "faults",
    "dead": "dead",
    "violation": "broken",
}
"""The lanes from top to bottom, and what they are called."""

GUTTER: Final = 11
"""Columns left of the lanes."""

LEAST: Final = 6
"""Columns below which words at a mark would say nothing."""


def paint_lanes(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw the bar, and below it a lane for each kind of mark with as many words as fit."""
    paper = Paper(width, height)
    start, stop = GUTTER, width - 1
    if stop - start < LEAST:
        return paper
    draw_bar(paper, frame, start, stop, 0)
    for y, (kind, name) in enumerate(LANES.items(), 1):
        marks = [mark for mark in frame.marks if mark.kind == kind]
        paper.right(start - 1, y, name, MARKS[kind][1] if marks else "faint")
        paper.put(start, y, "┈" * (stop - start), "lane")
        _words(paper, marks, y, start, stop, frame)
        draw_marks(paper, marks, y, start, stop, frame)
    return paper


def _words(
    paper: Paper, marks: Sequence[MarkView], y: int, start: int, stop: int, frame: LabFrame
) -> None:
    end, wide = plot.horizon(frame), stop - start
    columns = [start + plot.column_of(mark.t, end, wide) for mark in marks]
    for mark, x, after in zip(marks, columns, [*columns, stop][1:], strict=True):
        room = after - x - 3
        if room >= min(LEAST, len(mark.text)):
            end_of = paper.fit(x + 1, y, f" {mark.text}", room + 1, MARKS[mark.kind][1])
            paper.put(end_of, y, " ")


class Lanes(Timeline):
    """The time axis with its lanes, or in two rows the bar with its marks."""

    DEFAULT_CSS = """
    Lanes { height: 2; }
    """

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw as much as there is room for."""
        tall = height > len(LANES)
        return paint_lanes(frame, width, height) if tall else super().paint(frame, width, height)

    def span(self) -> tuple[int, int]:
        """Return the columns of the bar."""
        size = self.content_size
        return (GUTTER, size.width - 1) if size.height > len(LANES) else super().span()
