"""What a row of the state store has come to, in words, where there is room to spare."""

from __future__ import annotations

from typing import Final, NamedTuple

from mailrail_patterns import orders
from mailrail_patterns.projections.supervised import Moment, OrderView

from . import figures
from .paper import Paper

LEAST: Final = 4
"""Rows below which nothing is told: a heading and one line would tear a story apart."""

ENDS: Final = {orders.PROCESSED: ("done", "done"), orders.ERROR: ("given up", "dead")}
"""What is said of the states that are final, and its ink."""


class Line(NamedTuple):
    """One thing that a row has come to.

    Attributes:
        t: When, in seconds.
        text: In words.
        ink: Its ink.
    """

    t: float
    text: str
    ink: str


def lines_of(row: OrderView) -> list[Line]:
    """Return what a row has come to, oldest first, as far back as it is remembered."""
    return [_line(*each) for each in zip(row.past, (None, *row.past), strict=False)]


def _line(moment: Moment, before: Moment | None) -> Line:
    if moment.state == orders.PROCESSING:
        until = f"claimed: to be complete by {figures.clock(moment.end)}"
        return Line(moment.t, until, "held")
    late = before is not None and before.state == orders.PROCESSING and moment.t >= before.end
    found = ""
    if before is not None and late and moment.state != orders.PROCESSED:
        lag = moment.t - before.end
        found = f"found {figures.brief(lag)} after its claim ran out: "
    why = f" (it was {moment.lost_to})" if moment.lost_to else ""
    if moment.state == orders.PENDING:
        text, ink = ("given back", "warn") if before is not None else ("written: pending", "ready")
        return Line(moment.t, found + text + why, ink)
    text, ink = ENDS.get(moment.state, (moment.state, "text"))
    return Line(moment.t, found + text + why, ink)


def told(rows: list[OrderView], selected: str) -> OrderView | None:
    """Return the row whose story is told: the selected one, else whichever is not finished."""
    open_ones = [row for row in rows if row.state not in ENDS]
    chosen = [row for row in rows if row.key == selected]
    return next(iter((*chosen, *open_ones, *rows)), None)


def draw_story(paper: Paper, y: int, rows: int, row: OrderView) -> None:
    """Draw the story of a row on so many rows; where they are few, what happened last."""
    if rows < LEAST:
        return
    x = paper.put(1, y, f"{row.key} ", "selected+bold")
    paper.put(x, y, "SO FAR", "text+bold")
    for at, line in enumerate(lines_of(row)[-(rows - 1) :], y + 1):
        x = paper.put(1, at, f"{figures.clock(line.t):>6}  ", "faint")
        paper.fit(x, at, line.text, paper.width - x - 1, line.ink)
