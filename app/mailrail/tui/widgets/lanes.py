"""The timeline with all the room: a lane for each kind of mark, and every mark in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical

from mailrail.frames import LabFrame
from mailrail_patterns.views import MarkView

from . import figures, plot
from .axis import TimeAxis
from .glyphs import MARKS, POINTER
from .listing import Listing
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


def paint_marks(
    frame: LabFrame, width: int, height: int, first: int = 0, cursor: str = ""
) -> Paper:
    """Draw every mark in words, from ``first`` on; what has not happened yet is faint."""
    paper = Paper(width, height)
    for y, mark in enumerate(frame.marks[first : first + height]):
        sign, ink = MARKS[mark.kind]
        here = cursor == str(mark.n)
        ahead = mark.t > frame.view.now
        paper.put(0, y, POINTER if here else " ", "selected+bold")
        paper.right(9, y, f"{figures.clock(mark.t)} s", "faint")
        paper.put(10, y, f"{sign} {mark.kind}", "faint" if ahead else ink)
        told = "selected+bold" if here else "faint" if ahead else "text"
        paper.fit(22, y, mark.text, width - 23, told)
        paper.zone(y, 0, width, "mark", str(mark.n))
    if not frame.marks and height:
        paper.fit(1, 0, "Nothing to find yet: no caption, fault or command.", width - 2, "faint")
    return paper


class Marks(Listing):
    """Every mark in words; choosing one goes there."""

    DEFAULT_CSS = """
    Marks { height: 1fr; }
    """

    cursor = ""

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the marks."""
        self.first = max(0, min(self.first, self.count - height))
        return paint_marks(frame, width, height, self.first, self.chosen())

    def keys(self) -> Sequence[str]:
        """Return the numbers of the events that left a mark."""
        return [] if self.frame is None else [str(mark.n) for mark in self.frame.marks]

    def chosen(self) -> str:
        """Return the number of the event the cursor is on."""
        return self.cursor

    def point(self, key: str) -> None:
        """Put the cursor on a mark."""
        self.cursor = key
        self.redraw()

    def choose(self, key: str) -> None:
        """Post that a mark is to be gone to."""
        for mark in () if self.frame is None else self.frame.marks:
            if str(mark.n) == key:
                self.post_message(TimeAxis.Marked(mark))


class Course(Vertical):
    """The timeline: two rows at the foot of the screen, or the lanes and the list below them."""

    DEFAULT_CSS = """
    Course { height: 2; }
    Course > Marks { display: none; }
    Course.-whole { height: 1fr; }
    Course.-whole > Lanes { height: 8; }
    Course.-whole > Marks { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Lay the timeline out."""
        yield Lanes(id="axis")
        marks = Marks(id="marks")
        marks.border_title = "marks"
        yield marks

    def show(self, frame: LabFrame) -> None:
        """Show a frame."""
        self.query_one(Lanes).show(frame)
        if self.has_class("-whole"):
            self.query_one(Marks).show(frame)
