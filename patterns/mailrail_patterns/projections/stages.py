"""One stage of a pipeline: how busy it is, what waits before it, what comes in and goes out."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from .measures import Measure, Number, tidy
from .tape import Tape

STAGES: Final = ("decode", "resize", "watermark", "publish")
"""The stages that are measured."""

RECENT: Final = 10.0
"""Stretch over which present rates are measured, in seconds."""

MEASURES: Final = tuple(
    measure
    for stage in STAGES
    for measure in (
        Measure(f"{stage}_utilisation", f"share of its life {stage} spent working"),
        Measure(f"{stage}_in_rate", f"items a second put before {stage}, last {RECENT:g} s", "/s"),
        Measure(f"{stage}_out_rate", f"items a second {stage} finished, last {RECENT:g} s", "/s"),
        Measure(f"{stage}_pipe", f"items waiting now before {stage}", "messages", 1),
        Measure(f"{stage}_pipe_max", f"most items waiting before {stage}", "messages", 1),
        Measure(f"{stage}_blocked", f"time {stage} waited for room", "s", 1),
    )
)  # fmt: skip
"""What is measured of each of them. Where more comes in than goes out, the pipe fills."""


class Stage:
    """One stage's running figures."""

    def __init__(self) -> None:
        self.alive: set[str] = set()
        self.working: set[str] = set()
        self.paused: set[str] = set()
        self.busy = 0.0
        self.lives = 0.0
        self.depth = 0
        self.depth_max = 0
        self.blocked: set[str] = set()
        self.blocked_for = 0.0
        self.arrivals: Tape[float] = Tape()
        self.departures: Tape[float] = Tape()

    def passes(self, span: float) -> None:
        """Let so many seconds pass in which nothing changes."""
        self.busy += span * len(self.working - self.blocked - self.paused)
        self.lives += span * len(self.alive)
        self.blocked_for += span * len(self.blocked)
        self.depth_max = max(self.depth_max, self.depth)

    def values(self, name: str, now: float) -> Iterator[tuple[str, Number]]:
        """Return the stage's metrics, under its name, as of ``now`` seconds."""
        yield f"{name}_utilisation", tidy(self.busy / self.lives) if self.lives else None
        yield f"{name}_in_rate", rate(self.arrivals, now)
        yield f"{name}_out_rate", rate(self.departures, now)
        yield f"{name}_pipe", self.depth
        yield f"{name}_pipe_max", self.depth_max
        yield f"{name}_blocked", tidy(self.blocked_for)

    def copy(self) -> Stage:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.alive, twin.working = set(self.alive), set(self.working)
        twin.blocked, twin.paused = set(self.blocked), set(self.paused)
        twin.arrivals, twin.departures = self.arrivals.copy(), self.departures.copy()
        return twin


def rate(times: Tape[float], now: float) -> float | None:
    """Return how many of these times a second lie in the latest stretch before ``now``.

    In the beginning that is the time since the start, which counts; None: no time has passed.
    """
    span = min(now, RECENT)
    if span <= 0:
        return None
    since = bisect_right(times.items, now - RECENT, hi=times.length) if now > RECENT else 0
    return tidy((times.length - since) / span)
