"""The run as a bar: what has been, where the playhead is, and what is worth finding."""

from __future__ import annotations

from textual import events

from mailrail.frames import LabFrame
from mailrail_patterns.views import MarkView

from . import figures, plot
from .axis import TimeAxis
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
    best: dict[int, MarkView] = {}
    for mark in frame.marks:
        column = plot.column_of(mark.t, end, wide)
        before = best.get(column)
        if before is None or _RANK.get(mark.kind, -1) >= _RANK.get(before.kind, -1):
            best[column] = mark
    for column, mark in best.items():
        sign, ink = MARKS.get(mark.kind, ("·", "faint"))
        x = paper.put(start + column, 0, sign, ink)
        if paper.height > 1:
            paper.zone(0, x - 1, x, "mark", str(mark.n))


class Timeline(TimeAxis):
    """The time axis, with what is worth finding above it."""

    DEFAULT_CSS = """
    Timeline { height: 2; }
    """

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the bar and the marks."""
        return paint_timeline(frame, width, height)

    def span(self) -> tuple[int, int]:
        """Return the columns of the bar."""
        width = self.content_size.width
        return (0, width) if self.frame is None else gutters(self.frame, width)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the mark under the mouse."""
        offset = event.get_content_offset(self)
        mark = None if offset is None else self.zone_at(offset.x, offset.y)
        marks = () if self.frame is None or mark is None else self.frame.marks
        self.tooltip = (
            next((m.text for m in marks if str(m.n) == mark.name), None) if mark else None
        )
