"""How wall-clock time becomes virtual time: speed, the millisecond grid, where playing stops."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import Final

from mailrail_patterns.commands import Say, Timed, Wait
from mailrail_patterns.run import Run

from .speeds import MAX, STEPS

LATE: Final = 0.5
"""Most wall-clock seconds one frame makes up for: a suspended terminal does not leap ahead."""

GRID: Final = 1000
"""Playing stops on whole milliseconds, so that what is done by hand has a readable time."""


class Playback:
    """Turns wall-clock deltas into the instant the playhead should move to.

    Attributes:
        speed: Virtual seconds a wall-clock second; :data:`MAX`: as fast as possible.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Start at ``speed``; beyond the fastest step it is as fast as possible."""
        self.speed = max(speed, STEPS[0]) if speed <= STEPS[-2] else MAX
        self._before = 1.0
        self._carry = 0.0

    def faster(self) -> None:
        """Take the next speed up."""
        self.speed = STEPS[min(bisect_right(STEPS, self.speed), len(STEPS) - 1)]

    def slower(self) -> None:
        """Take the next speed down."""
        self.speed = STEPS[max(bisect_left(STEPS, self.speed) - 1, 0)]

    def full_speed(self) -> None:
        """Go as fast as possible, or at the speed before that."""
        if self.speed == MAX:
            self.speed = self._before
        else:
            self._before, self.speed = self.speed, MAX

    def forget(self) -> None:
        """Drop the fraction of a millisecond carried over; the playhead was moved otherwise."""
        self._carry = 0.0

    def target(self, now: float, delta: float) -> float:
        """Return where the playhead belongs after ``delta`` wall-clock seconds.

        Args:
            now: Where it is, in seconds of virtual time.
            delta: Wall-clock seconds since it was last moved; at :data:`MAX` no matter.
        """
        if self.speed == MAX:
            return MAX
        want = now + self._carry + min(max(delta, 0.0), LATE) * self.speed
        # The small addition keeps 0.3 from being cut to 0.299 by binary fractions.
        target = max(now, math.floor(want * GRID + 1e-6) / GRID)
        self._carry = max(0.0, want - target)
        return target


def next_stop(run: Run, after: float, *, captions: bool = False) -> tuple[float, str] | None:
    """Return the first break point a presenter planned after an instant: when, and its text.

    Args:
        run: The run.
        after: The instant in seconds; a negative one finds a break point at the very start.
        captions: Whether every caption is a break point as well.
    """
    for timed in _planned(run):
        command = timed.command
        if timed.at > after and (
            isinstance(command, Wait) or (captions and isinstance(command, Say))
        ):
            return timed.at, command.text
    return None


def stop_before(run: Run, time: float) -> float | None:
    """Return the last caption or break point before an instant, in seconds."""
    stops = [t.at for t in _planned(run) if isinstance(t.command, Wait | Say) and t.at < time]
    return stops[-1] if stops else None


def captioned(run: Run) -> bool:
    """Return whether anything is ever said in a run, by its scenario or by hand."""
    steps = (*run.scenario.steps, *run.commands)
    return any(isinstance(t.command, Wait | Say) and t.command.text for t in steps)


def _planned(run: Run) -> list[Timed]:
    return sorted((*run.scenario.steps, *run.commands), key=lambda timed: timed.at)
