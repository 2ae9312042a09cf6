"""The picture of load leveling: what comes, what waits, what is served, on one time axis."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.batching import per_message

from . import bars, crew, figures, glyphs, plot
from .chart import patience_of
from .compact import paint_compact
from .consuming import paint_consuming
from .lane import depth_of
from .paper import Paper, cut, whole
from .plot import Peaks

GUTTER: Final = 9
"""Columns of the axes at the left."""

DOWN: Final = "database-down"
"""The fault while which nothing is served."""

READOUT: Final = 12
"""Columns of the present values at the right."""

SCENE: Final = 9
"""Rows from which queue and workers are drawn in full."""

OUTCOMES: Final = (
    ("wasted", "wasted"), ("rejected", "rejected"), ("dropped", "dropped"),
    ("resent", "resent"), ("expired", "expired"), ("dead_lettered", f"{glyphs.DEAD} dead"),
    ("in_time", "in time"),
)  # fmt: skip
"""How requests ended: metric and word."""

SELDOM: Final = frozenset({"dropped", "resent", "expired", "dead_lettered"})
"""Those that are told only if there is something to tell."""


class Band(NamedTuple):
    """One of the three curves.

    Attributes:
        name: What stands before its axis.
        ink: Its ink.
        values: One value a column of time.
        top: Where its axis ends.
        unit: Unit of the axis.
        now: The present value, as text.
        note: A second line beside the curve.
        over: A limit, and the ink of what lies beyond it.
    """

    name: str
    ink: str
    values: list[float]
    top: float
    unit: str
    now: str
    note: str
    over: tuple[float, str] | None = None


def paint_leveling(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the curves, the age of the oldest, what came of it, then queue and workers."""
    if width < 40 or height < 8 or not frame.view.queues:
        return paint_consuming(frame, width, height, peaks)
    peaks = peaks or Peaks()
    peaks.look(frame)
    paper = Paper(width, height)
    scene = height // 3 if height // 3 >= SCENE else 2
    curves = height - scene - 3
    level = max(1, curves // 5)
    wide = width - GUTTER - READOUT
    y = 0
    for band, rows in zip(
        _bands(frame, wide, peaks), (level, curves - 2 * level, level), strict=True
    ):
        _draw(paper, y, rows, wide, band)
        y += rows
    _axis(paper, frame, y, wide)
    _age(paper, frame, y + 1, peaks)
    _outcome(paper, frame, y + 2, census=scene < SCENE)
    painter = paint_consuming if scene >= SCENE else paint_compact
    paper.paste(0, y + 3, painter(frame, width, scene, peaks))
    return paper


def _bands(frame: LabFrame, wide: int, peaks: Peaks) -> tuple[Band, Band, Band]:
    view, end = frame.view, plot.horizon(frame)
    series, queue = view.series, view.queues[0]
    span = max(frame.duration / 30, series.step)
    come = plot.rates(series.arrived, series.step, span)
    gone = plot.rates(series.served, series.step, span)
    top = peaks.axis("rate", max((*come, *gone), default=0.0), lambda: _fastest(frame, span))

    def cut_to_columns(samples: list[float] | tuple[int, ...]) -> list[float]:
        return plot.columns(samples, series.step, end, wide, view.now)

    capacity = capacity_of(frame)
    depths = cut_to_columns(series.depth)
    peak = max(series.depth, default=0)
    deepest = peaks.axis("depth", peak, lambda: plot.planned(frame, "depth"))
    before = peaks.was("depth")
    note = f"peak {figures.count(peak)}" if before is None else f"axis was {figures.short(before)}"
    if frame.foreseen is not None:
        note = "axis unknown"
    elif before is None and frame.known_to is not None and frame.frontier > frame.known_to:
        note = "axis grows"
    return (
        Band("in", "offered", cut_to_columns(come), top, "/s", f"{_last(come):.1f}/s", "offered",
             (capacity * 1.01, "warn") if capacity else None),
        Band("q", "depth", depths, deepest, "", depth_of(queue)[0], note),
        Band("out", "served", cut_to_columns(gone), top, "/s", f"{_last(gone):.1f}/s",
             _ability(frame, capacity)),
    )  # fmt: skip


def _fastest(frame: LabFrame, span: float) -> float:
    """Return the highest rate of the run as it is planned, in messages per second."""
    rates = (
        plot.rates(counts, plan.step, span)
        for plan in frame.plans
        for counts in (plan.arrived, plan.served)
    )
    return max((max(each, default=0.0) for each in rates), default=0.0)


def _ability(frame: LabFrame, capacity: float) -> str:
    """Say what the service can do at present, in as many columns as there are."""
    if any(fault.name == DOWN for fault in frame.view.faults):
        return f"{glyphs.FAULT} down"
    full = f"can do {capacity:.3g}/s" if capacity else "served"
    return full if len(full) < READOUT else f"can {capacity:.3g}/s"


def _last(values: list[float]) -> float:
    # The step under way is not full yet and would make the figure flicker.
    return values[-2] if len(values) > 1 else values[-1] if values else 0.0


def capacity_of(frame: LabFrame) -> float:
    """Return what the service can do, in messages per second; 0 if its time is not constant."""
    settings = dict(frame.view.settings)
    mean, limit = figures.seconds_of(settings.get("service", "")), settings.get("database", "0")
    slow = sorted(
        a.slow for a in frame.view.actors
        if a.kind == "consumer" and a.state not in ("crashed", "stopped", "paused")
    )  # fmt: skip
    if not mean:
        return 0.0
    piece = per_message(int(settings.get("batch", "1")), float(settings.get("batch_share", "0")))
    return math.fsum(1 / (mean * piece * factor) for factor in slow[: int(limit) or None])


def _draw(paper: Paper, y: int, rows: int, wide: int, band: Band) -> None:
    paper.put(0, y, band.name, f"{band.ink}+bold")
    paper.right(GUTTER - 1, y, f"{figures.short(band.top)}{band.unit}", "faint")
    if rows > 2:
        paper.right(GUTTER - 1, y + rows - 1, "0", "faint")
    for row in range(rows):
        paper.put(GUTTER - 1, y + row, "┤" if row in (0, rows - 1) else "│", "lane")
    paper.put(GUTTER, y + rows - 1, "┈" * wide, "lane")
    plot.area(paper, GUTTER, y, rows, band.values, band.top, band.ink, band.over)
    x = GUTTER + len(band.values)
    if x < GUTTER + wide:
        for row in range(rows):
            paper.put(x, y + row, "│", "playhead")
    paper.put(GUTTER + wide + 1, y, band.now, f"{band.ink}+bold")
    if rows > 1:
        paper.put(GUTTER + wide + 1, y + 1, cut(band.note, READOUT - 1), "faint")


def _axis(paper: Paper, frame: LabFrame, y: int, wide: int) -> None:
    end = plot.horizon(frame)
    paper.put(GUTTER, y, "0", "faint")
    for part in (1, 2, 3):
        text = figures.short(end * part / 4)
        paper.put(GUTTER + wide * part // 4 - len(text) // 2, y, text, "faint")
    paper.right(GUTTER + wide, y, f"{figures.short(end)} s", "faint")
    x = GUTTER + plot.column_of(frame.view.now, end, wide) + 1
    text = f" {figures.clock(frame.view.now)} "
    paper.put(max(GUTTER, min(x - len(text) // 2, GUTTER + wide - len(text))), y, text,
              "playhead+bold")  # fmt: skip


def _age(paper: Paper, frame: LabFrame, y: int, peaks: Peaks) -> None:
    age, patience = frame.view.queues[0].age, patience_of(frame)
    top = peaks.axis("oldest", max(age, 2 * patience, 1.0), lambda: plot.planned(frame, "age"))
    x = paper.put(0, y, "oldest", "age+bold")
    paper.right(GUTTER + 6, y, figures.left(age), "age+bold")
    x = GUTTER + 7
    word = _patience_word(frame, age, patience)
    wide = max(8, min(44, paper.width - x - len(word) - 2))
    late = bool(patience) and age > patience
    bars.grow(paper, x, y, wide, age / top, "broken" if late else "age")
    if patience:
        tick = x + min(wide - 1, int(patience / top * wide))
        paper.put(tick, y, "┃", "text+bold")
    paper.fit(x + wide + 1, y, word, paper.width - x - wide - 1, "broken+bold" if late else "faint")


def _patience_word(frame: LabFrame, age: float, patience: float) -> str:
    if not patience:
        return "clients wait for ever"
    return f"patience {patience:g}s " + (f"{glyphs.WARN} they have left" if age > patience else "")


def _outcome(paper: Paper, frame: LabFrame, y: int, *, census: bool) -> None:
    values = {row.name: row for row in frame.metrics}
    x = 0
    for name, word in OUTCOMES:
        row = values.get(name)
        if row is None or (name in SELDOM and row.value == "0"):
            continue
        x = paper.put(x, y, f"{word} ", "faint")
        ink = "broken+bold" if name != "in_time" and row.value not in ("0", "–") else "text+bold"
        x = paper.put(x, y, row.value, ink) + 3
    eta = values.get("drain_eta")
    if eta is not None:
        x = paper.put(x, y, "drain eta ", "faint")
        never = eta.value == "–"
        text = "never" if never else f"{float(eta.value):.1f}s"
        text = whole(paper.width - x, "never at this rate", text) if never else text
        x = paper.fit(x, y, text, paper.width - x, "warn+bold" if never else "text+bold") + 3
    crowd = [actor for actor in frame.view.actors if actor.kind == "consumer"]
    if census and paper.width - x > 24:
        crew.draw_census(paper, x, paper.width, y, crowd)
