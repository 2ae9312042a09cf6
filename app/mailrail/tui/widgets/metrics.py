"""The metrics, in as many columns as there is room for."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame, MetricRow

from .canvas import Canvas
from .paper import Paper, cut

GAP: Final = 3
"""Columns between two columns of metrics."""

NARROW: Final = 22
"""Columns below which a metric would no longer be readable."""

NONE: Final = "–"
"""What stands for a value that does not exist yet."""


def paint_metrics(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw name, value and unit of each metric, in no more columns than are needed."""
    paper = Paper(width, height)
    rows = frame.metrics
    if not rows or not width or not height:
        return paper
    fitting = max(1, (width + GAP) // (NARROW + GAP))
    columns = min(fitting, -(-len(rows) // height))
    wide = (width + GAP) // columns - GAP
    deep = -(-len(rows) // columns)
    for index, row in enumerate(rows):
        column, y = divmod(index, deep)
        if y < height:
            _row(paper, column * (wide + GAP), y, wide, row)
    left = sum(1 for index in range(len(rows)) if index % deep >= height - 1)
    if deep > height:
        paper.put(0, height - 1, " " * width)
        paper.put(0, height - 1, f"+{left} more", "faint")
    return paper


def _row(paper: Paper, x: int, y: int, wide: int, row: MetricRow) -> None:
    idle = row.value in ("0", NONE)
    # What is counted is in the name; only seconds and the like have to be told.
    unit = row.unit if row.value != NONE and len(row.unit) <= 3 else ""
    end = x + wide
    if unit:
        end = paper.right(end, y, f" {unit}", "faint")
    start = paper.right(end, y, row.value, "faint" if idle else "text+bold")
    paper.put(x, y, cut(row.name.replace("_", " "), start - x - 1), "faint" if idle else "text")


class Metrics(Canvas):
    """Every metric with its value and unit."""

    DEFAULT_CSS = """
    Metrics { height: 1fr; padding: 0 1; }
    """

    def inputs(self, frame: LabFrame) -> tuple[object, ...]:
        """Only the metrics matter here."""
        return frame.metrics

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the metrics."""
        return paint_metrics(frame, width, height)
