"""What a view and the metrics tell of each class, however long the queue is."""

from __future__ import annotations

from typing import Any

import pytest

from mailrail_patterns.broker.entry import Stage
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

CROWD: dict[str, Any] = {"high_every": "5ms", "low_every": "5ms", "service": "1s", "consumers": 5}


def ran(until: float, *commands: str, name: str = "priority-queue", **overrides: Any) -> Run:
    run = Run(find(name), overrides=overrides, commands=[parse_timed(text) for text in commands])
    run.advance(until)
    return run


def held(run: Run) -> dict[str, list[str]]:
    """Return what the broker has ready, by class, in the order in which it was accepted."""
    found: dict[str, list[str]] = {}
    for queue in run._world.queues.values():
        for entry in queue.entries.values():
            if entry.stage is Stage.READY:
                found.setdefault(entry.message.group, []).append(entry.name)
    return found


@pytest.mark.parametrize("policy", ["fifo", "strict", "aging", "share"])
def test_counts_by_class_are_exact_beyond_what_a_view_lists(policy: str) -> None:
    run = ran(10.0, policy=policy, **CROWD)
    queue = run.view().queues[0]
    ready = held(run)
    assert {group.name: group.depth for group in queue.groups} == {
        name: len(names) for name, names in ready.items()
    }
    assert sum(group.depth for group in queue.groups) == queue.depth > 3000
    for group in queue.groups:
        first = [message.name for message in group.ready]
        assert first == ready[group.name][: len(first)]
        assert len(first) == 256
        oldest = min(run._world.queues["work"].entries[n].since for n in ready[group.name])
        assert group.age == pytest.approx(run.now - oldest)


def test_a_class_with_nothing_ready_is_not_listed() -> None:
    run = ran(3.0, name="priority-queue/starve-then-age")
    assert run.view().queues[0].groups == ()


def test_a_returned_message_is_first_of_its_class_again() -> None:
    run = ran(20.2, "20.1s inject expire-lock", name="priority-queue/starve-then-age")
    (high,) = (group for group in run.view().queues[0].groups if group.name == "high")
    assert high.ready[0].delivery == 1
    assert high.depth == 1


def test_rewinding_shows_the_same_groups() -> None:
    run = ran(40.0, "30s set policy=pools", name="priority-queue/starve-then-age")
    seen = {}
    for t in (10.0, 20.0, 31.0, 39.0):
        fresh = ran(t, "30s set policy=pools", name="priority-queue/starve-then-age")
        seen[t] = fresh.view().queues
    for t in (39.0, 10.0, 31.0, 20.0):
        run.seek(t)
        assert run.view().queues == seen[t]


def test_the_starvation_clock_counts_from_the_last_start_while_somebody_waits() -> None:
    run = ran(34.0, name="priority-queue/starve-then-age")
    metrics = run.metrics()
    assert metrics["low_starved"] == 30.0
    assert metrics["low_oldest"] == 28.0
    assert metrics["low_ready"] == 15
    assert metrics["high_starved"] == 0.0
    run.advance(75.0)
    assert run.metrics()["low_starved"] == 0.0
    assert run.metrics()["low_gap_max"] == 31.0


def test_what_is_prefetched_is_delivered_but_not_begun() -> None:
    run = ran(5.2, name="priority-queue/prefetch-inversion")
    metrics = run.metrics()
    assert (metrics["high_served"], metrics["high_started"]) == (1, 0)
    assert metrics["high_oldest"] == 0.0
    assert metrics["high_unbegun"] == pytest.approx(5.19)


def test_an_agreement_is_about_when_the_work_begins() -> None:
    run = ran(20.0, name="priority-queue/prefetch-inversion", sla="5s")
    assert run.metrics()["high_wait_max"] == 0.99, "delivered in time"
    assert run.metrics()["sla_misses"] == 1


def test_who_is_never_begun_misses_the_agreement_as_well() -> None:
    run = ran(11.0, "5.5s crash high-worker-1", policy="pools", sla="5s", lock="60s")
    begun = run.metrics()["high_started"]
    assert (begun, run.metrics()["sla_misses"]) == (6, 0), "the seventh has waited for just 5 s"
    run.advance(15.0)
    assert run.metrics()["sla_misses"] == 4
    expired = ran(15.0, "5.5s crash high-worker-1", policy="pools", sla="5s", lock="60s", ttl="7s")
    assert expired.metrics()["expired"] == 3
    assert expired.metrics()["sla_misses"] == 4, "that it is gone does not mend it"


def test_promotions_are_low_messages_delivered_before_a_ready_high_one() -> None:
    counts = {
        policy: ran(75.0, name="priority-queue/starve-then-age", policy=policy).metrics()[
            "promotions"
        ]
        for policy in ("strict", "fifo", "aging", "share")
    }
    assert counts["strict"] == counts["fifo"] == 0
    assert counts["aging"]
    assert counts["share"]


def test_what_a_dead_worker_had_prefetched_is_no_inversion_after_its_restart() -> None:
    run = ran(
        20.0, "2.5s crash worker-1", "3s restart worker-1", "3.5s set service=10ms",
        name="priority-queue/prefetch-inversion",
    )  # fmt: skip
    assert run.metrics()["inversions"] == 1


def test_events_tell_the_class_of_what_is_sent_received_and_begun() -> None:
    run = ran(20.0, name="priority-queue/starve-then-age")
    for kind in ("sent", "delivered", "working"):
        groups = {e.group for e in run.events if e.kind == kind}
        assert groups == {"high", "low"}
    (worker,) = (a for a in run.view().actors if a.name == "worker-1")
    assert worker.group == "high"
