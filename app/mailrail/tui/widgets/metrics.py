"""The metrics, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from textual.message import Message

from mailrail.frames import LabFrame, MetricRow

from .paper import Paper, cut
from .scrolling import Scrolling

GAP: Final = 3
"""Columns between two columns of metrics."""

NARROW: Final = 22
"""Columns below which a metric would no longer be readable."""

NONE: Final = "–"
"""What stands for a value that does not exist yet."""


def columns_of(count: int, width: int, height: int) -> int:
    """Return in how many columns so many metrics stand: no more than are needed."""
    fitting = max(1, (width + GAP) // (NARROW + GAP))
    return max(1, min(fitting, -(-count // max(1, height))))


def widths_of(rows: tuple[MetricRow, ...], columns: int, deep: int, width: int) -> list[int]:
    """Return how wide each column of metrics is.

    All the same, except that one whose names do not fit takes what others have to spare.
    """
    each = (width + GAP) // columns - GAP
    wanted = [
        max(map(_length, rows[first : first + deep]), default=0)
        for first in range(0, columns * deep, deep)
    ]
    wide = [min(each, wants) for wants in wanted]
    spare = columns * each - sum(wide)
    for column, wants in enumerate(wanted):
        more = min(spare, wants - wide[column])
        wide[column] += more
        spare -= more
    for column in range(columns):
        back = min(spare, max(0, each - wide[column]))
        wide[column] += back
        spare -= back
    return wide


def _length(row: MetricRow) -> int:
    unit = _unit(row)
    return len(row.name) + 1 + len(row.value) + (len(unit) + 1 if unit else 0)


def _unit(row: MetricRow) -> str:
    # What is counted is in the name; only seconds and the like have to be told.
    return row.unit if row.value != NONE and len(row.unit) <= 3 else ""


def idle(row: MetricRow) -> bool:
    """Return whether a metric tells nothing yet."""
    return row.value in ("0", NONE)


def telling_first(
    rows: tuple[MetricRow, ...], width: int, height: int, told: Collection[str]
) -> tuple[MetricRow, ...]:
    """Return the metrics in their order; where not all fit, those that tell something first.

    Args:
        rows: The metrics.
        width: Columns there are for them.
        height: Rows there are.
        told: Names of those that have told something before: they keep their places.
    """
    if columns_of(len(rows), width, height) * height >= len(rows):
        return rows
    return tuple(sorted(rows, key=lambda row: idle(row) and row.name not in told))


def paint_metrics(
    frame: LabFrame, width: int, height: int, first: int = 0, told: Collection[str] = ()
) -> Paper:
    """Draw name, value and unit of each metric, from line ``first`` on where not all fit."""
    paper = Paper(width, height)
    rows = telling_first(frame.metrics, width, height, told)
    if not rows or not width or not height:
        return paper
    columns = columns_of(len(rows), width, height)
    deep = -(-len(rows) // columns)
    wide = widths_of(rows, columns, deep, width)
    starts = [sum(wide[:column]) + column * GAP for column in range(columns)]
    for index, row in enumerate(rows):
        column, line = divmod(index, deep)
        if first <= line < first + height:
            _row(paper, starts[column], line - first, wide[column], row)
    below = first + height
    left = sum(1 for index in range(len(rows)) if index % deep >= below - 1)
    if deep > below:
        paper.wipe(height - 1)
        paper.put(0, height - 1, f"+{left} more", "faint")
    return paper


def _row(paper: Paper, x: int, y: int, wide: int, row: MetricRow) -> None:
    nothing = idle(row)
    unit = _unit(row)
    end = x + wide
    if unit:
        end = paper.right(end, y, f" {unit}", "faint")
    start = paper.right(end, y, row.value, "faint" if nothing else "text+bold")
    paper.put(x, y, cut(row.name.replace("_", " "), start - x - 1), "faint" if nothing else "text")
    paper.zone(y, x, x + wide, "metric", row.name)


class Metrics(Scrolling):
    """Every metric with its value and unit; a click asks what one of them is."""

    DEFAULT_CSS = """
    Metrics { height: 1fr; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._told: set[str] = set()

    class Asked(Message):
        """A person asked what a metric is.

        Attributes:
            metric: It, as it stands now.
        """

        def __init__(self, metric: MetricRow) -> None:
            super().__init__()
            self.metric = metric

    def take(self, kind: str, name: str) -> None:
        """Post :class:`Asked`."""
        for metric in () if self.frame is None else self.frame.metrics:
            if metric.name == name:
                self.post_message(self.Asked(metric))

    def inputs(self, frame: LabFrame) -> tuple[object, ...]:
        """Only the metrics matter here."""
        return frame.metrics

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the metrics."""
        self.first = max(0, min(self.first, self.count - height))
        self._told.update(row.name for row in frame.metrics if not idle(row))
        return paint_metrics(frame, width, height, self.first, self._told)

    @property
    def count(self) -> int:
        """Lines in all, at the present size."""
        count = 0 if self.frame is None else len(self.frame.metrics)
        return -(-count // columns_of(count, *self.content_size))
