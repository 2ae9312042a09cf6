"""The durable tables of a run, one row a line, as the participants left them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from mailrail.frames import LabFrame
from mailrail.narration import columns, seconds
from mailrail_patterns.views import RowView, TableView

from . import glyphs
from .listing import Selectable
from .paper import Paper
from .storybook import more_below

FRESH: Final = 1.0
"""Seconds of virtual time for which a row that was written stands out."""

GAP: Final = 2
WIDEST: Final = 18
"""Columns of the screen one column of a table takes at most."""

NO_ROWS: Final = "no durable rows so far: what there is to know is in the queues"


def paint_rows(frame: LabFrame, width: int, height: int, first: int | None = None) -> Paper:
    """Draw every table: a heading, then its rows.

    Args:
        frame: The frame.
        width: Columns.
        height: Rows.
        first: The first line shown; None: of each table the rows written last, where room is
            short.
    """
    paper = Paper(width, height)
    tables = frame.view.tables
    if not tables:
        for line, text in enumerate(wrap(NO_ROWS, max(8, width))[:height]):
            paper.fit(0, line, text, width, "faint+italic")
        return paper
    if first is not None:
        whole = Paper(width, lines_of(tables))
        y = 0
        for table in tables:
            y += _table(whole, y, len(table.rows) + 1, table, frame)
        paper.paste_from(whole, first)
        more_below(paper, whole.height - first - height)
        return paper
    y = 0
    for index, table in enumerate(tables):
        left = height - y
        share = max(2, left // (len(tables) - index))
        if left < 2:
            break
        y += _table(paper, y, min(share, left), table, frame)
    return paper


def lines_of(tables: Sequence[TableView]) -> int:
    """Return how many lines all tables take."""
    return sum(1 + len(table.rows) for table in tables)


def _table(paper: Paper, y: int, room: int, table: TableView, frame: LabFrame) -> int:
    """Draw one table into so many lines; answer how many it took."""
    now, picked = frame.view.now, frame.selection
    latest = sorted(table.rows, key=lambda row: row.since)[-(room - 1) :]
    kept = {row.key for row in latest}
    shown = [row for row in table.rows if row.key in kept]
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
        chosen = picked.kind.value == "row" and picked.key == f"{table.name}/{row.key}"
        x = 0
        for at, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
            ink = "text+bold" if fresh else "text" if at < len(heads) - len(names) else "faint"
            ink = "selected+bold" if chosen and not at else ink
            paper.fit(x, line, cell, min(wide, paper.width - x), ink)
            x += wide + GAP
        told = f"{row.writer} {seconds(now - row.since)} ago"
        if x + len(told) <= paper.width:
            paper.right(paper.width, line, told, "faint")
        if chosen:
            paper.put(widths[0], line, glyphs.CHOSEN, "selected+bold")
        paper.zone(line, 0, paper.width, "row", f"{table.name}/{row.key}")
    return 1 + len(shown)


def _cells(row: RowView, names: Sequence[str]) -> list[str]:
    own = dict(columns(row.value))
    return [row.key, row.state, *(own.get(name, "") for name in names)]


class Rows(Selectable):
    """Every durable table; what was written last until a person scrolls, then all there is."""

    DEFAULT_CSS = """
    Rows { height: 1fr; padding: 0 1; }
    """
    KIND = "row"

    whole = False

    def inputs(self, frame: LabFrame) -> object:
        """Ages are told to the tenth of a second."""
        return (round(frame.view.now, 1), frame.view.tables, frame.selection)

    def _lines(self) -> list[str]:
        """Return the key of the row on each line; of a heading that of its table alone."""
        found = []
        for table in () if self.frame is None else self.frame.view.tables:
            found.append(f"{table.name}/")
            found += [f"{table.name}/{row.key}" for row in table.rows]
        return found

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the tables."""
        self.first = max(0, min(self.first, self.count - height))
        return paint_rows(frame, width, height, self.first if self.whole else None)

    @property
    def count(self) -> int:
        """Lines in all."""
        return 0 if self.frame is None else lines_of(self.frame.view.tables)

    def keys(self) -> Sequence[str]:
        """Return table and key of each row."""
        return [key for key in self._lines() if not key.endswith("/")]

    def show_from(self, first: int) -> None:
        """Scroll through all rows."""
        self.whole = True
        self.first = max(0, min(first, self.count - self.room))
        self.redraw()

    def action_move(self, rows: int) -> None:
        """Move the cursor through all rows."""
        self.whole = True
        super().action_move(rows)

    def point(self, key: str) -> None:
        """Post that a row is selected; bring it in sight."""
        if self.whole:
            line = self._lines().index(key)
            self.show_from(min(max(self.first, line - self.room + 1), line))
        super().point(key)
