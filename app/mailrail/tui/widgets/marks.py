"""Everything worth finding in a run, in words, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from mailrail.frames import LabFrame
from mailrail_patterns.views import MarkView

from . import figures
from .glyphs import MARKS, POINTER
from .listing import Listing
from .paper import Paper


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

    class Sought(Message):
        """A person chose a mark.

        Attributes:
            mark: The mark.
        """

        def __init__(self, mark: MarkView) -> None:
            super().__init__()
            self.mark = mark

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
                self.post_message(self.Sought(mark))
