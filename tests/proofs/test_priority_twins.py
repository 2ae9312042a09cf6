"""A6 (1), word by word: pools keep the classes apart, and priority never changes what is served.

Both are said of two runs with the same arrivals, so two runs are what is compared. What aging and
shares promise is said of one run, and asked of the list of its events.
"""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.patterns.test_priority_model import FLOWS, HIGH, LOW, Flow, run_of
from tests.support.by_hand import broken

from mailrail.twins import twin_of
from mailrail_patterns import catalog
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.priority_queue import Policy
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

NAME = "priority-queue"
DEMO = f"{NAME}/starve-then-age"
TIMES = ("sent", "delivered", "working", "effect", "completed")
LOSES = {"capacity", "ttl", "loss"}
"""Settings with which a message may be lost for its place."""


def history(run: Run, kind: str) -> list[list[tuple[str, float]]]:
    """Return what became of each message of a class and when, in the order of acceptance."""
    mine = {e.message: list[tuple[str, float]]() for e in run.events if e.group == kind}
    for event in run.events:
        if event.kind in TIMES and event.message in mine:
            mine[event.message].append((event.kind, event.t))
    return list(mine.values())


def served(run: Run) -> set[str]:
    """Return the messages that were worked on to the end."""
    return {event.message for event in run.events if event.kind == "effect"}


# --- pools --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "commands",
    [
        (), ("10s inject burst 60",), ("10s crash high-worker-1",), ("10s pause high-worker-1",),
        ("10s inject slow on high-worker-1 20",), ("10s set high_every=50ms",),
        ("10s spawn sender kind=high every=50ms count=200",),
    ],
)  # fmt: skip
def test_whatever_befalls_high_low_is_served_as_if_there_were_none(
    commands: tuple[str, ...],
) -> None:
    def lows(*commands: str) -> list[list[tuple[str, float]]]:
        pools = {"policy": "pools", "low_every": "1.25s", "high_every": "0.5s", "producers": 2}
        timed = [parse_timed(text) for text in commands]
        run = Run(find(NAME), overrides=pools, commands=timed)
        run.advance(60.0)
        assert "pools-apart" not in broken(run)
        return history(run, LOW)

    calm = lows("0s set high_every=1000s")
    assert lows(*commands) == calm
    assert len(calm) > 50


@given(flows=FLOWS, service=st.integers(1, 30), pool=st.integers(1, 3))
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
def test_with_pools_low_never_notices_what_is_high(
    flows: list[Flow], service: int, pool: int
) -> None:
    lows = [flow for flow in flows if flow.kind == LOW] or [Flow(LOW, 7, 9, 3)]
    flood = [flow for flow in flows if flow.kind == HIGH] or [Flow(HIGH, 1, 15, 0)]
    alone, together = (
        run_of(each, [service * 100], policy="pools", low_pool=pool, lock="900s")
        for each in (lows, [*flood, *lows])
    )
    assert history(together, LOW) == history(alone, LOW)


def test_with_one_sender_for_both_a_full_queue_that_blocks_is_where_they_meet() -> None:
    run = Run(find(DEMO), overrides={"policy": "pools", "capacity": 5, "overflow": "block"})
    run.advance(75.0)
    assert "pools-apart" in broken(run)
    run = Run(find(DEMO), overrides={"policy": "pools", "capacity": 5})
    run.advance(75.0)
    assert "pools-apart" not in broken(run)


# --- the set ------------------------------------------------------------------------------


def chosen(name: str) -> dict[str, object]:
    """Return the settings a scenario states."""
    return dict(find(name).settings)


LOSSLESS = [each for each in (NAME, *catalog.bundled(NAME)) if not LOSES & chosen(each).keys()]


@pytest.mark.parametrize("name", LOSSLESS)
def test_priority_never_changes_the_set_that_is_served(name: str) -> None:
    scenario = find(name)
    policy = Policy(str(chosen(name).get("policy", "strict")))
    first = Run(scenario, overrides={"count": "12"})
    twins = [twin_of(first, {"policy": each.value}) for each in Policy if each is not policy]
    first.advance(200.0)
    for twin in twins:
        twin.advance(200.0)
        assert served(twin) == served(first), twin.overrides
        assert "same-set" not in broken(twin)
    assert len(served(first)) >= 6


@given(flows=FLOWS, workers=st.integers(1, 3), dies=st.integers(0, 60))
@settings(max_examples=6, deadline=None, derandomize=True, database=None)
def test_nor_does_it_when_a_worker_dies_at_its_work(
    flows: list[Flow], workers: int, dies: int
) -> None:
    found = set()
    for policy in Policy:
        run = run_of(flows, [700], consumers=workers, policy=policy.value, restart_after="3s",
                     lock="5s")  # fmt: skip
        again = Run(run.scenario, commands=[parse_timed(f"{dies / 10}s crash any at K2")])
        again.advance(1000.0)
        found.add(frozenset(served(again)))
    assert len(found) == 1


# --- what one run shows -------------------------------------------------------------------


@given(flows=FLOWS, service=st.integers(1, 20), workers=st.integers(1, 3),
       aging=st.integers(1, 90))  # fmt: skip
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_nobody_is_older_than_its_aging_and_who_is_before_it_then(
    flows: list[Flow], service: int, workers: int, aging: int
) -> None:
    """t + (jobs ahead in its promoted class) / mu, and what is left of the work in hand."""
    takes, old = service / 10, aging / 10
    run = run_of(flows, [service * 100], policy="aging", aging=f"{aging * 100}ms",
                 consumers=workers, lock="900s")  # fmt: skip
    came = {e.message: e.t for e in run.events if e.kind == "sent"}
    begun = {e.message: e.t for e in run.events if e.kind == "working"}
    for place, (name, since) in enumerate(came.items()):
        promoted = since + old
        ahead = sum(begun[other] >= promoted - 1e-6 for other in list(came)[:place])
        assert begun[name] <= promoted + (ahead / workers + 1) * takes + 1e-6


@given(flows=FLOWS, share=st.integers(1, 6), workers=st.integers(1, 3))
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_while_both_wait_each_class_gets_its_share_of_any_deliveries(
    flows: list[Flow], share: int, workers: int
) -> None:
    """Of any n starts of a backlog, a class of share w gets floor(n x w) - 1 or more."""
    run = run_of(flows, [700], policy="share", share=share, consumers=workers, lock="900s")
    kinds: dict[str, str] = {}
    ready = {HIGH: 0, LOW: 0}
    told: list[tuple[bool, str]] = []
    for event in run.events:
        if event.kind == "sent":
            kinds[event.message] = event.group
            ready[event.group] += 1
        elif event.kind == "delivered":
            kind = kinds[event.message]
            told.append((min(ready.values()) > 0, kind))
            ready[kind] -= 1
    for both, window in groupby(told, key=lambda one: one[0]):
        order = [kind for _, kind in window] if both else []
        for first in range(len(order)):
            for last in range(first + 1, len(order) + 1):
                n = last - first
                highs = order[first:last].count(HIGH)
                assert highs >= n * share // (share + 1) - 1
                assert n - highs >= n // (share + 1) - 1
