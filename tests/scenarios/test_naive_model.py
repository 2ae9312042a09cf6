"""The levelled service against a model that shares nothing with the engine but arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.scenarios import LEVELING, ran, scenario

MS = 1000
Served = list[tuple[int, int, int]]


def naive(
    arrivals: list[int], work: list[int], workers: int, capacity: int | None
) -> tuple[Served, list[int]]:
    """Return (message, start, finish) of all served and the refused, times in milliseconds.

    A plain loop over the sorted arrivals: whoever comes takes the worker that is free first.
    A worker that becomes free at the very instant of an arrival serves who waits already.
    """
    free = [0] * workers
    served: Served = []
    refused: list[int] = []
    for number, now in enumerate(arrivals):
        waiting = [start for _, start, _ in served if start > now]
        idle = any(end <= now for end in free)
        if capacity is not None and len(waiting) >= capacity and not idle:
            refused.append(number)
            continue
        start = max(now, min(free))
        free.remove(min(free))
        finish = start + work[number]
        free.append(finish)
        served.append((number, start, finish))
    return served, refused


def engine(
    arrivals: list[int], work: list[int], workers: int, capacity: int | None
) -> tuple[Served, list[int]]:
    """Return the same from the engine: one client for each arrival."""
    lines: list[str] = []
    names = []
    letters = "mnopqrstuvwxyzabcdefghijkl"
    for number, at in enumerate(arrivals):
        mark = letters[number] if number < len(letters) else f"x{number + 1}-"
        names.append(f"{mark}01")
        lines.append(f'[[producers]]\ncount = 1\nevery = "1s"\nstart = "{at}ms"')
        lines.append(f'[messages."{names[-1]}"]\nwork = "{work[number]}ms"')
    chosen: dict[str, Any] = {"consumers": workers, "lock": "1000s", "patience": "0s"}
    if capacity is not None:
        chosen["capacity"] = capacity
    run = ran(scenario(LEVELING, duration=900.0, text="\n".join(lines), **chosen))
    begun = {e.message: round(e.t * MS) for e in run.events if e.kind == "working"}
    done = {e.message: round(e.t * MS) for e in run.events if e.kind == "completed"}
    served = [(n, begun[name], done[name]) for n, name in enumerate(names) if name in done]
    gone = {e.message for e in run.events if e.kind == "rejected"}
    return served, [n for n, name in enumerate(names) if name in gone]


@given(
    gaps=st.lists(st.integers(1, 900), min_size=1, max_size=40),
    work=st.lists(st.integers(1, 4000), min_size=40, max_size=40),
    workers=st.integers(1, 5),
    capacity=st.none() | st.integers(1, 6),
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_starts_finishes_and_refusals_agree(
    gaps: list[int], work: list[int], workers: int, capacity: int | None
) -> None:
    arrivals, now = [], 0
    for index, gap in enumerate(gaps):
        now += gap * 2  # even instants; odd service times: no ties between the two
        arrivals.append(now)
        work[index] = work[index] * 2 + 1 if index % 2 else work[index] * 2
    model = naive(arrivals, work, workers, capacity)
    if any(finish in arrivals for _, _, finish in model[0]):
        return  # a tie between an arrival and a finish has its own test
    assert engine(arrivals, work, workers, capacity) == model


def test_at_a_tie_the_timer_that_was_set_first_goes_first() -> None:
    served, refused = engine([0, 1000], [1000, 500], 1, None)
    assert (served, refused) == ([(0, 0, 1000), (1, 1000, 1500)], [])


@pytest.mark.parametrize(
    ("rate", "seconds", "after", "workers", "service"),
    [(20, 10, 0, 5, 1.0), (12, 5, 1, 4, 1.0), (30, 4, 5, 10, 0.5), (9, 8, 2, 2, 0.25),
     (6, 10, 3, 2, 0.5), (40, 3, 10, 3, 0.125)],
)  # fmt: skip
def test_the_fluid_formula_of_a_burst(
    rate: int, seconds: int, after: int, workers: int, service: float
) -> None:
    """Peak = (rate - mu) x time, drain = peak / (mu - rate after), longest wait = peak / mu.

    Requests are whole and fluid is not: so each may be off by what is done in one service time,
    at the peak and while the queue drains.
    """
    tail = f', {{ rate = "{after}/s", for = "40s" }}' if after else ""
    text = f'[[producers]]\nphases = [{{ rate = "{rate}/s", for = "{seconds}s" }}{tail}]'
    run = ran(
        scenario(LEVELING, consumers=workers, service=f"{service}s", patience="0s", text=text)
    )
    mu = workers / service
    peak = (rate - mu) * seconds
    measured = {name: value or 0 for name, value in run.metrics().items()}
    spare = workers * service / (mu - after)
    assert abs(measured["depth_max"] - peak) <= workers
    assert abs(measured["drained_at"] - (seconds + peak / (mu - after))) <= service + spare
    assert abs(measured["wait_max"] - peak / mu) <= service
    assert measured["completed"] == rate * seconds + 40 * after
