"""The timeline of the lab: at the foot of the screen, or with all the room."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from mailrail.frames import LabFrame

from ..widgets.lanes import Lanes
from ..widgets.marks import Marks


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
