"""The run as a bar: what has been, where the playhead is, and what is worth finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from textual import events

from mailrail.frames import LabFrame
from mailrail_patterns.views import MarkView

from . import figures, plot
from .axis import TimeAxis
from .glyphs import MARKS
from .paper import Paper, Zone

_RANK = {name: rank for rank, name in enumerate(MARKS)}


def gutters(frame: LabFrame, width: int) -> tuple[int, int]:
    """Return the first column of the bar and the one after its last."""
    left = len(f"{figures.clock(plot.horizon(frame))} s") + 2
    right = len(f"{figures.short(plot.horizon(frame))} s") + 2
    return (left, width - right) if width - left - right >= 16 else (0, width)


def paint_timeline(
    frame: LabFrame, width: int, height: int, beside: Sequence[MarkView] = (),
    points: Sequence[MarkView] = (),
) -> Paper:  # fmt: skip
    """Draw the bar; with two rows or more the marks stand above it.

    Args:
        frame: The run.
        width: Columns.
        height: Rows; with three, the marks of the other run stand below the bar.
        beside: The marks of a run shown beside it.
        points: What is marked in every row, as it is true of both.
    """
    paper = Paper(width, height)
    if not width or not height:
        return paper
    start, stop = gutters(frame, width)
    y = min(1, height - 1)
    draw_bar(paper, frame, start, stop, y)
    if height < 3:
        draw_marks(paper, (*frame.marks, *points), 0, start, stop, frame)
        return paper
    for row, marks, name in ((0, frame.marks, "left"), (2, beside, "right")):
        paper.right(start - 1, row, name, "faint")
        draw_marks(paper, (*marks, *points), row, start, stop, frame)
    # Where they fork and where they part may be one column: each is seen in one row then.
    draw_marks(paper, [each for each in points if each.kind == "fork"], 0, start, stop, frame)
    return paper


def draw_bar(paper: Paper, frame: LabFrame, start: int, stop: int, y: int) -> None:
    """Draw the bar from column ``start`` to before ``stop``: the past, the playhead, the end."""
    end, wide = plot.horizon(frame), stop - start
    here = plot.column_of(frame.view.now, end, wide)
    reached = plot.column_of(frame.frontier, end, wide)
    paper.put(start, y, "─" * wide, "lane")
    if frame.frontier > 0:
        paper.put(start, y, "━" * (reached + 1), "faint")
    if frame.view.now > 0:
        paper.put(start, y, "━" * (here + 1), "played")
    paper.put(start + here, y, "●" if not frame.rewound else "◀", "playhead+bold")
    if start:
        paper.right(start - 1, y, f"{figures.clock(frame.view.now)} s", "text+bold")
        paper.put(stop + 1, y, f"{figures.short(end)} s", "faint")


def draw_marks(
    paper: Paper, marks: Iterable[MarkView], y: int, start: int, stop: int, frame: LabFrame
) -> None:
    """Draw marks at their instants; of those in one column the gravest is seen."""
    best: dict[int, MarkView] = {}
    end, wide = plot.horizon(frame), stop - start
    for mark in marks:
        column = plot.column_of(mark.t, end, wide)
        before = best.get(column)
        if before is None or _RANK.get(mark.kind, -1) >= _RANK.get(before.kind, -1):
            best[column] = mark
    for column, mark in best.items():
        sign, ink = MARKS.get(mark.kind, ("·", "faint"))
        x = paper.put(start + column, y, sign, ink)
        if paper.height > 1:
            paper.zone(y, x - 1, x, "mark", f"{mark.kind} {mark.n} {mark.t}")


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

    def marks(self) -> Sequence[MarkView]:
        """Return every mark that may be drawn."""
        return () if self.frame is None else self.frame.marks

    @property
    def reached(self) -> tuple[Zone, ...]:
        """None of its marks: they stand too close, and have keys of their own."""
        return ()

    def mark_at(self, x: int, y: int) -> MarkView | None:
        """Return the mark at a cell."""
        zone = self.zone_at(x, y)
        if zone is None:
            return None
        named = (mark for mark in self.marks() if f"{mark.kind} {mark.n} {mark.t}" == zone.name)
        return next(named, None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the mark under the mouse."""
        offset = event.get_content_offset(self)
        mark = None if offset is None else self.mark_at(offset.x, offset.y)
        self.tooltip = None if mark is None else mark.text


class SharedTimeline(Timeline):
    """The time axis of two runs: the marks of one above it, those of the other below."""

    DEFAULT_CSS = """
    SharedTimeline { height: 3; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._beside: Sequence[MarkView] = ()
        self._points: Sequence[MarkView] = ()

    def tell(self, frame: LabFrame, beside: LabFrame, points: Sequence[MarkView]) -> None:
        """Show two runs at one instant.

        Args:
            frame: The run on the left, whose axis it is.
            beside: The run on the right.
            points: Where they fork and where they part.
        """
        self._beside, self._points = beside.marks, points
        self.show(replace(frame, frontier=max(frame.frontier, beside.frontier)))

    def marks(self) -> Sequence[MarkView]:
        """Return the marks of both runs, and those they share."""
        return (*super().marks(), *self._beside, *self._points)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the bar and the marks of both."""
        return paint_timeline(frame, width, height, self._beside, self._points)
