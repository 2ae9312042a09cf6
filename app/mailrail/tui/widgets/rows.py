"""The durable tables of a run, one row a line, as the participants left them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from mailrail.frames import LabFrame
from mailrail.narration import columns, seconds
from mailrail_patterns.views import RowView, TableView

from .canvas import Canvas
from .paper import Paper

FRESH: Final = 1.0
"""Seconds of virtual time for which a row that was written stands out."""

GAP: Final = 2
WIDEST: Final = 18
"""Columns of the screen one column of a table takes at most."""

NO_ROWS: Final = "no durable rows: what there is to know is in the queues"


def paint_rows(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw every table: a heading, then its rows, those written last where room is short."""
    paper = Paper(width, height)
    tables = frame.view.tables
    if not tables:
        for line, text in enumerate(wrap(NO_ROWS, max(8, width))[:height]):
            paper.fit(0, line, text, width, "faint+italic")
        return paper
    y = 0
    for index, table in enumerate(tables):
        left = height - y
        share = max(2, left // (len(tables) - index))
        if left < 2:
            break
        y += _table(paper, y, min(share, left), table, frame.view.now)
    return paper


def _table(paper: Paper, y: int, room: int, table: TableView, now: float) -> int:
    """Draw one table into so many lines; answer how many it took."""
    latest = sorted(table.rows, key=lambda row: row.since)[-(room - 1) :]
    shown = [row for row in table.rows if row in latest]
    names = list(dict.fromkeys(name for row in shown for name, _ in columns(row.value, blank=True)))
    grid = [_cells(row, names) for row in shown]
    heads = ["", *([""] if any(row.state for row in shown) else []), *names]
    if len(heads) == len(names) + 1:
        grid = [[key, *rest] for key, _, *rest in grid]
    widths = [
        min(WIDEST, max(len(head), *(len(cells[at]) for cells in grid)))
        for at, head in enumerate(heads)
    ]
    x = paper.put(0, y, f"{table.name} {table.count}", "text+bold") + GAP
    start = max(x, widths[0] + GAP)
    left = widths[0] + GAP
    for at, head in enumerate(heads):
        if left >= start and head:
            paper.fit(left, y, head, paper.width - left, "faint")
        left += (widths[at] + GAP) if at else 0
    for line, (row, cells) in enumerate(zip(shown, grid, strict=True), y + 1):
        fresh = 0 <= now - row.since < FRESH
        x = 0
        for at, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
            ink = "text+bold" if fresh else "text" if at < len(heads) - len(names) else "faint"
            paper.fit(x, line, cell, min(wide, paper.width - x), ink)
            x += wide + GAP
        told = f"{row.writer} {seconds(now - row.since)} ago"
        if x + len(told) <= paper.width:
            paper.right(paper.width, line, told, "faint")
        paper.zone(line, 0, paper.width, "message", row.key)
    return 1 + len(shown)


def _cells(row: RowView, names: Sequence[str]) -> list[str]:
    own = dict(columns(row.value))
    return [row.key, row.state, *(own.get(name, "") for name in names)]


class Rows(Canvas):
    """Every durable table."""

    DEFAULT_CSS = """
    Rows { height: 1fr; padding: 0 1; }
    """

    def inputs(self, frame: LabFrame) -> object:
        """Ages are told to the tenth of a second."""
        return (round(frame.view.now, 1), frame.view.tables)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the tables."""
        return paint_rows(frame, width, height)
