"""Durable tables beside each other, a column each: what is known when everybody has died."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame

from . import figures
from .paper import Paper

LOWEST: Final = 5
"""Rows from which tables are drawn, title included."""

INKS: Final = {
    "Open": "idle", "Accepted": "ready", "Running": "working", "Succeeded": "done",
    "Replied": "done", "Charged": "done", "Failed": "broken", "TimedOut": "broken",
    "Reserved": "held",
}  # fmt: skip


def draw_tables(paper: Paper, frame: LabFrame, top: int, foot: int) -> None:
    """Draw the rows written last of every table, between two rows of the paper."""
    tables = frame.view.tables
    top += 1
    if not tables or foot - top < LOWEST:
        return
    wide = min(30, paper.width // len(tables))
    if wide < 14:
        return
    paper.put(0, top, "─" * paper.width, "lane")
    for index, table in enumerate(tables):
        x = index * wide
        paper.fit(x, top, f" {table.name} {figures.count(table.count)} ", wide - 1, "text+bold")
        shown = table.rows[::-1][: max(0, foot - top - 1)]
        state = min(12, max((len(row.state) for row in shown), default=0))
        for y, row in enumerate(shown, top + 1):
            at = paper.fit(x + 1, y, row.key, wide - 3 - state, "text") + 1
            paper.fit(at, y, row.state, x + wide - at - 1, INKS.get(row.state, "faint"))
