"""Depth and age over time, on axes that stay where they are."""

from __future__ import annotations

import math

from mailrail.frames import LabFrame

from . import figures, plot
from .axis import TimeAxis
from .paper import Paper, whole

GUTTER = 6
"""Columns of the axis at the left."""


def patience_of(frame: LabFrame) -> float:
    """Return how long a client waits, in seconds; 0: for ever, or nobody does."""
    return figures.seconds_of(dict(frame.view.settings).get("patience", "")) or 0.0


def paint_chart(
    frame: LabFrame, width: int, height: int, what: str = "depth", peaks: plot.Peaks | None = None
) -> Paper:
    """Draw ``depth`` or ``age`` from the start to the planned end of the run."""
    paper = Paper(width, height)
    series = frame.view.series
    samples = series.age if what == "age" else series.depth
    peaks = peaks or plot.Peaks()
    peaks.look(frame)
    top = peaks.axis(what, max(samples, default=0), lambda: plot.planned(frame, what))
    end, wide = plot.horizon(frame), width - GUTTER
    deep = height - 1 if height > 2 else height
    if wide < 4 or deep < 1:
        return paper
    unit = "s" if what == "age" else ""
    values = plot.columns(samples, series.step, end, wide, frame.view.now)
    limit = patience_of(frame) if what == "age" else 0.0
    _frame(paper, wide, deep, top, end, unit)
    plot.area(paper, GUTTER, 0, deep, values, top, what, (limit, "dead") if limit else None)
    _playhead(paper, deep, plot.column_of(frame.view.now, end, wide), frame, what)
    row, note = min(1, deep - 1), _of_the_scale(frame, top, peaks.was(what), wide)
    if note:
        paper.fit(GUTTER, row, note, wide, "on-note")
    elif frame.known_to is not None:
        paper.right(GUTTER + wide, row, _as_far_as(frame.known_to, wide), "faint")
    return paper


def _of_the_scale(frame: LabFrame, top: float, before: float | None, room: int) -> str:
    """Say what is to be known about the scale; nothing where it is as it was."""
    if frame.foreseen is not None:
        share = f"{frame.foreseen:.0%}"
        return whole(room, f" scale not known yet: looked ahead {share} ", f" scale open: {share} ")
    if before is None:
        return ""
    return f" scale now to {figures.short(top)}, was {figures.short(before)} "


def _as_far_as(end: float, room: int) -> str:
    """Say how far the scale holds, at the right, where the curve comes last."""
    found = f"{figures.short(math.floor(end))} s"
    return whole(room, f"scale known to {found}", f"to {found}")


def _frame(paper: Paper, wide: int, deep: int, top: float, end: float, unit: str) -> None:
    paper.right(GUTTER - 1, 0, figures.short(top) + (f" {unit}" if unit else ""), "faint")
    if deep > 1:
        paper.right(GUTTER - 1, deep - 1, "0", "faint")
    for y in range(deep):
        paper.put(GUTTER - 1, y, "┤" if y in (0, deep - 1) else "│", "lane")
    for x in range(GUTTER, GUTTER + wide):
        paper.put(x, deep - 1, "▁" if deep == 1 else "┈", "lane")
    if paper.height > deep:
        paper.put(GUTTER, deep, "0", "faint")
        if wide >= 24:
            half = f"{figures.short(end / 2)}"
            paper.put(GUTTER + wide // 2 - len(half) // 2, deep, half, "faint")
        paper.right(GUTTER + wide, deep, f"{figures.short(end)} s", "faint")


def _playhead(paper: Paper, deep: int, column: int, frame: LabFrame, what: str) -> None:
    x = GUTTER + column + 1
    for y in range(deep):
        paper.put(x, y, "│", "playhead")
    series = frame.view.series
    last = (series.age if what == "age" else series.depth)[-1:] or (0,)
    text = f"{last[0]:.1f} s" if what == "age" else figures.count(int(last[0]))
    label = f"{what} {text}"
    if x + 2 + len(label) <= paper.width:
        paper.put(x + 2, 0, label, f"{what}+bold")
    else:
        paper.right(x - 1, 0, label, f"{what}+bold")


class Chart(TimeAxis):
    """A curve of the run so far; ``what`` is ``depth`` or ``age``."""

    DEFAULT_CSS = """
    Chart { height: 6; }
    """

    def __init__(
        self,
        what: str = "depth",
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.what = what
        self._peaks = plot.Peaks()

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the curve."""
        return paint_chart(frame, width, height, self.what, self._peaks)

    def span(self) -> tuple[int, int]:
        """Return the columns right of the gutter."""
        return GUTTER, max(GUTTER + 1, self.content_size.width)
