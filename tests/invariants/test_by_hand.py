"""Each guarantee breaks on a list of events that breaks it, at that event, with its causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mailrail_patterns.invariants.causality import Causality
from mailrail_patterns.invariants.consuming import consuming_rules
from mailrail_patterns.invariants.effects import Effects
from mailrail_patterns.invariants.flow import Flow
from mailrail_patterns.invariants.judge import Finding, Judge
from mailrail_patterns.invariants.leveling import leveling_rules
from mailrail_patterns.invariants.lifecycle import Lifecycle
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.queue_based_load_leveling import Settings

Told = dict[str, Any]


def ev(kind: str, t: float = 0.0, actor: str = "", message: str = "", **more: Any) -> Told:
    """Write one event down; its cause is the event before it unless told otherwise."""
    queue = more.pop("queue", "work")
    return {"t": t, "kind": kind, "actor": actor, "queue": queue, "message": message, **more}


def declared(limit: int = 3, capacity: int = -1, text: str = "peek-lock reject head") -> Told:
    """Declare the queue."""
    return ev("declared", delivery=limit, token=capacity, value=5.0, text=text)


def sent(name: str, t: float = 0.0, **more: Any) -> Told:
    """Accept a message."""
    return ev("sent", t, "producer-1", name, **{"conversation": name, **more})


def given(name: str, t: float = 0.0, who: str = "consumer-1", n: int = 1, token: int = 1) -> Told:
    """Deliver a message under a lock of 5 s."""
    return ev("delivered", t, who, name, delivery=n, token=token, until=t + 5)


def born(name: str) -> Told:
    """Start a consumer, or a producer."""
    role = "producer" if name.startswith("producer") else "consumer"
    return ev("spawned", 0.0, name, text=f"{role} {role}", token=1)


def judged(*told: Told, now: float = 0.0, quiet: bool = False, **chosen: Any) -> list[Finding]:
    """Feed events to every rule and return what they found."""
    settings = Settings(**chosen)
    journal = Journal()
    lifecycle = Lifecycle()
    judge = Judge(
        journal,
        (
            lifecycle,
            Causality(journal.events),
            Effects(lambda: settings),
            Flow(lifecycle.left_over),
            *consuming_rules(lambda: settings, ("work",)),
            *leveling_rules(lambda: settings, "work"),
        ),
    )
    for event in told:
        fields = dict(event)
        journal.now = fields.pop("t")
        cause = fields.pop("cause", len(journal.events))
        journal.emit(**fields, cause=cause)
    return judge.findings(max(now, journal.now), quiet)


def broken(findings: Sequence[Finding]) -> dict[str, int]:
    """Return which guarantees broke, and at which event."""
    return {f.guarantee.name: f.first.event for f in findings if f.first is not None}


START = (born("producer-1"), born("consumer-1"), born("consumer-2"), declared())
LIFE = (*START, sent("m01"), given("m01"))
WORKED = (*LIFE, ev("working", 0.0, "consumer-1", "m01", delivery=1, token=1, value=1.0))
DONE = (*WORKED, ev("effect", 1.0, "consumer-1", "m01", delivery=1, token=1))


def settled(kind: str = "completed", t: float = 1.0, token: int = 1, **more: Any) -> Told:
    """Settle m01."""
    return ev(kind, t, more.pop("who", "consumer-1"), "m01", token=token, delivery=1, **more)


def test_a_clean_life_breaks_nothing() -> None:
    assert broken(judged(*DONE, settled())) == {}


CASES: dict[str, tuple[str, tuple[Told, ...], Told]] = {
    "completed twice": ("conservation", (*DONE, settled()), settled()),
    "never accepted": ("conservation", START, given("m09")),
    "accepted twice": ("conservation", (*START, sent("m01")), sent("m01")),
    "a lock that never ended": ("conservation", (*LIFE, sent("m02", 6.0)), given("m02", 6.0)),
    "locked twice": ("single-lease", LIFE, given("m01", 1.0, "consumer-2", 2, 2)),
    "a stale token": ("single-lease", DONE, settled(token=7)),
    "somebody else's lock": ("single-lease", DONE, settled(who="consumer-2")),
    "a count that jumps": ("delivery-count", (*START, sent("m01")), given("m01", n=2)),
    "a count that stands": (
        "delivery-count",
        (*LIFE, settled("abandoned")),
        given("m01", 1.0, n=1, token=2),
    ),
    "dead for no reason": ("delivery-count", LIFE, ev("dead_lettered", 1.0, "", "m01")),
    "dead too soon": (
        "delivery-count",
        LIFE,
        ev("dead_lettered", 1.0, "", "m01", text="MaxDeliveryCountExceeded"),
    ),
    "the dead work": ("the-dead-rest", (*WORKED, ev("crashed", 0.5, "consumer-1")), DONE[-1]),
    "no cause": ("causality", START, sent("m01", cause=0)),
    "a cause to come": ("causality", START, sent("m01", cause=99)),
    "another conversation": (
        "causality",
        DONE,
        ev("sent", 1.0, "consumer-1", "result", queue="results", conversation="m02"),
    ),
    "a copy in another conversation": (
        "causality",
        (*START, ev("published", 1.0, "producer-1", "m01", queue="news", conversation="order-7")),
        ev("sent", 1.0, "producer-1", "m01", conversation="m01"),
    ),
    "two effects of one work": ("idempotent-effects", DONE, DONE[-1]),
    "an effect applied again": (
        "effect-once",
        (*DONE, ev("working", 2.0, "consumer-2", "m01", token=2)),
        ev("effect", 3.0, "consumer-2", "m01", token=2),
    ),
    "overlap under a valid lock": (
        "overlap-has-a-cause",
        WORKED,
        ev("working", 1.0, "consumer-2", "m01", token=2, value=1.0),
    ),
    "set aside where the broker cannot": (
        "conservation",
        (*START[:-1], declared(text="peek-lock reject head defers=False"), *LIFE[-2:]),
        settled("deferred"),
    ),
    "settled before it was done": ("done-or-dead", WORKED, settled()),
    "idle while a message waits": ("work-conserving", (*START, sent("m01")), sent("m02", 1.0)),
    "a late answer": ("answered-in-time", DONE, ev("late", 9.0, "consumer-1", "m01", value=9.0)),
    "a refusal": ("nobody-turned-away", START, ev("rejected", 0.0, "producer-1", "m01")),
}


def test_one_too_many_at_the_database_is_told_once() -> None:
    told = [
        (*WORKED, ev("contended", 0.0, f"consumer-{n + 1}", f"m0{n + 1}", token=n + 1, value=n))
        for n in (1, 2)
    ]
    assert broken(judged(*told[0], database=1))["concurrency-limit"]
    assert "concurrency-limit" not in broken(judged(*told[1], database=1))  # he joins a line
    assert "concurrency-limit" not in broken(judged(*told[0]))  # the database is down


def test_a_database_that_works_for_more_than_it_can_is_noticed() -> None:
    second = ev("working", 0.0, "consumer-2", "m02", token=2, value=1.0)
    later = ev("effect", 1.0, "consumer-1", "m01", token=1)
    assert broken(judged(*WORKED, second, later, database=1))["concurrency-limit"]
    assert "concurrency-limit" not in broken(judged(*WORKED, second, later, database=2))


@pytest.mark.parametrize("case", CASES)
def test_it_breaks_at_the_event_and_not_before(case: str) -> None:
    name, before, culprit = CASES[case]
    assert not broken(judged(*before)).get(name)
    found = judged(*before, culprit)
    # A breach becomes an event itself, so what precedes the culprit may have been renumbered.
    (finding,) = [f for f in found if f.guarantee.name == name]
    assert finding.first is not None
    assert finding.first.event >= len(before) + 1
    assert finding.first.time == culprit["t"]
    assert finding.because[-1] == finding.first.event


def test_the_chain_leads_back_to_the_root() -> None:
    found = judged(*DONE, settled(), settled())
    (finding,) = [f for f in found if f.guarantee.name == "conservation"]
    assert finding.first is not None
    assert finding.because == tuple(range(1, finding.first.event + 1))


def test_a_bound_that_is_passed() -> None:
    told = (declared(capacity=1), sent("m01"), sent("m02"), sent("m03", 1.0))
    assert "bound-kept" in broken(judged(*told))


def test_work_on_what_has_expired() -> None:
    told = (*START, sent("m01"), given("m01", 4.0))
    assert "ttl-kept" in broken(judged(*told, ttl=2.0))
    assert "ttl-kept" not in broken(judged(*told, ttl=4.0))


def test_more_served_than_can_be() -> None:
    told: list[Told] = [*START]
    for number in range(9):
        name = f"m{number}"
        told += [sent(name), given(name, token=number + 1)]
        told += [ev("working", 0.0, "consumer-1", name, token=number + 1, value=1.0)]
        told += [ev("effect", 0.0, "consumer-1", name, token=number + 1)]
        told += [ev("completed", 0.0, "consumer-1", name, token=number + 1)]
    assert "service-rate" in broken(judged(*told))


def test_a_lock_that_runs_out_under_a_renewing_consumer() -> None:
    told = (*WORKED, ev("lock_expired", 5.0, "", "m01", token=1, text="consumer-1"))
    assert "renewal-holds" in broken(judged(*told, renewal=True))
    assert "renewal-holds" not in broken(judged(*told, renewal=False))
    excused = (*WORKED, ev("paused", 1.0, "consumer-1"), told[-1])
    assert "renewal-holds" not in broken(judged(*excused, renewal=True))


def test_an_inbox_that_lets_an_effect_through_again() -> None:
    again = (
        *DONE, ev("working", 2.0, "consumer-2", "m01~2", token=2),
        ev("effect", 3.0, "consumer-2", "m01~2", token=2),
    )  # fmt: skip
    assert "idempotent-effects" in broken(judged(*again, idempotent=True))
    assert "idempotent-effects" not in broken(judged(*again, idempotent=False))


def test_what_is_left_behind_when_all_is_quiet() -> None:
    told = (*START, sent("m01"))
    assert "drains" in broken(judged(*told, quiet=True))
    assert "drains" not in broken(judged(*told, quiet=False))
    nobody = (born("producer-1"), declared(), sent("m01"))
    assert "drains" not in broken(judged(*nobody, quiet=True))


def test_a_lock_past_its_end_shows_at_the_end() -> None:
    assert "conservation" in broken(judged(*LIFE, now=6.0))
    assert "conservation" not in broken(judged(*LIFE, now=4.0))


def test_departures_without_arrivals_break_littles_law() -> None:
    told = (*START, ev("completed", 1.0, "consumer-1", "m01", token=1))
    assert "littles-law" in broken(judged(*told))


def test_an_instant_that_does_not_end() -> None:
    assert "time-moves" in broken(judged(ev("stalled", text="an instant that would not end")))
