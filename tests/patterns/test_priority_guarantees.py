"""Each guarantee of a priority queue breaks on a list of events that breaks it, and there only."""

from __future__ import annotations

from typing import Any

import pytest

from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.invariants.priorities import priority_rules
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.port import Position
from mailrail_patterns.priority_queue import Policy, Settings

Told = tuple[float, str, str, dict[str, Any]]


def sent(name: str, t: float, **more: Any) -> Told:
    """Accept a message; its class is told by its first letter."""
    return t, "sent", name, {"group": "high" if name[0] == "h" else "low", **more}


def given(name: str, t: float, **more: Any) -> Told:
    """Deliver a message."""
    return t, "delivered", name, {"delivery": 1, "until": t + 30, **more}


def back(name: str, t: float) -> Told:
    """Return a message."""
    return t, "abandoned", name, {}


def breaks(*told: Told, now: float = 0.0, **chosen: Any) -> list[tuple[str, int, str]]:
    """Return every breach: guarantee, event and what was found."""
    chosen = {"policy": Policy.STRICT, "starve_after": 20.0, **chosen}
    settings = Settings(**chosen)
    journal = Journal()
    judge = Judge(journal, priority_rules(lambda: settings))
    numbers: dict[int, int] = {}
    for place, (t, kind, message, more) in enumerate(told, 1):
        journal.now = t
        fields = {"queue": "work", "actor": "worker-1", **more}
        numbers[journal.emit(kind, message=message, **fields)] = place
    judge.findings(max(now, journal.now), quiet=False)
    closing = [b for rule in judge._rules for b in rule.closing(max(now, journal.now), False)]
    return [(b.guarantee, numbers.get(b.event, 0), b.what) for b in (*judge.breaches, *closing)]


def names(found: list[tuple[str, int, str]]) -> list[tuple[str, int]]:
    return [(guarantee, place) for guarantee, place, _ in found]


def test_strict_order() -> None:
    story = [sent("h1", 0), sent("l1", 0), given("l1", 1)]
    assert names(breaks(*story)) == [("strict-order", 3)]
    assert "h1 was ready" in breaks(*story)[0][2]
    assert breaks(story[0], story[1], given("h1", 1), given("l1", 1)) == []
    for harmless in ({"prefetch": 5}, {"redelivery": Position.TAIL}, {"policy": Policy.FIFO}):
        assert breaks(*story, **harmless) == []


def test_a_high_message_on_another_queue_is_no_reason() -> None:
    assert breaks(sent("h1", 0, queue="high"), sent("l1", 0), given("l1", 1)) == []


def test_the_higher_of_ten_goes_first() -> None:
    seven, three = {"group": "7"}, {"group": "3"}
    story = [sent("a", 0, **three), sent("b", 0, **seven), given("a", 1)]
    assert names(breaks(*story)) == [("strict-order", 3)]
    assert breaks(story[0], story[1], given("b", 1), given("a", 1)) == []


def ranked(name: str, t: float, value: float) -> Told:
    return t, "ranked", name, {"value": value, "text": "deadline"}


def test_nothing_goes_before_what_compares_less() -> None:
    known = [sent("l1", 0), ranked("l1", 0, 20.0), sent("h1", 5), ranked("h1", 5, 15.0)]
    for policy in (Policy.DEADLINE, Policy.SHORTEST):
        assert names(breaks(*known, given("l1", 6), policy=policy)) == [("comparison-kept", 5)]
        assert breaks(*known, given("h1", 6), given("l1", 6), policy=policy) == []
    assert breaks(*known, given("h1", 6), back("h1", 7), given("l1", 8), policy=Policy.DEADLINE)
    anew = (7.0, "changed", "policy", {"text": "strict"})
    assert breaks(*known, anew, given("h1", 8), given("l1", 8), policy=Policy.DEADLINE) == []


@pytest.mark.parametrize(("since", "found"), [(0.4, []), (0.6, ["high-drained-first"])])
def test_a_shared_worker_looks_at_high_every_poll(since: float, found: list[str]) -> None:
    chosen: dict[str, Any] = {"policy": Policy.DRAIN, "poll": 0.5}
    story = [sent("h1", 10 - since, queue="high"), sent("l1", 10, queue="low")]
    taken = given("l1", 10, queue="low", actor="shared-worker-1")
    assert [name for name, _ in names(breaks(*story, taken, **chosen))] == found
    asleep = (10.0, "resumed", "", {"actor": "shared-worker-1"})
    assert breaks(*story, asleep, taken, **chosen) == []
    reserved = given("l1", 10, queue="low", actor="low-worker-1")
    assert breaks(*story, reserved, **chosen) == []


def test_fifo_within_class() -> None:
    story = [sent("h1", 0), sent("h2", 0), given("h2", 1)]
    for policy in set(Policy) - {Policy.DEADLINE, Policy.SHORTEST}:
        assert names(breaks(*story, policy=policy)) == [("fifo-within-class", 3)]
    assert breaks(*story, policy=Policy.SHORTEST) == [], "what is compared is not when it came"
    assert breaks(sent("h1", 0), given("h1", 0), sent("h2", 1), back("h1", 2), given("h2", 2)) == []


def test_aging_lets_high_first_until_low_is_old() -> None:
    young = [sent("l1", 0), sent("h1", 1), given("l1", 5)]
    assert names(breaks(*young, policy=Policy.AGING)) == [("aging-kept", 3)]
    old = [sent("l1", 0), sent("h1", 1), given("l1", 8)]
    assert breaks(*old, policy=Policy.AGING) == []
    overtaken = [sent("l1", 0), sent("h1", 1), given("h1", 8)]
    assert names(breaks(*overtaken, policy=Policy.AGING)) == [("aging-kept", 3)]
    older = [sent("h1", 0), sent("l1", 1), given("l1", 9.5)]
    assert names(breaks(*older, policy=Policy.AGING)) == [("aging-kept", 3)]


def test_share_kept() -> None:
    highs = [f"h{number}" for number in range(5)]
    story = [sent("l1", 0), *(sent(name, 0) for name in highs)]
    served = [given(name, 1) for name in highs]
    assert names(breaks(*story, *served, policy=Policy.SHARE)) == [("share-kept", 11)]
    assert breaks(*story, *served[:4], given("l1", 1), served[4], policy=Policy.SHARE) == []
    changed = (1.0, "changed", "policy", {"text": "share"})
    assert breaks(*story, *served[:3], changed, *served[3:], policy=Policy.SHARE) == []


def test_the_highest_keep_their_share() -> None:
    lows = [f"l{number}" for number in range(4)]
    story = [sent("h1", 0), *(sent(name, 0) for name in lows), sent("l9", 0)]
    served = [given(name, 1) for name in lows]
    assert names(breaks(*story, *served, policy=Policy.SHARE)) == [("share-kept", 9)]
    assert breaks(*story, *served[:2], given("h1", 1), *served[2:], policy=Policy.SHARE) == []
    assert breaks(*story, *served, policy=Policy.FIFO) == []
    again = [given(name, 1, delivery=2) for name in lows]
    assert breaks(*story, *again, policy=Policy.SHARE, redelivery=Position.RETURNS) == []


def test_nobody_starves_breaks_while_it_waits_not_when_it_is_served_at_last() -> None:
    story = [sent("l1", 0), sent("h1", 5), given("h1", 19), sent("h2", 20), given("h2", 21)]
    found = breaks(*story, given("l1", 30))
    assert names(found) == [("nobody-starves", 5)], "and it is counted once"
    assert found[0][2] == "l1 (low) has waited 21.0 s, and h2 is served"
    assert breaks(*story[:3], given("l1", 20)) == []
    assert breaks(*story, starve_after=0.0) == []


def test_who_is_served_too_late_is_told_too() -> None:
    assert names(breaks(sent("l1", 0), given("l1", 20.5))) == [("nobody-starves", 2)]


def test_of_many_that_starve_the_oldest_is_told_while_it_waits_the_others_when_served() -> None:
    lows = [sent(f"l{number}", number / 10) for number in range(5)]
    story = [*lows, sent("h1", 30), given("h1", 30), sent("h2", 31), given("h2", 31)]
    assert names(breaks(*story)) == [("nobody-starves", 7)]
    served = [given("l0", 32), given("l1", 33), given("l2", 34)]
    found = breaks(*story, *served)
    assert [what.split()[0] for _, _, what in found] == ["l0", "l1", "l2", "l3"]


def test_starving_shows_even_when_nobody_is_served_at_all() -> None:
    found = breaks(sent("l1", 0), now=25.0)
    assert names(found) == [("nobody-starves", 0)]
    assert breaks(sent("l1", 0), now=20.0) == []


@pytest.mark.parametrize("gone", ["expired", "dropped", "dead_lettered"])
def test_what_is_gone_neither_waits_nor_stands_in_the_way(gone: str) -> None:
    left: Told = (1.0, gone, "h1", {})
    assert breaks(sent("h1", 0), sent("l1", 0), left, given("l1", 2), now=50.0) == []
