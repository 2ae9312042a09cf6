"""Adding up what broke in the runs of a sweep."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from .trials import EXPECTATION, Break, Result


class Tally(msgspec.Struct, frozen=True):
    """How often something broke.

    Attributes:
        name: What broke.
        sort: ``guarantee``, ``expectation`` or ``code``.
        runs: In how many runs.
        first: Index of the first of them.
    """

    name: str
    sort: str
    runs: int
    first: int


def tallies(results: Sequence[Result]) -> tuple[Tally, ...]:
    """Return how often what broke, the most frequent first."""
    found: dict[tuple[str, str], Tally] = {}
    for index, result in enumerate(results):
        for each in result.breaks:
            key = each.sort, each.name
            known = found.get(key)
            if known is None:
                found[key] = Tally(each.name, each.sort, 1, index)
            else:
                found[key] = replace(known, runs=known.runs + 1)
    return tuple(sorted(found.values(), key=lambda tally: (-tally.runs, tally.first, tally.name)))


def shortest(results: Sequence[Result]) -> tuple[int, Break] | None:
    """Return the trial that breaks something after the fewest events, and what it breaks.

    Guarantees come before expectations, which are judged only at the end.
    """
    found = [
        (each.sort == EXPECTATION, each.event, each.time, index, each)
        for index, result in enumerate(results)
        for each in result.breaks
    ]
    if not found:
        return None
    best = min(found, key=lambda entry: (*entry[:4], entry[4].name))
    return best[3], best[4]
