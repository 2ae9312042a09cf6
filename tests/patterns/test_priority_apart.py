"""With pools the classes are apart, and what is served depends on priority only where it kills."""

from __future__ import annotations

import pytest
from tests.patterns.test_priority_guarantees import Told, breaks, given, names, sent

from mailrail_patterns.priority_queue import Policy


def born(role: str, queue: str) -> Told:
    return 0.0, "spawned", "", {"actor": f"{role}-1", "queue": queue, "text": f"{role} consumer"}


def by(actor: str, told: Told) -> Told:
    """Let somebody else be the actor of an event."""
    t, kind, message, more = told
    return t, kind, message, {**more, "actor": actor}


def test_a_pool_serves_its_own_class_only() -> None:
    story = [born("low-worker", "low"), sent("h1", 0, queue="high"), sent("l1", 0, queue="low")]
    high, low = (given(name, 1, queue=queue) for name, queue in (("h1", "high"), ("l1", "low")))
    taken = [*story, by("low-worker-1", high)]
    assert names(breaks(*taken, policy=Policy.POOLS)) == [("pools-apart", 4)]
    assert breaks(*taken, policy=Policy.DRAIN) == []
    assert breaks(*story, by("low-worker-1", low), policy=Policy.POOLS) == []
    shared = [born("shared-worker", ""), *story[1:], by("shared-worker-1", high)]
    assert breaks(*shared, policy=Policy.POOLS) == []


def test_who_waits_before_one_queue_is_late_at_the_other() -> None:
    waits: Told = (1.0, "blocked", "h1", {"queue": "high", "actor": "sender-1"})
    in_at_last = by("sender-1", sent("h1", 4, queue="high"))
    late = by("sender-1", sent("l1", 4, queue="low"))
    assert breaks(waits, in_at_last, late, policy=Policy.POOLS) == [
        ("pools-apart", 3, "l1 (low) came late: sender-1 stood before the full queue of high for "
         "3.0 s"),
    ]  # fmt: skip
    in_time = by("sender-1", sent("l1", 4.5, queue="low"))
    another = sent("l1", 4, queue="low", actor="sender-2")
    same = by("sender-1", sent("h2", 4, queue="high"))
    for harmless in (in_time, another, same):
        assert breaks(waits, in_at_last, harmless, policy=Policy.POOLS) == []
    died: Told = (2.0, "crashed", "", {"actor": "sender-1"})
    assert breaks(waits, died, in_at_last, late, policy=Policy.POOLS) == []


@pytest.mark.parametrize(("policy", "low", "high", "found"), [
    (Policy.STRICT, "work", "work", [("same-set", 4)]),
    (Policy.DRAIN, "low", "high", [("same-set", 4)]),
    (Policy.POOLS, "low", "high", []),
])  # fmt: skip
def test_what_expires_after_it_was_passed_over_was_lost_to_priority(
    policy: Policy, low: str, high: str, found: list[tuple[str, int]]
) -> None:
    over: Told = (9.0, "expired", "l1", {"queue": low, "actor": ""})
    story = [sent("l1", 0, queue=low), sent("h1", 1, queue=high), given("h1", 2, queue=high)]
    assert names(breaks(*story, over, policy=policy)) == found
    assert breaks(story[0], over, policy=policy) == []
    older = [sent("h1", 0, queue=high), sent("l1", 1, queue=low), story[2], over]
    assert breaks(*older, policy=policy) == []


def test_a_full_queue_that_drops_the_highest_keeps_what_is_older() -> None:
    story = [sent("l1", 0), sent("h1", 1)]

    def dropped(name: str, text: str = "QueueFull") -> Told:
        return 2.0, "dropped", name, {"text": text}

    found = breaks(*story, dropped("h1"))
    assert found == [("same-set", 3, "h1 (high) was dropped; l1 is older and stays")]
    assert breaks(*story, dropped("l1")) == []
    assert breaks(*story, dropped("h1", "duplicate")) == []
