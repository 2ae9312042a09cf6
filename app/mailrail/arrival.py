"""Bringing a run to where it has not been yet, a slice at a time."""

from __future__ import annotations

from collections.abc import Generator

from mailrail_patterns.run import Run

from .errands import SLICE


def to_instant(run: Run, time: float) -> Generator[float, None, bool]:
    """Run a run on to an instant, or to where it stalls.

    Given up on the way, it stays where it has come.

    Args:
        run: The run; one that is further already stays there.
        time: The instant, in seconds.

    Yields:
        How much of the way is done, from 0 to 1.

    Returns:
        Whether it has arrived.
    """
    start = run.frontier
    while not run.advance(time, SLICE):
        if run.stalled:
            return False
        yield (run.frontier - start) / (time - start) if time > start else 0.0
    return True


def to_event(run: Run, number: int) -> Generator[float, None, None]:
    """Run a run on until the event of a number has happened, and no further.

    Given up on the way, it stays where it has come.

    Args:
        run: The run.
        number: The number of an event. Where none of that number happens, it goes to the end, or
            to where it stalls.

    Yields:
        How far it has come, from 0 to 1 at the end of the run.
    """
    while True:
        for _ in range(SLICE):
            if len(run.events) >= number or run.advance(run.duration, 1) or run.stalled:
                return
        yield run.now / run.duration
