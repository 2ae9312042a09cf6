"""The run as a bar: what has been, where the playhead is, and what is worth finding."""

from __future__ import annotations

from textual import events
from textual.message import Message

from mailrail.frames import LabFrame

from . import figures, plot
from .canvas import Canvas
from .glyphs import MARKS
from .paper import Paper

_RANK = {name: rank for rank, name in enumerate(MARKS)}


def gutters(frame: LabFrame, width: int) -> tuple[int, int]:
    """Return the first column of the bar and the one after its last."""
    left = len(f"{figures.clock(plot.horizon(frame))} s") + 2
    right = len(f"{figures.short(plot.horizon(frame))} s") + 2
    return (left, width - right) if width - left - right >= 16 else (0, width)


def paint_timeline(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw the bar; with two rows or more the marks stand above it."""
    paper = Paper(width, height)
    if not width or not height:
        return paper
    end = plot.horizon(frame)
    start, stop = gutters(frame, width)
    wide, y = stop - start, min(1, height - 1)
    here = plot.column_of(frame.view.now, end, wide)
    reached = plot.column_of(frame.frontier, end, wide)
    paper.put(start, y, "─" * wide, "lane")
    if frame.frontier > 0:
        paper.put(start, y, "━" * (reached + 1), "faint")
    if frame.view.now > 0:
        paper.put(start, y, "━" * (here + 1), "played")
    _marks(paper, frame, start, wide, end)
    paper.put(start + here, y, "●" if not frame.rewound else "◀", "playhead+bold")
    if start:
        paper.right(start - 1, y, f"{figures.clock(frame.view.now)} s", "text+bold")
        paper.put(stop + 1, y, f"{figures.short(end)} s", "faint")
    return paper


def _marks(paper: Paper, frame: LabFrame, start: int, wide: int, end: float) -> None:
    best: dict[int, str] = {}
    for mark in frame.marks:
        column = plot.column_of(mark.t, end, wide)
        if _RANK.get(mark.kind, -1) >= _RANK.get(best.get(column, ""), -1):
            best[column] = mark.kind
    for column, kind in best.items():
        sign, ink = MARKS.get(kind, ("·", "faint"))
        paper.put(start + column, 0, sign, ink)


class Timeline(Canvas):
    """The time axis; click or drag to go to an instant."""

    DEFAULT_CSS = """
    Timeline { height: 2; }
    """

    class Sought(Message):
        """A person asked for an instant.

        Attributes:
            time: The instant, in seconds.
        """

        def __init__(self, time: float) -> None:
            super().__init__()
            self.time = time

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the bar and the marks."""
        return paint_timeline(frame, width, height)

    def time_at(self, x: int) -> float:
        """Return the instant at a column of the content, in seconds."""
        if self.frame is None:
            return 0.0
        start, stop = gutters(self.frame, self.content_size.width)
        share = (x - start) / max(1, stop - start - 1)
        return plot.horizon(self.frame) * max(0.0, min(1.0, share))

    def _seek(self, event: events.MouseEvent) -> None:
        offset = event.get_content_offset_capture(self)
        self.post_message(self.Sought(self.time_at(offset.x)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go there, and follow the mouse until it is let go."""
        self.capture_mouse()
        self._seek(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse while it is held."""
        if self.app.mouse_captured is self:
            self._seek(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the mouse go."""
        self.release_mouse()
