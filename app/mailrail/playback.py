"""How wall-clock time becomes virtual time: speed, the millisecond grid, where playing stops."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator
from typing import Final

from mailrail_patterns.commands import Say, Timed, Wait
from mailrail_patterns.run import Run

from .framing import Framer
from .speeds import MAX, STEPS

LATE: Final = 0.5
"""Most wall-clock seconds one frame makes up for: a suspended terminal does not leap ahead."""

GRID: Final = 1000
"""Playing stops on whole milliseconds, so that what is done by hand has a readable time."""

SLICE: Final = 500
"""Steps of the engine taken one by one between two looks at the clock."""


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


def _planned(run: Run) -> list[Timed]:
    return sorted((*run.scenario.steps, *run.commands), key=lambda timed: timed.at)


def search(run: Run, framer: Framer, kinds: frozenset[str]) -> Generator[float, None, int | None]:
    """Run the engine on until something worth a mark happens; else leave the playhead alone.

    Args:
        run: The run.
        framer: Knows its marks.
        kinds: Kinds of mark to look for; empty: any.

    Yields:
        How much of the run has been looked at, from 0 to 1.

    Returns:
        The number of the event that was found, if one was.
    """
    known = len(framer.marks)

    def marked() -> int | None:
        nonlocal known
        framer.read()
        fresh, known = framer.marks[known:], len(framer.marks)
        return next((each.n for each in fresh if not kinds or each.kind in kinds), None)

    return (yield from _stepping(run, marked))


def next_event(run: Run) -> Generator[float, None, int | None]:
    """Run the engine on until there is an event after the playhead; else leave the playhead alone.

    Yields:
        How much of the run has been looked at, from 0 to 1.

    Returns:
        The number of the event, if there is one.
    """
    wanted = run.position + 1
    if len(run.events) >= wanted:
        return wanted
    return (yield from _stepping(run, lambda: wanted if len(run.events) >= wanted else None))


def _stepping(run: Run, look: Callable[[], int | None]) -> Generator[float, None, int | None]:
    """Take one step of the engine after the other until a look finds something, or to the end."""
    start, position, found = run.now, run.position, None
    try:
        over = False
        while not over and found is None:
            for _ in range(SLICE):
                over = run.advance(run.duration, 1) or run.stalled
                found = look()
                if over or found is not None:
                    break
            else:
                yield run.now / run.duration
        return found
    finally:
        if found is None:
            run.seek(start)
            if run.position != position:  # it stood amid an instant
                run.seek_event(position)
