"""How long lanes have waited, been worked on and stood still, and the latest times they did."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Final

from .convoy_scene import FROZEN, HELD, HIDDEN, OPEN, STATES, WAITING, SpanView
from .lanes import LaneFold
from .measures import Number, tidy

SPANS: Final = 8
"""Stretches of standing still that are remembered."""

UNATTENDED: Final = frozenset({WAITING, HIDDEN})
"""States of a lane that has a message and no holder."""

BEHIND: Final = "behind"
MISSING: Final = "missing"
"""What a lane can be besides its state: locked with something ready in it; short of a number."""


class Spells:
    """How many lanes are in which state, and for how long they have been altogether.

    Attributes:
        now: How many are in each state.
        time: Lane-seconds spent in each state so far.
    """

    def __init__(self) -> None:
        self.now = dict.fromkeys((*STATES, BEHIND, MISSING), 0)
        self.time = dict.fromkeys((*STATES, BEHIND, MISSING), 0.0)
        self._last = 0.0

    def move_to(self, now: float) -> None:
        """Let time pass."""
        span = now - self._last
        if span > 0:
            self._last = now
            for name, number in self.now.items():
                if number:
                    self.time[name] += number * span

    def copy(self) -> Spells:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.now, twin.time = dict(self.now), dict(self.time)
        return twin


class LaneTimes:
    """The times of all lanes.

    Attributes:
        spans: When lanes stood still, the latest.
    """

    def __init__(self) -> None:
        self.spans: tuple[SpanView, ...] = ()
        self._spells = Spells()
        self._wait_max = 0.0
        self._parallel_max = 0

    def appears(self, lane: LaneFold) -> None:
        """Take notice of a lane that nobody has seen before."""
        self._spells.now[lane.state] += 1

    def accepted(self, lane: LaneFold, now: float) -> None:
        """Take notice that a holder has come, and write down how long the lane waited for it."""
        lane.waited = now - lane.since if lane.state in UNATTENDED else 0.0
        self._wait_max = max(self._wait_max, lane.waited)

    def enter(self, lane: LaneFold, state: str, now: float, *, missed: bool) -> None:
        """Let a lane be in a state from now on, which may be the one it is in.

        Args:
            lane: The lane, as it is now but for its state.
            state: The state.
            now: The instant, in seconds.
            missed: Whether it was short of a number until now.
        """
        spells, before = self._spells, lane.state
        spells.move_to(now)
        behind = bool(lane.token and lane.ready)
        spells.now[BEHIND] += behind - lane.behind
        spells.now[MISSING] += bool(lane.missing[0]) - missed
        lane.behind = behind
        if state == before:
            return
        spells.now[before] -= 1
        spells.now[state] += 1
        if state == FROZEN:
            self.spans = (*self.spans, SpanView(lane.key, now))[-SPANS:]
        elif before == FROZEN:
            self.spans = tuple(
                SpanView(span.lane, span.start, now)
                if span.lane == lane.key and span.end is None
                else span
                for span in self.spans
            )
        if not {state, before} <= UNATTENDED:
            lane.since = now
        lane.state = state
        self._parallel_max = max(self._parallel_max, spells.now[HELD])

    def until(self, now: float) -> Spells:
        """Return how many lanes are in which state, and for how long by ``now`` seconds."""
        spells = self._spells.copy()
        spells.move_to(now)
        return spells

    def values(self, spells: Spells, now: float, lanes: Iterable[LaneFold]) -> dict[str, Number]:
        """Return the metrics.

        Args:
            spells: What :meth:`until` says.
            now: The instant, in seconds.
            lanes: All lanes, for those that wait still.
        """
        waiting = (now - lane.since for lane in lanes if lane.state in UNATTENDED)
        return {
            "parallel": spells.now[HELD],
            "parallel_max": self._parallel_max,
            "lanes_waiting": spells.now[WAITING],
            "lane_wait_max": tidy(max((self._wait_max, *waiting))),
            "waited_for_consumer": tidy(spells.time[WAITING]),
            "waited_for_lock": tidy(spells.time[BEHIND]),
            "lanes_hidden": spells.now[HIDDEN],
            "hidden_time": tidy(spells.time[HIDDEN]),
            "frozen": spells.now[FROZEN],
            "frozen_time": tidy(spells.time[FROZEN]),
            "idle_held": tidy(spells.time[OPEN]),
        }

    def copy(self) -> LaneTimes:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._spells = self._spells.copy()
        return twin
