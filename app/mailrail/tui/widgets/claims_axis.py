"""The claims of each row on one time axis, with the scans that passed over them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns import orders
from mailrail_patterns.projections.supervised import OrderView

from . import figures, glyphs
from .paper import Paper

SPAN: Final = 60.0
"""Longest stretch of time on the axis, in seconds."""

AHEAD: Final = 0.25
"""Share of the axis that is kept for what is to come."""

LEGEND: Final = (
    ("┣━", "claimed", "held"),
    ("!", "expired, nobody has looked", "broken+bold"),
    ("·", "waits", "ready"),
    (glyphs.DONE, "done", "done"),
    (glyphs.DEAD, "given up", "dead"),
    ("▲", "scan", "note"),
    ("△", "next scan", "note"),
)
"""The signs of the axis, the ones that need it most first."""


class Axis(NamedTuple):
    """A stretch of time, laid out in columns.

    Attributes:
        x: Its first column.
        wide: Its columns.
        start: Its first instant, in seconds.
        span: Its length, in seconds.
        now: The present instant, in seconds.
    """

    x: int
    wide: int
    start: float
    span: float
    now: float

    def column(self, t: float) -> int:
        """Return the column of an instant; outside the axis, the one next to it."""
        share = (t - self.start) / self.span if self.span > 0 else 0.0
        return self.x + max(-1, min(self.wide, int(share * self.wide)))


def axis_of(frame: LabFrame, x: int, wide: int) -> Axis:
    """Lay the axis out: the whole run if it is short, else what has just been."""
    now, whole = frame.view.now, max(frame.duration, 1.0)
    if whole <= SPAN:
        return Axis(x, wide, 0.0, max(whole, now), now)
    start = max(0.0, now - SPAN * (1 - AHEAD))
    return Axis(x, wide, start, SPAN, now)


def draw_history(paper: Paper, y: int, row: OrderView, axis: Axis) -> None:
    """Draw what a row has been through: waiting, claimed, expired, and how it ended."""
    moments = row.past
    for moment, after in pairwise((*moments, None)):
        if moment is None:
            break
        until = axis.now if after is None else after.t
        if moment.state == orders.PENDING:
            _stretch(paper, y, axis, moment.t, until, "·", "ready")
        elif moment.state == orders.PROCESSING:
            if after is None:
                _stretch(paper, y, axis, until, moment.end, "╌", "lane")
            _stretch(paper, y, axis, moment.t, min(until, moment.end), "━", "held")
            _stretch(paper, y, axis, moment.end, until, "!", "broken+bold")
            _mark(paper, y, axis, moment.t, "┣", "held")
        else:
            done = moment.state == orders.PROCESSED
            sign = glyphs.DONE if done else glyphs.DEAD
            _mark(paper, y, axis, moment.t, sign, "done+bold" if done else "dead+bold")


def draw_legend(paper: Paper, left: int, top: int, rows: int) -> int:
    """Tell what the signs of the axis stand for, as many as there is room for.

    Returns:
        How many rows that took.
    """
    x, y = left, top
    for sign, word, ink in LEGEND:
        if x + len(sign) + len(word) + 1 > paper.width:
            if y + 1 == top + rows:
                break
            x, y = left, y + 1
        x = paper.put(x, y, sign, ink)
        x = paper.put(x, y, f" {word}", "faint") + 3
    return y + 1 - top


def _stretch(
    paper: Paper, y: int, axis: Axis, start: float, end: float, sign: str, ink: str
) -> None:
    if end <= start:
        return
    first, last = axis.column(start), axis.column(end)
    first, last = max(axis.x, first), min(axis.x + axis.wide, max(last, first + 1))
    paper.put(first, y, sign * (last - first), ink)


def _mark(paper: Paper, y: int, axis: Axis, t: float, sign: str, ink: str) -> None:
    x = axis.column(t)
    if axis.x <= x < axis.x + axis.wide:
        paper.put(x, y, sign, ink)


def draw_scans(
    paper: Paper, y: int, axis: Axis, scans: Sequence[float], coming: float | None
) -> None:
    """Draw when the store was scanned, and when it will be next."""
    paper.put(axis.x, y, "┈" * axis.wide, "lane")
    for t in scans:
        _mark(paper, y, axis, t, "▲", "note")
    if coming is not None:
        _mark(paper, y, axis, coming, "△", "note")
    x = axis.column(axis.now)
    label = figures.clock(axis.now)
    paper.put(min(x, axis.x + axis.wide - 1), y, "┃", "playhead+bold")
    if x + 1 + len(label) < axis.x + axis.wide:
        paper.put(x + 1, y, label, "playhead")
    paper.put(1, y, "scans", "faint")
