"""Ten priorities, rules of comparison, and one pool for two queues."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.support.broker_state import assert_folds_match
from tests.support.by_hand import ran

from mailrail_patterns.names import BadInput
from mailrail_patterns.ranks import CLASSES, EXPEDITED, HIGH, LABELS, LOW, NORMAL, RANKS, spread
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def test_five_of_ten_are_expedited_as_in_jms() -> None:
    assert {RANKS[label] for label in EXPEDITED} == {5, 6, 7, 8, 9}
    assert {RANKS[label] for label in NORMAL} == {0, 1, 2, 3, 4}
    assert all((RANKS[label] >= 5) == (CLASSES[label] == HIGH) for label in LABELS)


def test_numbers_are_spread_evenly_and_stay_in_their_class() -> None:
    for kind, labels in ((HIGH, EXPEDITED), (LOW, NORMAL)):
        given = [spread(kind, number) for number in range(1, 101)]
        assert {given.count(label) for label in labels} <= {19, 20, 21}


def test_numbering_changes_the_stamps_and_nothing_else() -> None:
    two, ten = (
        ran("priority-queue", 30.0, high_every="exponential(1s)", priorities=many)
        for many in ("two", "ten")
    )
    named, numbered = (
        [(e.t, e.message, e.group) for e in run.events if e.kind == "sent"] for run in (two, ten)
    )
    assert [each[:2] for each in named] == [each[:2] for each in numbered]
    assert [each[2] for each in named] == [CLASSES[each[2]] for each in numbered]
    assert {each[2] for each in numbered} == set(EXPEDITED + NORMAL)


def test_what_comes_back_under_another_rule_stands_at_the_head_in_the_picture_too() -> None:
    """Its rank is told when it comes back, which does not move it."""
    run = ran("priority-queue", 8.0, "2.1s pause worker-1", "3s set policy=deadline",
              consumers=1, lock="2s", high_every="400ms")  # fmt: skip
    (back,) = (event for event in run.events if event.kind == "lock_expired")
    ranked = [event.message for event in run.events if event.kind == "ranked" and event.t == back.t]
    assert back.message in ranked
    assert_folds_match(run)
    assert run.view().queues[0].ready[0].name == back.message


def test_a_look_takes_nothing() -> None:
    run = ran("priority-queue/ten-priorities", 4.7, "4.6s peek work", "4.6s peek work")
    looks = [event for event in run.events if event.kind == "peeked" and event.t > 4]
    assert [(look.message, look.value) for look in looks] == [("m21", 16), ("m21", 16)]
    without = ran("priority-queue/ten-priorities", 25.0)
    run.advance(25.0)
    begun = [
        [(e.t, e.message) for e in each.events if e.kind == "working"] for each in (run, without)
    ]
    assert begun[0] == begun[1]


def test_a_look_says_who_is_next_whatever_the_policy() -> None:
    for policy in ("fifo", "strict", "aging", "share", "deadline", "shortest"):
        looks = [f"{at}s peek work" for at in range(6, 40)]
        run = ran("priority-queue/starve-then-age", 45.0, *looks, policy=policy)
        delivered = [e for e in run.events if e.kind == "delivered"]
        for look in (e for e in run.events if e.kind == "peeked" and e.message):
            waiting = [e for e in run.events if e.kind == "sent" and e.t > look.t]
            after = next(e for e in delivered if e.n > look.n)
            overtaken = any(e.n < after.n and e.message == after.message for e in waiting)
            aged = policy == "aging"  # somebody may turn old between the look and the delivery
            assert after.message == look.message or overtaken or aged, (policy, look.t)


def test_an_empty_queue_has_nothing_next() -> None:
    run = ran("priority-queue", 1.0, "0s stop sender-1", "0.5s peek work")
    (look,) = (event for event in run.events if event.kind == "peeked")
    assert (look.message, look.value) == ("", 0)


def test_nobody_looks_at_a_queue_that_is_not_there() -> None:
    with pytest.raises(BadInput, match="unknown queue"):
        ran("priority-queue", 1.0, "0s peek wrok")


def test_a_shared_worker_needs_two_queues() -> None:
    with pytest.raises(BadInput, match="set policy=drain"):
        ran("priority-queue", 1.0, "0s spawn shared-worker")


def test_a_shared_pool_lives_on_when_half_of_it_dies() -> None:
    """What PATTERNS asks of topology (c): the death of a worker takes no queue its only server."""
    run = ran("priority-queue/high-drained-first", 20.0, "5s crash shared-worker-1",
              "6s restart shared-worker-1")  # fmt: skip
    high = [e.actor for e in run.events if e.kind == "delivered" and e.queue == "high" and e.t >= 5]
    assert "shared-worker-2" in high
    assert run.metrics()["high_started"] == 11


def test_the_golden_gap_of_a_reserved_worker() -> None:
    runs = {}
    for name in ("high-drained-first", "high-drained-first-reserved"):
        run = Run(find(f"priority-queue/{name}"))
        run.advance(20.0)
        runs[name] = [e.t for e in run.events if e.kind == "working" and e.queue == "low"]
    gaps = [max(b - a for a, b in pairwise(t)) for t in runs.values()]
    assert gaps == [6.0, 1.0]
