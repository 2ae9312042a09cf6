"""Carrying out the trials of a sweep: here, or by a crew of processes; the results are the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Final

from mailrail_patterns.sweeping import Trial
from mailrail_patterns.trials import Result, Sweep

from .sweep_crew import Crew, attempt

ALONE: Final = 0.5
"""Seconds of work that are not worth starting processes for."""

_CHUNK: Final = 16
"""Most trials handed to a process at once."""

_AGAIN: Final = 0.1
"""Seconds between two notes of progress."""

Told = Callable[[int], None]


def results(
    sweep: Sweep, trials: Sequence[Trial], jobs: int | None, told: Told = lambda done: None
) -> list[Result]:
    """Carry out all trials and return their results in the same order.

    Args:
        sweep: What they have in common.
        trials: The trials.
        jobs: How many processes to use; 1: this one; None: one a core, as soon as the work has
            turned out to be worth it.
        told: Called now and then with how many are done.

    Raises:
        Lost: If a process died.
    """
    crew = cores() if jobs is None else jobs
    patience = float("inf") if crew == 1 else ALONE if jobs is None else 0.0
    found: list[Result] = []
    begun = noted = time.monotonic()
    for trial in trials:
        now = time.monotonic()
        if now - begun >= patience:
            break
        if now - noted >= _AGAIN:
            noted = now
            told(len(found))
        found.append(attempt(sweep, trial))
    rest = trials[len(found) :]
    return [*found, *_together(sweep, rest, crew, len(found), told)] if rest else found


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # there is no such thing on this system
        return os.cpu_count() or 1


def _together(
    sweep: Sweep, trials: Sequence[Trial], jobs: int, done: int, told: Told
) -> list[Result]:
    size = max(1, min(_CHUNK, len(trials) // (4 * jobs)))
    chunks = [trials[start : start + size] for start in range(0, len(trials), size)]
    found: list[list[Result]] = [[] for _ in chunks]
    with Crew(sweep, min(jobs, len(chunks))) as crew:
        for number, chunk in crew.work(chunks):
            found[number] = chunk
            done += len(chunk)
            told(done)
    return [result for chunk in found for result in chunk]
