"""How much waits for each subscriber, and for how long, at any instant of a run."""

from __future__ import annotations

import pytest
from tests.support.by_hand import ran

from mailrail_patterns.run import Run

DEMO = "publisher-subscriber/copies-not-shares"
ROLES = {"audit": ("audit-1",), "billing": ("billing", "billing-2"), "search": ("search-1",)}
SETTLED = {"completed", "dead_lettered", "dropped", "expired"}


def by_hand(run: Run, queue: str) -> tuple[int, float]:
    """Return what waits in a subscription, and the age of its oldest copy, read off the events."""
    sent: dict[str, float] = {}
    held: set[str] = set()
    for event in (e for e in run.events if e.queue == queue and e.t <= run.now):
        name = event.message
        if event.kind == "sent":
            sent[name] = event.t
        elif event.kind == "delivered":
            held.add(name)
        elif event.kind in SETTLED:
            sent.pop(name, None)
        else:
            held -= {name} if event.kind in ("abandoned", "lock_expired") else set()
    oldest = min(sent.values(), default=run.now)
    return len(sent.keys() - held), run.now - oldest


@pytest.mark.parametrize("variant", ["", "-disconnect"])
def test_what_waits_now_is_what_was_sent_and_not_taken(variant: str) -> None:
    run = ran(DEMO + variant, 50)
    seen = set()
    for at in (5.05, 9.5, 15.5, 24.9, 26.0, 30.05, 36.9, 41.3, 49.9, 20.0, 38.0):
        run.seek(at)
        metrics = run.metrics()
        for role, queues in ROLES.items():
            found = [by_hand(run, queue) for queue in queues]
            assert metrics[f"{role}_backlog"] == max(depth for depth, _ in found), (role, at)
            assert metrics[f"{role}_lag"] == pytest.approx(max(age for _, age in found)), (role, at)
            seen.add(metrics[f"{role}_backlog"])
    assert len(seen) > 4, "it was looked at when something waited"


def test_of_a_kind_with_several_subscriptions_the_one_that_is_worst_off_counts() -> None:
    run = ran("publisher-subscriber", 6, "0s spawn subscriber", "0s spawn subscriber service=9s")
    assert run.metrics()["subscriber_backlog"] == 11, "m01 is in hand, m02 to m12 wait"
    assert run.metrics()["subscriber_lag"] == 5.5


def test_what_waits_still_has_waited_as_well() -> None:
    run = ran("publisher-subscriber", 10, "2.2s pause audit-1")
    assert run.metrics()["audit_lag_max"] == 7.0, "m07 of 3 s; m06 is in its hands"
    assert run.metrics()["billing_lag_max"] == 0
    dropped = ran("publisher-subscriber", 10, "2.2s pause audit-1", terms="audit ttl=3s")
    assert dropped.metrics()["audit_lag_max"] == 3.0, "and not longer than it was kept"
