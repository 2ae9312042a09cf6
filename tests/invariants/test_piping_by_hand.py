"""The guarantees of a pipeline break on events that break them, at that event, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.by_hand import broken, ran
from tests.support.telling import Told, told_to

from mailrail_patterns.invariants.piping import piping_rules
from mailrail_patterns.pipes_and_filters import PIPES, Settings
from mailrail_patterns.run import Run

FULL = "pipes-and-filters/backpressure"
DELETED = {"mode": "receive-and-delete"}


def said(*told: Told, **settings: Any) -> list[tuple[str, int]]:
    """Feed events to the rules and return which guarantees broke at which of them."""
    return told_to(piping_rules(lambda: Settings(**settings), PIPES), told)


def event(kind: str, queue: str = "", message: str = "m01", actor: str = "d", **more: Any) -> Told:
    return kind, {"actor": actor, "queue": queue, "message": message, **more}


def at_work(**more: Any) -> tuple[Told, ...]:
    """An item is sent, taken and worked on for a second."""
    return (
        event("sent", "to-decode", actor="s", t=0.0), event("delivered", "to-decode", t=0.0),
        event("working", "to-decode", t=0.0, value=1.0, **more),
    )  # fmt: skip


WAITS = event("blocked", "to-resize", "m01-decode", t=1.0)
LET_IN = event("sent", "to-resize", "m01-decode")
SECOND = event("sent", "to-decode", "m02", "s", t=0.0)


@pytest.mark.parametrize(
    ("told", "broke"),
    [
        ((*at_work(), WAITS, LET_IN, event("completed", "to-decode")), []),
        ((*at_work(), event("blocked", "to-resize", t=0.5)), [("one-while-blocked", 4)]),
        ((event("blocked", "to-resize"),), [("one-while-blocked", 1)]),
        ((*at_work(), WAITS, event("completed", "to-decode")),
         [("items-accounted", 5), ("one-while-blocked", 5)]),
        ((*at_work(), WAITS, event("abandoned", "to-decode")), [("one-while-blocked", 5)]),
        ((SECOND, *at_work(), WAITS, event("delivered", "to-decode", "m02"),
          event("working", "to-decode", "m02")),
         [("one-while-blocked", 6), ("one-while-blocked", 7)]),
        ((*at_work(), WAITS, event("crashed"), event("restarted"),
          event("working", "to-decode", t=9.0)), []),
        ((event("spawned", actor="s", text="source producer"),
          event("blocked", "to-decode", actor="s")), []),
        ((*at_work(), event("completed", "to-decode")), [("items-accounted", 4)]),
        ((event("sent", "to-resize", "m01-decode"),), [("stages-in-order", 1)]),
    ],
)  # fmt: skip
def test_a_breach_is_found_at_its_event(told: tuple[Told, ...], broke: list[Any]) -> None:
    assert said(*told) == broke


def test_who_fetches_ahead_is_handed_inputs_while_it_waits_and_touches_none() -> None:
    told = (SECOND, *at_work(), WAITS, event("delivered", "to-decode", "m02"))
    assert said(*told, prefetch=3) == []
    run = ran(FULL, 90, prefetch=4, lock="200s")
    assert [e for e in run.events if e.kind == "blocked"]
    assert broken(run) == set()


def first(run: Run, name: str) -> float:
    found = next(each.first for each in run.findings() if each.guarantee.name == name)
    assert found is not None
    return found.time


def test_what_is_deleted_on_receipt_is_in_its_filter_until_it_goes_on() -> None:
    for until in (2.5, 10.0, 90.0):
        assert broken(ran(FULL, until, **DELETED)) == set()


def test_what_is_deleted_on_receipt_and_dies_is_missed_when_its_filter_does() -> None:
    run = ran(FULL, 90, "5.5s crash resize-1", "9s restart resize-1", **DELETED)
    assert broken(run) == {"items-accounted", "done-or-dead"}
    assert (first(run, "items-accounted"), first(run, "done-or-dead")) == (5.5, 5.5)
    sick = ran(FULL, 90, "5s inject poison on m04-decode", **DELETED)
    assert first(sick, "items-accounted") == 13.0, "when it takes the next one"
    assert sick.metrics()["items_out"] == 19


def test_what_is_deleted_on_receipt_does_not_expire_in_a_filters_hands() -> None:
    run = ran(FULL, 90, **DELETED, capacity="1", ttl="15s")
    assert not [e for e in run.events if e.text == "InputGone"]
    assert broken(run) == set()
    under_lock = ran(FULL, 90, capacity="1", ttl="15s", lock="3s")
    assert [e for e in under_lock.events if e.text == "InputGone"], "there somebody else has it"
