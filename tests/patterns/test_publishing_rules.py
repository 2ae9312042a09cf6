"""Rules of a topic that no scenario shows: what is scheduled, stored, and not atomic."""

from __future__ import annotations

from tests.support.by_hand import broken, driven, ran
from tests.support.scenarios import as_written

from mailrail_patterns.run import Run

TOPIC = "publisher-subscriber"


def handled(run: Run, message: str) -> dict[str, float]:
    """Return when each subscription handled an event."""
    return {e.queue: e.t for e in run.events if e.kind == "effect" and e.message == message}


def test_a_scheduled_event_is_due_in_every_subscription_and_in_none_before() -> None:
    text = f'pattern = "{TOPIC}"\n[settings]\ncount = 12\n[messages.m02]\ndelay = "3.05s"\n'
    run = Run(as_written(text))
    run.advance(12)
    due = {e.queue: e.t for e in run.events if e.kind == "delivered" and e.message == "m02"}
    busy = dict.fromkeys(("audit-1", "billing-1", "dash-1"), 3.6)  # with m08 until then
    assert due == {"eu-1": 3.55, **busy}, "published at 0.5 s, and scheduled 3.05 s later"
    assert broken(run) == {"handled-in-order"}, "who schedules gives up the order"


def test_what_nobody_wants_now_is_stored_for_who_comes_later() -> None:
    none = {f"{role}": "0" for role in ("audits", "billings", "eus", "dashes")}
    run = ran(TOPIC, 12, "5.2s spawn subscriber replay=0", "5.2s spawn subscriber",
              **none, retain="100", count="8")  # fmt: skip
    assert run.metrics()["unrouted"] == 8
    assert sorted(handled(run, "m01")) == ["subscriber-1"]
    assert [e.message for e in run.events if e.kind == "delivered"] == [
        f"m{n:02}" for n in range(1, 9)
    ]


def test_a_filter_that_matches_nothing_anybody_says_is_told_of_once_subjects_repeat() -> None:
    run = ran(
        TOPIC,
        1.9,
        "0s spawn subscriber filter=order.#",
        "0s spawn subscriber filter=orders.us.paid",
    )
    assert broken(run) == set(), "four subjects, each of them once: another may be still to come"
    run.advance(2.4)
    (found,) = [f for f in run.findings() if not f.holds]
    assert found.first is not None
    assert (found.guarantee.name, found.first.time) == ("filter-matches", 2)
    assert found.first.what.startswith(
        "subscriber-1 asks for order.#, and published were only orders."
    )
    assert run.events[found.first.event - 1].message == "m05"
    driven(run, 6, "4s crash subscriber-1", "4s restart subscriber-1")
    assert broken(run) == {"filter-matches"}, "the same filter is no better for a restart"


def test_a_filter_is_not_blamed_for_what_was_published_before_it_came_or_comes_after() -> None:
    text = f'pattern = "{TOPIC}"\n[messages]\nm03.subject = "early"\nm08.subject = "late"\n'
    run = driven(Run(as_written(text)), 4,
                 "0s spawn audit filter=late", "1.2s spawn audit filter=early")  # fmt: skip
    assert "filter-matches" not in broken(run)


def test_subscribers_do_not_succeed_or_fail_together() -> None:
    run = ran(TOPIC, 3, "0.7s inject poison-one on billing-1", max_deliveries=2, count="4")
    (dead,) = [e for e in run.events if e.kind == "dead_lettered"]
    assert sorted(handled(run, dead.message)) == ["audit-1", "dash-1"]
    driven(run, 6, "4s heal poison-one", "4s redrive billing-1")
    assert handled(run, dead.message)["billing-1"] > 4


def test_every_copy_tells_the_event_it_is_of_and_what_follows_from_it() -> None:
    run = ran(TOPIC, 2)
    by_number = {e.n: e for e in run.events}
    for row in (e for e in run.events if e.kind == "state"):
        cause = by_number[row.cause]
        while cause.kind != "published":
            cause = by_number[cause.cause]
        assert cause.message == row.message, "the invoice, back to the event"
    sent = [e for e in run.events if e.kind == "sent"]
    assert {e.conversation for e in sent} == {e.message for e in sent}
