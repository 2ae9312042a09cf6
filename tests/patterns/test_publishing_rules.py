"""Rules of a topic that no scenario shows: what is scheduled, stored, and not atomic."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize(
    ("asks", "when", "found"),
    [
        # The headers of a publisher repeat after four regions, or after four times five amounts.
        ("where=region=asia", 2.5, "# {region=asia}, and published were only region = eu; region"),
        ("where=amount>=1000", 10.5, "# {amount>=1000}, and published were only amount = 140; am"),
        ("where=tier=gold", 2.5, "# {tier=gold}, and published were only without these headers of"),
        ("where=region>=3", 2.5, "# {region>=3}, and published were only region = eu; region = u"),
        ("where=region=eu filter=orders.us.*", 2.5, "orders.us.* {region=eu}, and published were "
         "only region = us of orders.us.*"),
    ],
)  # fmt: skip
def test_what_it_asks_of_headers_is_held_against_all_that_is_said(
    asks: str, when: float, found: str
) -> None:
    run = ran(TOPIC, when - 0.2, f"0s spawn subscriber {asks}")
    assert "filter-matches" not in broken(run), "what it asks for may be still to come"
    run.advance(when + 0.1)
    (first,) = [f.first for f in run.findings() if f.guarantee.name == "filter-matches"]
    assert first is not None
    assert first.time == when
    assert first.what.startswith(f"subscriber-1 asks for {found}")


@pytest.mark.parametrize("asks", ["where=amount>=260", "where=region>=3 on_error=take",
                                  "where=region!=eu&amount<=75"])  # fmt: skip
def test_a_condition_that_is_met_now_and_then_is_not_to_blame(asks: str) -> None:
    assert "filter-matches" not in broken(ran(TOPIC, 12, f"0s spawn subscriber {asks}"))


def test_what_two_publishers_say_and_what_comes_twice_is_no_repetition() -> None:
    given = ("0s spawn publisher", "0s spawn subscriber where=amount>=260", "0s inject duplicate")
    run = ran(TOPIC, 1.4, *given)
    assert "filter-matches" not in broken(run)
    run.advance(2)
    assert run.metrics()["subscriber_received"] == 2, "the fourth event of each"


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
