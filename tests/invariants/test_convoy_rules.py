"""Each guarantee of a convoy breaks on a list of events that breaks it, and on no other."""

from __future__ import annotations

from typing import Any

import pytest

from mailrail_patterns.invariants.convoying import convoy_rules
from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.sequential_convoy import Poison, Settings

Told = dict[str, Any]


def ev(kind: str, t: float = 0.0, actor: str = "", message: str = "", **more: Any) -> Told:
    """Write one event down."""
    return {"t": t, "kind": kind, "actor": actor, "queue": "orders", "message": message, **more}


def sent(name: str, t: float = 0.0, **more: Any) -> Told:
    """Accept a message; the first letter of its name is its group."""
    return ev("sent", t, "sender-1", name, group=name[0].upper(), **more)


def session(kind: str, t: float, who: str, lane: str, token: int, until: float = 0.0) -> Told:
    """Begin, extend or end a session."""
    told = ev(f"session_{kind}", t, "" if kind == "expired" else who, group=lane, token=token,
              until=until)  # fmt: skip
    return {**told, "text": who} if kind == "expired" else told


def given(name: str, t: float, who: str, token: int, n: int = 1) -> Told:
    """Deliver a message."""
    return ev("delivered", t, who, name, token=token, delivery=n, until=t + 5,
              group=name[0].upper())  # fmt: skip


def began(name: str, t: float, who: str, token: int) -> Told:
    """Begin to work on it."""
    return ev("working", t, who, name, token=token, value=2.0, group=name[0].upper())


def ended(kind: str, name: str, t: float, who: str, token: int = 0, **more: Any) -> Told:
    """Settle it."""
    return ev(kind, t, who, name, token=token, **more)


BORN = [ev("spawned", 0.0, f"worker-{n}", text="worker consumer") for n in (1, 2)]
START = [*BORN, ev("declared", text="peek-lock reject head", group="lanes", value=5.0)]
OFF = [*BORN, ev("declared", text="peek-lock reject head", value=5.0)]


def broken(*told: Told, now: float = 0.0, **chosen: Any) -> dict[str, str]:
    """Return which guarantees broke, and what was found."""
    settings = Settings(**chosen)
    journal = Journal()
    judge = Judge(journal, convoy_rules(lambda: settings))
    for event in told:
        fields = dict(event)
        journal.now = fields.pop("t")
        journal.emit(**fields, cause=len(journal.events))
    found = judge.findings(max(now, journal.now), quiet=False)
    kept = (f for f in found if not (f.guarantee.hope and f.guarantee.name != "as-sent"))
    return {f.guarantee.name: f.first.what for f in kept if f.first is not None}


TWO = [sent("a1"), sent("a2"), session("accepted", 0, "worker-1", "A", 1, 5.0)]


def test_a_good_life_breaks_nothing() -> None:
    assert not broken(
        *START, *TWO, given("a1", 0, "worker-1", 2), began("a1", 0, "worker-1", 2),
        ev("effect", 2, "worker-1", "a1", token=2), ended("completed", "a1", 2, "worker-1", 2),
        given("a2", 2, "worker-1", 3), began("a2", 2, "worker-1", 3),
        session("renewed", 4, "worker-1", "A", 1, 9.0),
        ev("effect", 4, "worker-1", "a2", token=3), ended("completed", "a2", 4, "worker-1", 3),
        session("closed", 4, "worker-1", "A", 1),
    )  # fmt: skip


def test_two_of_a_group_at_once() -> None:
    found = broken(*OFF, sent("a1"), sent("a2"), given("a1", 0, "worker-1", 1),
                   began("a1", 0, "worker-1", 1), given("a2", 1, "worker-2", 2),
                   began("a2", 1, "worker-2", 2), sessions=False)  # fmt: skip
    assert found["one-at-a-time"] == "a2 was begun while worker-1 works on a1, both of A"
    assert found["order-within-group"] == "a2 was begun before a1 of A was over"


def test_out_of_order_one_after_the_other() -> None:
    found = broken(*OFF, sent("a1"), sent("a2"), given("a2", 0, "worker-1", 1),
                   began("a2", 0, "worker-1", 1), sessions=False)  # fmt: skip
    assert set(found) == {"order-within-group"}


def test_after_the_lock_ran_out_a_second_one_may_begin() -> None:
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), began("a1", 0, "worker-1", 2),
            ev("paused", 1, "worker-1"), session("expired", 5, "worker-1", "A", 1),
            ended("lock_expired", "a1", 5, "", 2, text="worker-1", delivery=1),
            session("accepted", 5, "worker-2", "A", 3, 10.0),
            given("a1", 5, "worker-2", 4, 2), began("a1", 5, "worker-2", 4))  # fmt: skip
    assert not broken(*told)


def test_an_effect_after_that_of_a_later_message() -> None:
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), ev("paused", 1, "worker-1"),
            session("expired", 5, "worker-1", "A", 1),
            ended("lock_expired", "a1", 5, "", 2, text="worker-1", delivery=1),
            ended("expired", "a1", 5, ""), session("accepted", 5, "worker-2", "A", 3, 10.0),
            given("a2", 5, "worker-2", 4), ev("effect", 6, "worker-2", "a2", token=4),
            ev("resumed", 7, "worker-1"), ev("effect", 7, "worker-1", "a1", token=2))  # fmt: skip
    assert broken(*told)["effects-in-order"] == "a1 of A took effect after a later message"


def test_what_is_fetched_takes_its_place_in_front_of_what_waits() -> None:
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), ended("deferred", "a1", 0, "worker-1", 2),
            given("a2", 0, "worker-1", 3), ev("effect", 1, "worker-1", "a2", token=3),
            ended("completed", "a2", 1, "worker-1", 3), sent("a3", 1),
            given("a1", 1, "worker-1", 4, 2), ev("effect", 2, "worker-1", "a1", token=4),
            ended("completed", "a1", 2, "worker-1", 4),
            given("a3", 2, "worker-1", 5), ev("effect", 3, "worker-1", "a3", token=5))  # fmt: skip
    assert set(broken(*told)) == {"as-sent"}, "the broker's order is that of the fetching"
    late = (*START, *TWO, given("a1", 0, "worker-1", 2), ev("paused", 0, "worker-1"),
            session("expired", 5, "worker-1", "A", 1),
            ended("lock_expired", "a1", 5, "", 2, text="worker-1", delivery=1),
            ended("expired", "a1", 5, ""), session("accepted", 5, "worker-2", "A", 3, 10.0),
            given("a2", 5, "worker-2", 4), ended("deferred", "a2", 5, "worker-2", 4),
            given("a2", 6, "worker-2", 5, 2), ev("effect", 7, "worker-2", "a2", token=5),
            ev("resumed", 8, "worker-1"), ev("effect", 8, "worker-1", "a1", token=2))  # fmt: skip
    assert {"effects-in-order", "as-sent"} <= set(broken(*late))


def applied(name: str, t: float, token: int) -> list[Told]:
    """Deliver a message to worker-1 and let it have its effect."""
    return [given(name, t, "worker-1", token), ev("effect", t, "worker-1", name, token=token),
            ended("completed", name, t, "worker-1", token)]  # fmt: skip


NUMBERED = [*START, sent("a1", sequence=1), sent("a2", sequence=3), sent("a3", sequence=4),
            session("accepted", 0, "worker-1", "A", 1, 5.0), *applied("a1", 0, 2)]  # fmt: skip
MISSING = "a2 is number 3 of A, and 2 is missing"


def test_a_number_that_is_missing_is_not_passed_over_in_silence() -> None:
    assert broken(*NUMBERED, *applied("a2", 0, 3), resequence=True) == {"in-sequence": MISSING}
    assert not broken(*NUMBERED, *applied("a2", 0, 3)), "nobody goes by numbers"
    given_up = {**ev("noted", 0, "worker-1", "A", text="given-up: goes on", value=2.0)}
    assert not broken(*NUMBERED, given_up, *applied("a2", 0, 3), *applied("a3", 0, 4),
                      resequence=True)  # fmt: skip
    assert "in-sequence" not in broken(*NUMBERED, *applied("a2", 0, 3), resequence=True,
                                       sessions=False)  # fmt: skip


def test_numbers_go_before_names() -> None:
    told = (*START, sent("a2", sequence=1), sent("a1", sequence=2),
            session("accepted", 0, "worker-1", "A", 1, 5.0))  # fmt: skip
    assert not broken(*told, *applied("a2", 0, 2), *applied("a1", 0, 3))
    found = broken(*told, *applied("a1", 0, 2), *applied("a2", 0, 3))
    assert found["as-sent"] == "a2, number 1 of A, took effect after number 2"


def test_a_producers_order_is_that_of_its_numbers() -> None:
    told = (*START, sent("a2"), sent("a1"), session("accepted", 0, "worker-1", "A", 1, 5.0),
            given("a2", 0, "worker-1", 2), ev("effect", 0, "worker-1", "a2", token=2),
            ended("completed", "a2", 0, "worker-1", 2), given("a1", 0, "worker-1", 3),
            ev("effect", 0, "worker-1", "a1", token=3))  # fmt: skip
    assert "as-sent" in broken(*told)


@pytest.mark.parametrize(("told", "what"), [
    ([session("accepted", 1, "worker-2", "A", 2, 6.0)], "worker-2 accepted A, which worker-1"),
    ([given("a1", 1, "worker-2", 2)], "worker-2 received a1, but worker-1 holds A"),
    ([session("expired", 5, "worker-1", "A", 1), given("a1", 6, "worker-1", 2)],
     "worker-1 received a1, but nobody holds A"),
    ([given("a1", 7, "worker-1", 2)], "the lock on A ended at 5s"),
    ([session("renewed", 6, "worker-1", "A", 1, 11.0)], "worker-1 renewed a lock on A"),
    ([session("renewed", 4, "worker-1", "A", 7, 9.0)], "worker-1 renewed a lock on A"),
    ([ev("crashed", 1, "worker-1"), session("renewed", 4, "worker-1", "A", 1, 9.0)],
     "worker-1 renewed a lock on A"),
])  # fmt: skip
def test_a_lane_has_one_holder(told: list[Told], what: str) -> None:
    assert broken(*START, *TWO, *told)["session-exclusive"].startswith(what)


def test_a_lock_that_never_ends_is_found_at_the_end() -> None:
    assert broken(*START, *TWO, now=60.0)["session-exclusive"] == "the lock on A ended at 5s"


@pytest.mark.parametrize("excuse", [
    ev("crashed", 1, "worker-1"),
    ev("paused", 1, "worker-1"),
    {**ev("injected", 1, "worker-1", "partition"), "queue": ""},
    {**ev("injected", 1, "", "broker-down"), "queue": ""},
    {**ev("injected", 4, "", "expire-lock"), "queue": ""},
])  # fmt: skip
def test_a_lane_is_lost_with_a_reason_only(excuse: Told) -> None:
    ends = session("expired", 5, "worker-1", "A", 1)
    assert broken(*START, *TWO, ends)["session-kept"] == "worker-1 runs, and lost A"
    assert "session-kept" not in broken(*START, *TWO, excuse, ends)


def test_who_settles_too_late_may_lose_its_channel_and_its_lanes() -> None:
    late = ended("lock_lost", "z1", 5, "worker-1", 9)
    ends = session("expired", 5, "worker-1", "A", 1)
    assert "session-kept" in broken(*START, *TWO, late, ends)
    bound = ev("declared", text="peek-lock reject head late=channel-error", group="lanes")
    assert "session-kept" not in broken(*START, bound, *TWO, late, ends)
    assert "session-kept" in broken(*START, bound, *TWO, ends)


def test_a_lane_that_could_be_had_while_somebody_is_idle() -> None:
    later = sent("c1", 3.0)
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), sent("b1"), later)
    assert broken(*told)["lanes-served"] == "B waited while worker-2 was idle"
    asleep = (*START, *TWO, given("a1", 0, "worker-1", 2), sent("b1"),
              ev("paused", 0, "worker-2"), later)  # fmt: skip
    assert "lanes-served" not in broken(*asleep)
    own = (*START, *TWO, given("a1", 0, "worker-1", 2), later)
    assert "lanes-served" not in broken(*own), "lane A waits for its own lock"


def test_without_lanes_any_message_could_be_had() -> None:
    told = (*OFF, sent("a1"), given("a1", 0, "worker-1", 1), sent("a2"), sent("b1", 3.0))
    assert "lanes-served" in broken(*told, sessions=False)


def test_parked_is_parked() -> None:
    dead = ended("dead_lettered", "a1", 1, "", 2, text="MaxDeliveryCountExceeded", delivery=3)
    after = (given("a2", 1, "worker-1", 3), ended("completed", "a2", 2, "worker-1", 3))
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), dead, *after)
    found = broken(*told, poison_policy=Poison.PARK)
    assert found["poison-policy-kept"] == "a2 was completed after a1 of A was dead-lettered"
    assert "poison-policy-kept" not in broken(*told, poison_policy=Poison.SKIP)
    released = ended("redriven", "a1", 1, "")
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), dead, released, *after)
    assert "poison-policy-kept" not in broken(*told, poison_policy=Poison.PARK)


def test_blocked_is_never_dead_lettered_for_its_deliveries() -> None:
    dead = ended("dead_lettered", "a1", 1, "", 2, text="MaxDeliveryCountExceeded", delivery=3)
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), dead)
    assert "poison-policy-kept" in broken(*told, poison_policy=Poison.BLOCK)
    rejected = ended("dead_lettered", "a1", 1, "worker-1", 2, text="Bad", delivery=1)
    told = (*START, *TWO, given("a1", 0, "worker-1", 2), rejected)
    assert "poison-policy-kept" not in broken(*told, poison_policy=Poison.BLOCK)
