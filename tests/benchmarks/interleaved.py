"""Times candidates in turn, so that whatever else the machine does hits them all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

Times = Mapping[str, list[float]]
"""Seconds by candidate, one value a round."""


class Ratio(NamedTuple):
    """A ratio formed in every round.

    Attributes:
        median: The median of the rounds.
        low: The smallest.
        high: The greatest.
    """

    median: float
    low: float
    high: float


def timed(
    candidates: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> Times:
    """Time every candidate once a round, in turn; what it returns is dropped before the next.

    Args:
        candidates: What to time.
        rounds: How often.
        clock: Seconds; by default of processor time, which a busy machine disturbs least.
    """
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            gc.collect()
            start = clock()
            result = candidate()
            found[name].append(clock() - start)
            del result
    return found


def ratio(above: list[float], below: list[float]) -> Ratio:
    """Return ``above`` as a multiple of ``below``, round by round."""
    each = [a / b for a, b in zip(above, below, strict=True)]
    return Ratio(median(each), min(each), max(each))


def middle(values: list[float]) -> float:
    """Return the median."""
    return median(values)
