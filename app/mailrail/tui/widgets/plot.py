"""Curves on fixed axes, drawn in eighths of a cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import SeriesView

from .glyphs import EIGHTHS
from .paper import Paper


def nice(value: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … (or 0.1, 0.2, …) that is not below ``value``."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    for step in (1.0, 2.0, 5.0):
        if value <= step * size * (1 + 1e-9):
            return float(step * size)
    return float(10.0 * size)


TOLD: Final = 8.0
"""How long a change of scale is told, in seconds of virtual time."""


class Peaks:
    """Remembers how high each axis has had to reach, so that none shrinks within a run.

    A frame of another run, or of a run that began anew, starts afresh.
    """

    def __init__(self) -> None:
        self._run: tuple[object, ...] = ()
        self._frontier = 0.0
        self._tops: dict[str, float] = {}
        self._changed: dict[str, tuple[float, float]] = {}
        self._now = 0.0
        self._seen: dict[str, frozenset[str]] = {}
        self._foreseen = True
        self._provisional: set[str] = set()

    def look(self, frame: LabFrame) -> None:
        """Forget everything if the frame belongs to another run than the last one."""
        run = (frame.pattern, frame.title, frame.seed, frame.forks, frame.duration)
        if run != self._run or frame.frontier < self._frontier:
            self._tops.clear()
            self._changed.clear()
            self._seen.clear()
            self._provisional.clear()
        self._run, self._frontier = run, frame.frontier
        self._now = frame.view.now
        self._foreseen = frame.foreseen is None

    def top(self, axis: str, value: float) -> float:
        """Return where an axis ends that has to reach ``value``."""
        found = max(self._tops.get(axis, 0.0), nice(value))
        self._tops[axis] = found
        return found

    def axis(self, name: str, value: float, planned: Callable[[], float]) -> float:
        """Return where an axis ends that stays as it is for a whole run.

        While the run as it is planned is being looked at, it is laid for as much as is known; then
        it is laid once more.

        Args:
            name: Which axis.
            value: What it has to reach now.
            planned: Works out what it has to reach in the run as it is planned, as far as that has
                been looked at.
        """
        found = self._tops.get(name)
        if found is None or (self._foreseen and name in self._provisional):
            before, found = found, nice(max(value, planned()))
            if before not in (None, found):
                self._changed[name] = self._now, before or 0.0
            if self._foreseen:
                self._provisional.discard(name)
            else:
                self._provisional.add(name)
        elif value > found:
            self._changed[name] = self._now, found
            found = nice(max(value, 2 * found, planned()))
        self._tops[name] = found
        return found

    def was(self, name: str) -> float | None:
        """Return where an axis ended before its scale changed, for as long as that is told."""
        at, before = self._changed.get(name, (-TOLD, 0.0))
        return before if 0 <= self._now - at < TOLD else None

    def seen(self, axis: str, labels: Iterable[str]) -> tuple[str, ...]:
        """Return every label an axis has had so far, the greatest first."""
        found = self._seen[axis] = self._seen.get(axis, frozenset()).union(labels)
        return tuple(sorted(found, reverse=True))


def planned(frame: LabFrame, what: str) -> float:
    """Return the highest ``depth`` or ``age`` of the run as it is planned, as far as known.

    Its ``deepest`` is the most that is ready in any one queue.
    """
    return max((max(_samples(plan, what), default=0.0) for plan in frame.plans), default=0.0)


def _samples(plan: SeriesView, what: str) -> Sequence[float]:
    if what == "deepest":
        return (plan.deepest,)
    return plan.age if what == "age" else plan.depth


def horizon(frame: LabFrame) -> float:
    """Return where the time axis ends, in seconds: the planned end, or a multiple of it."""
    planned = frame.duration if frame.duration > 0 else 1.0
    reached = max(frame.frontier, frame.view.now)
    return planned * max(1, math.ceil(reached / planned - 1e-9))


def column_of(time: float, end: float, width: int) -> int:
    """Return the column of an instant on an axis of ``width`` columns that ends at ``end``."""
    if end <= 0 or width <= 0:
        return 0
    return max(0, min(width - 1, int(time / end * width)))


def columns(
    samples: Sequence[float], step: float, end: float, width: int, now: float
) -> list[float]:
    """Return the greatest sample of each column of time; as many columns as time has passed."""
    if width <= 0 or not samples or step <= 0:
        return []
    shown = column_of(now, end, width) + 1
    per = end / width / step
    last = len(samples)
    found = []
    for column in range(shown):
        first = min(int(column * per + 1e-9), last - 1)
        after = min(max(first + 1, int((column + 1) * per + 1e-9)), last)
        found.append(max(samples[first:after]))
    return found


def rates(counts: Sequence[int], step: float, span: float) -> list[float]:
    """Return counts per step as a rate per second over the ``span`` seconds before each step."""
    reach = max(1, round(span / step))
    found: list[float] = []
    total = 0
    for index, number in enumerate(counts):
        total += number
        if index >= reach:
            total -= counts[index - reach]
        # The first steps are measured over half a span at least: one arrival at 0 is no rate.
        found.append(total / (max(min(index + 1, reach), -(-reach // 2)) * step))
    return found


def area(
    paper: Paper,
    x: int,
    y: int,
    height: int,
    values: Sequence[float],
    top: float,
    ink: str,
    over: tuple[float, str] | None = None,
) -> None:
    """Fill the area under a curve, its top row at ``y``, its axis ending at ``top``.

    ``over`` is a limit and the ink of columns that lie beyond it.
    """
    for column, value in enumerate(values):
        if value <= 0:
            paper.put(x + column, y + height - 1, "▁", "lane")
            continue
        eighths = max(1, min(round(value / top * height * 8), height * 8))
        shade = over[1] if over is not None and value > over[0] else ink
        full, part = divmod(eighths, 8)
        for row in range(full):
            paper.put(x + column, y + height - 1 - row, "█", shade)
        if part:
            paper.put(x + column, y + height - 1 - full, EIGHTHS[part], shade)
