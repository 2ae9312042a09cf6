"""Metrics are honest: recounted from the journal by somebody who has never seen the meters."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.histories import overloaded, troubled
from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario

from mailrail_patterns.kernel.events import Event
from mailrail_patterns.projections.measures import percentile
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find

BOTH = pytest.mark.parametrize("made", [troubled(), overloaded()], ids=["troubled", "overloaded"])


def count(run: Run, kind: str) -> int:
    """Count events of a kind."""
    return sum(1 for event in run.events if event.kind == kind)


def first_waits(events: list[Event]) -> list[float]:
    """Return the wait of each message from acceptance to its first delivery."""
    sent = {e.message: e.t for e in events if e.kind == "sent" and e.queue == "work"}
    return sorted(
        e.t - sent[e.message]
        for e in events
        if e.kind == "delivered" and e.delivery == 1 and e.queue == "work"
    )


@given(values=st.lists(st.integers(0, 1000), min_size=1, max_size=60), percent=st.integers(1, 100))
def test_the_percentile_is_the_nearest_rank(values: list[int], percent: int) -> None:
    ordered = sorted(values)
    rank = math.ceil(percent * len(ordered) / 100)  # exact: both are small integers
    assert percentile([float(v) for v in ordered], percent / 100) == ordered[rank - 1]


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 0.5) is None


@BOTH
def test_counts_are_the_events(made: Scenario) -> None:
    run = ran(made)
    metrics = run.metrics()
    for name, kind in {
        "sent": "sent", "delivered": "delivered", "completed": "completed",
        "abandoned": "abandoned", "dead_lettered": "dead_lettered", "expired": "expired",
        "rejected": "rejected", "dropped": "dropped", "lock_lost": "lock_lost",
        "effects": "effect", "crashes": "crashed",
    }.items():  # fmt: skip
        assert metrics[name] == count(run, kind), name
    effects = [e.message.partition("~")[0] for e in run.events if e.kind == "effect"]
    assert metrics["duplicate_effects"] == len(effects) - len(set(effects))
    again = sum(1 for e in run.events if e.kind == "delivered" and e.delivery > 1)
    assert metrics["redelivered"] == again


def test_waits_are_the_oracle_s() -> None:
    run = ran(scenario(CONSUMING, every="exponential(300ms)", service="exponential(1s)"))
    waits = first_waits(list(run.events))
    assert len(waits) > 100
    metrics = run.metrics()
    assert metrics["wait_max"] == pytest.approx(waits[-1], abs=1e-6)
    assert metrics["wait_p50"] == pytest.approx(waits[math.ceil(len(waits) / 2) - 1], abs=1e-6)
    rank = math.ceil(len(waits) * 95 / 100)
    assert metrics["wait_p95"] == pytest.approx(waits[rank - 1], abs=1e-6)


def test_a_wait_begins_when_the_message_is_ready() -> None:
    made = scenario(CONSUMING, count=1, text='[messages.m01]\ndelay = "5s"')
    assert ran(made).metrics()["wait_max"] == 0


@BOTH
def test_depth_is_what_the_view_shows(made: Scenario) -> None:
    run = Run(made)
    peak = 0
    for tick in range(400):
        run.advance(tick / 10)
        shown = sum(queue.depth for queue in run.view().queues)
        assert run.metrics()["depth"] == shown
        peak = max(peak, shown)
    deepest = run.metrics()["depth_max"]
    assert isinstance(deepest, int)
    assert deepest >= peak


def test_the_peak_is_exact() -> None:
    run = ran(scenario(LEVELING, every="250ms", service="10s", consumers=1, count=9, patience="0s"))
    assert run.metrics()["depth_max"] == 8
    assert run.metrics()["depth_max_at"] == 2.0


def test_the_age_is_that_of_the_oldest_that_waits_now() -> None:
    run = Run(scenario(LEVELING, every="250ms", service="10s", consumers=1, count=9))
    for now, age in ((0.2, 0.0), (2.0, 1.75), (10.5, 10.0), (95.0, 0.0)):
        run.advance(now)
        assert run.metrics()["age_oldest"] == age
    assert run.metrics()["age_max"] == 78.0  # m09 came at 2 s and was taken at 80 s


def test_utilisation_is_work_over_life() -> None:
    run = ran(scenario(CONSUMING, consumers=2, every="4s", service="1s"), 40)
    # one second of work every four, shared by two consumers; the one sent at 40 s adds nothing
    assert run.metrics()["utilisation"] == pytest.approx(10 / 80)


@pytest.mark.parametrize("name", ["add-and-take-away", "the-lock-is-a-lease", "the-zombie"])
def test_what_is_told_of_each_consumer_adds_up_to_the_utilisation(name: str) -> None:
    run = Run(find(f"{CONSUMING}/{name}"))
    for at in (3.0, 8.6, 12.0, 16.3, 22.0):
        run.advance(at)
        actors = [actor for actor in run.view().actors if actor.kind == "consumer"]
        share = sum(actor.busy for actor in actors) / sum(actor.lived for actor in actors)
        assert run.metrics()["utilisation"] == pytest.approx(share, abs=1e-6), at


ABLE = [
    ("say All four work", 0, 4.0), ("inject slow 2", 0, 2.0), ("inject slow 1.5", 0, 4 / 1.5),
    ("inject slow on worker-1 2", 0, 3.5), ("inject slow on worker-1 2", 3, 3.0),
    ("pause worker-1", 0, 3.0), ("crash worker-1", 0, 3.0), ("say Three reach it", 3, 3.0),
]  # fmt: skip
"""What befalls four workers of a second each, who reaches the database, what is served a second."""


@pytest.mark.parametrize(("trouble", "database", "served"), ABLE)
def test_when_a_queue_will_be_empty_depends_on_who_is_able(
    trouble: str, database: int, served: float
) -> None:
    text = '[[producers]]\nphases = [{ rate = "10/s", for = "5s" }, { rate = "2/s", for = "60s" }]'
    made = scenario(LEVELING, f"5s {trouble}", consumers=4, service="1s", patience="0s",
                    database=database, lock="100s", text=text)  # fmt: skip
    metrics = ran(made, 11.0).metrics()
    depth, eta = metrics["depth"], metrics["drain_eta"]
    assert depth
    assert eta == (None if served <= 2 else pytest.approx(depth / (served - 2)))


def test_overlap_is_the_time_two_worked_on_one() -> None:
    run = ran(scenario(CONSUMING, count=1, service="8s", lock="5s", max_deliveries=2), 40)
    assert run.metrics()["overlap_seconds"] == 3.0


def test_a_lost_acknowledgement_is_no_overlap() -> None:
    """For its consumer the work is done: nobody works on the message until it is redelivered."""
    run = ran(scenario(CONSUMING, "0.5s inject lose-ack", count=1, service="1s", lock="5s"), 40)
    assert run.metrics()["overlap_seconds"] == 0
    assert run.metrics()["utilisation"] == pytest.approx(2 / 120, abs=1e-6)


def test_series_add_up() -> None:
    run = ran(overloaded())
    series = run.view().series
    accepted = count(run, "sent") + count(run, "rejected")
    assert sum(series.arrived) == accepted
    assert sum(series.served) == count(run, "completed")
    assert len(series.depth) == len(series.age) == len(series.arrived) == len(series.served)
    assert series.depth[-1] == run.metrics()["depth"]


def test_the_series_shows_the_depth_at_the_end_of_each_step() -> None:
    run = ran(scenario(CONSUMING, consumers=1, every="1s", service="100s", lock="200s"), 10)
    series = run.view().series
    assert series.step == 0.25
    expected = [max(0, math.floor(round((n + 1) * 0.25, 6))) for n in range(len(series.depth))]
    # A message that arrives exactly at the end of a step belongs to the next one.
    inner = [e for n, e in enumerate(expected[:-1]) if ((n + 1) * 0.25) % 1]
    assert [d for n, d in enumerate(series.depth[:-1]) if ((n + 1) * 0.25) % 1] == inner


def test_a_scheduled_message_that_expires_was_never_waiting() -> None:
    """Time to live ends it while it is scheduled: no meter may take it off the depth."""
    text = '[messages.m01]\ndelay = "9s"\nttl = "2s"'
    run = ran(scenario(LEVELING, consumers=1, every="20s", service="100s", text=text), 19)
    assert run.metrics()["expired"] == 1
    own = run.picture.own
    assert getattr(own, "_depth") == run.metrics()["depth"] == 0  # noqa: B009
