"""Receive-and-delete: no lock, so none is lost; at most once, so the work may be.

A consumer that sleeps longer than a lock would last is a zombie only where there is a lock. Where
a message is gone on receipt nobody else gets it: the sleeper does it late, and does it alone. What
can go wrong is that it never does, and that has to be seen at whatever takes it away for good.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.invariants.test_choreography_by_hand import broken as judged
from tests.support.by_hand import broken, ran

from mailrail_patterns.run import Run

CONSUMING = "competing-consumers"
SLEEPER = "sequential-convoy/the-sleeping-holder"
NO_SESSIONS = "sequential-convoy/lanes-no-sessions"
DELETED = {"mode": "receive-and-delete"}


def kinds(run: Run, *names: str) -> list[tuple[str, str, str]]:
    """Return kind, actor and message of events of these kinds."""
    return [(e.kind, e.actor, e.message) for e in run.events if e.kind in names]


def test_a_sleeper_loses_nothing_to_anybody() -> None:
    more = {"lock": "2s", "consumers": "2", "count": "3", "every": "100ms", "service": "1s"}
    asleep = ("0.5s pause consumer-1", "9s resume consumer-1")
    locked = ran(CONSUMING, 30, *asleep, **more)
    assert "worked-on-by-one" in broken(locked), "under a lock it is a zombie"
    assert kinds(locked, "lock_lost")
    run = ran(CONSUMING, 30, *asleep, **more, **DELETED)
    assert kinds(run, "lock_expired", "lock_lost", "abandoned") == []
    assert [actor for _, actor, name in kinds(run, "effect") if name == "m01"] == ["consumer-1"]
    assert broken(run) == set()


@pytest.mark.parametrize("end", ["9s crash consumer-1", "0.6s crash consumer-1"])
def test_a_sleeper_that_never_wakes_takes_its_work_along(end: str) -> None:
    steps = sorted(["0.5s pause consumer-1", end], key=lambda step: float(step.split("s")[0]))
    run = ran(CONSUMING, 30, *steps, lock="2s", consumers="2", count="3", every="100ms",
              service="1s", **DELETED)  # fmt: skip
    assert broken(run) == {"done-or-dead"}
    assert sorted(name for _, _, name in kinds(run, "effect")) == ["m02", "m03"]


def test_work_that_a_record_refuses_is_lost() -> None:
    run = ran(SLEEPER, 30, **DELETED)
    found = next(f.first for f in run.findings() if f.guarantee.name == "done-or-dead")
    assert found is not None
    assert (found.time, found.what) == (11.0, "m01 was deleted on receipt, never done")
    assert broken(run) == {"done-or-dead"}
    unfenced = ran(f"{SLEEPER}-unfenced", 30, **DELETED)
    assert broken(unfenced) == {"effects-in-order", "as-sent"}


def test_two_of_a_group_at_once_are_seen_though_both_are_settled() -> None:
    run = ran(NO_SESSIONS, 45, **DELETED)
    found = next(f.first for f in run.findings() if f.guarantee.name == "one-at-a-time")
    assert found is not None
    assert found.what == "m05 was begun while worker-1 works on m01, both of A"
    assert found.time == 2.0
    lanes = ran("sequential-convoy/lanes", 45, **DELETED)
    assert broken(lanes) == {"done-or-dead"}, "poison and a crash, and no second delivery"


def test_what_has_failed_is_not_in_process_any_more() -> None:
    run = ran("sequential-convoy", 30, "0s inject poison on m02", groups="1", count="3",
              every="3s", sessions="off", **DELETED)  # fmt: skip
    assert [(actor[-1], name) for _, actor, name in kinds(run, "working")] == [
        ("1", "m01"), ("2", "m02"), ("3", "m03"),
    ]  # fmt: skip
    assert broken(run) == {"done-or-dead"}, "m02 is gone, and nothing more will happen"


# --- what an effect had to tell ---------------------------------------------------------------

Told = dict[str, Any]


def ev(kind: str, actor: str, queue: str = "work", message: str = "m01", **more: Any) -> Told:
    """Write one event down."""
    return {"kind": kind, "actor": actor, "queue": queue, "message": message, **more}


SETTLED = [
    ev("declared", "", message="", text="receive-and-delete reject head"),
    ev("sent", "producer-1", conversation="m01"),
    ev("delivered", "c-1", token=1, delivery=1),
    ev("completed", "c-1", token=1, delivery=1),
    ev("working", "c-1", token=1, delivery=1, value=1.0),
]
EFFECT = ev("effect", "c-1", token=1, value=1)
NEWS = ev("sent", "c-1", "results", "result-m01", conversation="m01")
DIES = ev("crashed", "c-1", "", "")
NEXT = [
    ev("sent", "producer-1", message="m02", conversation="m02"),
    ev("delivered", "c-1", message="m02", token=2, delivery=1),
    ev("completed", "c-1", message="m02", token=2, delivery=1),
    ev("working", "c-1", message="m02", token=2, delivery=1, value=1.0),
]


def dual(*events: Told) -> set[str]:
    """Return what broke of the two guarantees of a dual write."""
    return judged([*SETTLED, *events]) & {"no-zombie-records", "no-ghost-messages"}


def test_a_zombie_record_is_found_when_its_handler_dies_or_goes_on() -> None:
    assert dual(EFFECT, NEWS, DIES) == dual(EFFECT, NEWS, *NEXT) == set()
    assert dual(EFFECT, DIES) == dual(EFFECT, *NEXT) == {"no-zombie-records"}
    assert dual(EFFECT) == set(), "it may still be told"


def test_what_is_prefetched_meanwhile_is_not_the_end_of_it() -> None:
    prefetched, begun = NEXT[:3], NEXT[3:]
    assert dual(*prefetched, EFFECT, NEWS, *begun) == set()
    assert dual(*prefetched, EFFECT, *begun) == {"no-zombie-records"}


def test_a_ghost_is_news_of_what_nobody_will_ever_do() -> None:
    assert dual(NEWS, EFFECT, DIES) == set()
    assert dual(NEWS, DIES) == {"no-ghost-messages"}


def test_an_outbox_is_of_no_use_to_who_gets_nothing_twice() -> None:
    run = ran(CONSUMING, 30, "0s crash any at K3", publish="after-effect", count="2",
              outbox="on", **DELETED)  # fmt: skip
    assert "no-zombie-records" in broken(run)


def test_services_hold_what_was_deleted_on_receipt_until_they_go_on() -> None:
    """An event is over for its queue before anything is made of it, and not for its order."""
    calm = ran("choreography", 40, "0s spawn loyalty", count="4", refuses="shipping", **DELETED)
    assert broken(calm) == set()
    down = ran("choreography", 40, "1.5s crash stock-1", "3s restart stock-1", count="4", **DELETED)
    assert broken(down) == {"done-or-dead", "over-by-its-deadline"}, "m01 was lost, not forgotten"
    assert down.metrics()["orders_completed"] == 3
    failed = ran("choreography", 40, "1.5s inject poison-one on stock-1", count="4", **DELETED)
    assert "no-workflow-vanishes" not in broken(failed)
