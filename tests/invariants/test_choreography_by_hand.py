"""Each guarantee of a choreography breaks on a list of events that breaks it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from mailrail_patterns.choreography import SERVICES, Settings
from mailrail_patterns.invariants.choreographing import choreography_rules
from mailrail_patterns.invariants.dual_write import dual_write_rules
from mailrail_patterns.invariants.judge import Finding, Judge
from mailrail_patterns.joining import Join
from mailrail_patterns.kernel.journal import Journal

Told = dict[str, Any]


def judged(events: Iterable[Told], now: float = 0.0, **chosen: Any) -> list[Finding]:
    """Feed events to the rules and return what they found."""
    settings = Settings(**chosen)
    journal = Journal()
    judge = Judge(
        journal,
        (*choreography_rules(lambda: settings, SERVICES), *dual_write_rules()),
    )
    for event in events:
        fields = dict(event)
        journal.now = fields.pop("t", 0.0)
        journal.emit(fields.pop("kind"), cause=len(journal.events), **fields)
    return judge.findings(now, quiet=True)


def broken(events: Iterable[Told], now: float = 0.0, **chosen: Any) -> set[str]:
    """Return what broke, but for ``decides-by-itself``: rows without a story are enough here."""
    found = {f.guarantee.name for f in judged(events, now, **chosen) if not f.holds}
    return found - {"decides-by-itself"}


def ev(kind: str, actor: str = "", queue: str = "", message: str = "", **more: Any) -> Told:
    return {"kind": kind, "actor": actor, "queue": queue, "message": message, **more}


def handles(actor: str, queue: str, message: str, *, token: int = 1) -> list[Told]:
    """Hand a message over and begin to work on it."""
    return [
        ev("delivered", actor, queue, message, token=token),
        ev("working", actor, queue, message, token=token),
    ]


def publishes(actor: str, message: str, to: str = "", conversation: str = "m01") -> list[Told]:
    """Tell the topic, with a copy to one queue."""
    found = [ev("published", actor, "events", message, text="x.y", conversation=conversation)]
    if to:
        found.append(ev("sent", actor, to, message, conversation=conversation))
    return found


def row(table: str, state: str, text: str = "", t: float = 0.0) -> Told:
    return ev("state", "x-1", table, "m01", group=state, text=text, t=t)


ALL = '{"heard":["shipment.packed","courier.booked"]}'
COMMAND = [ev("sent", "customer-1", "order", "m01", conversation="m01")]
PLACED = [*COMMAND, *handles("order-1", "order", "m01"),
          *publishes("order-1", "m01-placed", "payment")]  # fmt: skip


def test_a_good_beginning_breaks_nothing() -> None:
    assert broken(PLACED) == set()


def test_an_event_out_of_nowhere() -> None:
    assert broken(publishes("order-1", "m01-placed")) == {"causes-are-a-forest"}


def test_an_event_with_two_causes() -> None:
    again = [
        ev("sent", "customer-1", "order", "m02", conversation="m02"),
        *handles("order-1", "order", "m02"),
        *publishes("order-1", "m01-placed", conversation="m02"),
    ]
    assert broken([*PLACED, *again]) == set(), "another command, another tree"
    within = [
        *handles("payment-1", "payment", "m01-placed"),
        *publishes("payment-1", "m01-placed"),
    ]
    assert broken([*PLACED, *within]) == {"causes-are-a-forest"}


def test_an_event_of_another_conversation() -> None:
    strange = [
        *handles("payment-1", "payment", "m01-placed"),
        *publishes("payment-1", "m01-placed-paid", conversation="m07"),
    ]
    assert broken([*PLACED, *strange]) == {"one-conversation"}


def test_one_hop_too_many() -> None:
    events, last = list(PLACED), "m01-placed"
    for hop in range(1, 10):
        assert ("hops-bounded" in broken(events)) == (hop > 9)
        events += [
            *handles("payment-1", "payment", last, token=hop),
            *publishes("payment-1", f"{last}-x", "payment"),
        ]
        last = f"{last}-x"
    (finding,) = [f for f in judged(events) if not f.holds]
    assert finding.guarantee.name == "hops-bounded"
    assert finding.first is not None
    assert "9 hops from m01, limit 8" in finding.first.what
    assert broken(events, hop_limit=12) == set()


def test_a_workflow_that_is_nowhere_any_more() -> None:
    done = [ev("completed", "order-1", "order", "m01"), row("orders", "Placed")]
    gone = [
        *handles("payment-1", "payment", "m01-placed"),
        ev("completed", "payment-1", "payment", "m01-placed"),
    ]
    assert broken([*PLACED, *done]) == set(), "payment still has a message for it"
    assert broken([*PLACED, *done, *gone]) == {"no-workflow-vanishes"}
    lost = [ev("dropped", "payment-1", "events", "m01-placed-paid", text="send lost")]
    assert broken([*PLACED, *done, gone[0], gone[1], *lost, gone[2]]) == set(), "it was lost"
    over = [row("orders", "Completed", ALL)]
    assert broken([*PLACED, *done, *over, *gone]) == set(), "it is over"


def test_a_cancelled_order_is_over_when_nothing_of_it_is_left() -> None:
    done = [ev("completed", "order-1", "order", "m01"), row("orders", "Cancelled")]
    end = [ev("completed", "payment-1", "payment", "m01-placed")]
    kept = [row("payments", "Authorised")]
    assert broken([*PLACED, *done, *end]) == set()
    assert broken([*PLACED, *done, *kept, *end]) == {"no-workflow-vanishes"}


def test_joins_that_fire_too_early_too_late_or_twice() -> None:
    half = '{"times":1,"heard":["stock.reserved"]}'
    both = '{"times":1,"heard":["payment.authorised","stock.reserved"]}'
    twice = both.replace("1", "2", 1)
    assert broken([row("couriers", "Waiting", half), row("couriers", "Booked", both)]) == set()
    for wrong in (
        [row("couriers", "Booked", half)],
        [row("couriers", "Waiting", both)],
        [row("couriers", "Booked", both), row("couriers", "Booked", both)],
        [row("couriers", "Booked", twice)],
    ):
        assert broken(wrong) == {"join-fires-once"}
    assert broken([row("couriers", "Booked", half)], choreographed=False) == set()


def test_a_compensation_of_what_was_not_done() -> None:
    done, undone = row("payments", "Authorised"), row("payments", "Refunded")
    assert broken([done, undone, done, undone]) == set()
    assert broken([undone]) == broken([done, undone, undone]) == {"only-what-was-done-is-undone"}


def test_older_news_over_newer() -> None:
    new, old = row("points", "Revoked", '{"version":2}'), row("points", "Granted", '{"version":1}')
    assert broken([old, new]) == set()
    assert broken([new, old]) == {"newest-wins"}


def test_an_order_past_its_deadline() -> None:
    placed = row("orders", "Placed")
    assert broken([placed, row("orders", "Completed", ALL, t=12)], 12) == set()
    assert broken([placed, row("orders", "Completed", ALL, t=12.5)], 12.5) == {
        "over-by-its-deadline"
    }
    assert broken([placed], 13) == {"over-by-its-deadline"}


# --- stuck, and by what --------------------------------------------------------------------

CREW = [ev("spawned", "order-1", text="order"), ev("spawned", "payment-1", text="payment")]
CHARGED = [
    *CREW, *COMMAND, *handles("order-1", "order", "m01"), *publishes("order-1", "m01-placed"),
    ev("sent", "order-1", "payment", "m01-placed", text="events", conversation="m01"),
    ev("completed", "order-1", "order", "m01", token=1),
]  # fmt: skip
GONE = [ev("completed", "payment-1", "payment", "m01-placed")]
STUCK = [row("watch", "Stuck")]


def first_of(name: str, events: Iterable[Told], **chosen: Any) -> str:
    """Return what broke one guarantee first; empty: nothing."""
    (finding,) = [f for f in judged(events, **chosen) if f.guarantee.name == name]
    return "" if finding.first is None else finding.first.what


def blamed(*events: Told, **chosen: Any) -> str:
    """Return what was found of an order that is declared stuck; empty: nothing."""
    return first_of("stuck-only-by-fault", events, **chosen)


def test_stuck_with_nothing_under_way_and_no_fault() -> None:
    assert blamed(*CHARGED, *GONE) == "", "nobody calls it stuck"
    assert blamed(*CHARGED, *GONE, *STUCK) == "m01 is stuck by design; nothing under way"
    assert blamed(*CHARGED, *STUCK) == "m01 is stuck by overload; payment: 1 to do"
    dead = ev("dead_lettered", "", "payment", "m01-placed", text="HopLimitExceeded")
    assert blamed(*CHARGED, dead, *STUCK).endswith("payment: dead, HopLimitExceeded")
    full = ev("rejected", "order-1", "stock", "m01-x", text="QueueFull")
    assert "by design" in blamed(*CHARGED[:-1], full, *GONE, *STUCK), "that is a queue's own rule"


@pytest.mark.parametrize(
    "fault",
    [
        [ev("crashed", "payment-1")],
        [ev("paused", "payment-1"), ev("resumed", "payment-1", text="payment")],
        [ev("injected", message="store-down", token=1), ev("healed", message="store-down")],
        [ev("injected", "payment-1", message="slow", token=1)],
        [ev("dropped", "customer-1", "events", "m01", text="send lost")],
        [ev("dropped", "payment-1", "payment", "m01-placed", text="acknowledgement lost")],
        [ev("duplicated", "order-1", "payment", "m01-placed")],
        [ev("abandoned", "payment-1", "payment", "m01-placed")],
    ],
    ids=lambda events: " ".join((events[0]["kind"], events[0].get("message", ""))),
)
def test_stuck_by_whatever_fault(fault: list[Told]) -> None:
    assert blamed(*CHARGED, *fault, *GONE, *STUCK) == ""


def test_a_crash_of_whom_it_has_been_with_and_one_of_somebody_else() -> None:
    taken = handles("payment-1", "payment", "m01-placed")
    done = ev("completed", "payment-1", "payment", "m01-placed", token=1)
    crash = ev("crashed", "payment-1")
    assert blamed(*CHARGED, *taken, crash, done, *STUCK) == "", "it had it in hand"
    assert blamed(*CHARGED, *taken, done, crash, *STUCK) != "", "it was done with it"
    memory = {"join": Join.MEMORY}
    assert blamed(*CHARGED, *taken, done, crash, *STUCK, **memory) == "", "what it knew is lost"
    assert blamed(*CHARGED, *GONE, crash, *STUCK, **memory) != "", "it was never with that one"
    other = [ev("spawned", "stock-1", text="stock"), ev("crashed", "stock-1")]
    assert blamed(*CHARGED, *other, *taken, *STUCK) != ""


OTHER = ev("spawned", "payment-2", text="payment")
TAKEN = handles("payment-1", "payment", "m01-placed")
LEFT = [ev("crashed", "payment-1"), ev("paused", "payment-1"),
        ev("injected", "payment-1", message="partition", token=1),
        ev("injected", "payment-1", message="slow", token=1)]  # fmt: skip


@pytest.mark.parametrize("fault", LEFT, ids=lambda event: event["kind"] + event.get("message", ""))
def test_who_is_down_excuses_what_it_has_in_hand_and_nothing_more(fault: Told) -> None:
    crew = [OTHER, *CHARGED]
    assert blamed(*crew, *TAKEN, fault, *STUCK) == ""
    assert blamed(*crew, fault, *STUCK) == "m01 is stuck by overload; payment: 1 to do"
    expired = ev("lock_expired", "payment-1", "payment", "m01-placed", token=1)
    assert blamed(*crew, *TAKEN, expired, fault, *STUCK) != "", "somebody else may have it"
    both = {**fault, "actor": "payment-2"}
    assert blamed(*crew, fault, both, *STUCK) == "", "nobody is able"


@pytest.mark.parametrize("fault", LEFT, ids=lambda event: event["kind"] + event.get("message", ""))
def test_what_is_in_a_session_of_who_is_down_is_excused(fault: Told) -> None:
    accepted = ev("session_accepted", "payment-1", "payment", group="m01")
    first = [*CHARGED[:-2], accepted, fault]
    then = {**CHARGED[-2], "group": "m01"}
    assert blamed(OTHER, *first, then, *STUCK) == "", "it comes to a lane that is locked"
    assert blamed(OTHER, *CHARGED, accepted, fault, *STUCK) == "", "it is there already"
    for over in ("session_closed", "session_expired"):
        ended = ev(over, "payment-1", "payment", group="m01")
        assert blamed(OTHER, *first, ended, then, *STUCK) != ""


def test_what_was_deleted_on_receipt_is_in_hand_until_the_next_one_is_begun() -> None:
    got = [TAKEN[0], ev("completed", "payment-1", "payment", "m01-placed", token=1), *TAKEN[1:]]
    crash = ev("crashed", "payment-1")
    assert blamed(OTHER, *CHARGED, *got, crash, *STUCK) == ""
    more = [
        ev("sent", "order-1", "payment", "m02-placed", conversation="m02"),
        *handles("payment-1", "payment", "m02-placed", token=2),
    ]
    assert blamed(OTHER, *CHARGED, *got, *more, crash, *STUCK) != ""


def test_an_order_that_is_over_and_stuck_again_is_judged_anew() -> None:
    crash, back = ev("crashed", "payment-1"), ev("restarted", "payment-1", text="payment")
    again = [*GONE, row("watch", "Done"), *STUCK]
    assert blamed(*CHARGED, crash, back, *STUCK) == ""
    assert blamed(*CHARGED, crash, back, *STUCK, *again) != ""


# --- nothing but the event and one's own row -----------------------------------------------


def undecided(*events: Told, **chosen: Any) -> str:
    """Return what was found of a service that decides by something else; empty: nothing."""
    return first_of("decides-by-itself", events, **chosen)


def ordered(order: str) -> list[Told]:
    """Place an order, and give payment a copy of what is told of it."""
    return [
        ev("sent", "customer-1", "order", order, conversation=order),
        *handles("order-1", "order", order),
        *publishes("order-1", f"{order}-placed", "payment", order),
    ]


def pays(order: str, state: str = "Authorised", tells: str = "paid") -> list[Told]:
    """Let payment make something of an order, and settle it."""
    return [
        *handles("payment-1", "payment", f"{order}-placed"),
        {**row("payments", state), "actor": "payment-1", "message": order},
        *(publishes("payment-1", f"{order}-placed-{tells}", "", order) if tells else ()),
        ev("completed", "payment-1", "payment", f"{order}-placed", token=1),
    ]


def test_the_same_event_and_the_same_row_make_the_same() -> None:
    first, second = [*ordered("m01"), *pays("m01")], ordered("m02")
    assert undecided(*first, *second, *pays("m02")) == ""
    what = undecided(*first, *second, *pays("m02", tells=""))
    assert "payment makes payments Authorised of x.y for m02" in what
    assert "made payments Authorised, x.y of it for m01, with the same row" in what
    assert undecided(*first, *second, *pays("m02", "Declined")) == "", "the order says so"
    assert undecided(*first, *second, *pays("m02", tells=""), choreographed=False) == ""


def test_another_row_another_decision() -> None:
    first = [*ordered("m01"), *pays("m01")]
    before = {**row("payments", "Void"), "actor": "payment-1", "message": "m02"}
    strange = [*handles("payment-1", "payment", "m02-placed", token=7), before]
    assert undecided(*first, *ordered("m02"), *strange, *pays("m02", tells="")) == ""


def test_a_change_of_a_setting_and_what_is_not_settled_count_for_nothing() -> None:
    first, second = [*ordered("m01"), *pays("m01")], [*ordered("m02"), *pays("m02", tells="")]
    changed = ev("changed", message="miswired", text="on")
    assert undecided(*first, changed, *second) == ""
    for gone in ("abandoned", "lock_lost", "crashed", "dropped"):
        away = ev(gone, "payment-1", "payment", "m02-placed", token=1)
        assert undecided(*first, *second[:-1], away, second[-1]) == ""


def test_rows_of_others_and_rows_out_of_nowhere() -> None:
    held = [*ordered("m01"), *handles("payment-1", "payment", "m01-placed")]
    theirs = {**row("stock", "Reserved"), "actor": "payment-1"}
    assert undecided(*held, theirs) == "payment-1 writes stock m01, which is stock's"
    own = {**row("payments", "Authorised"), "actor": "payment-1"}
    assert undecided(*held, own) == ""
    assert undecided(own) == "payment-1 writes payments m01 and holds no message"


def test_who_only_listens_changes_nothing_for_anybody() -> None:
    alarm = ev("sent", "observer-1", "observer", "m01-deadline", conversation="m01")
    own = {**row("watch", "Running"), "actor": "observer-1"}
    points = {**row("points", "Granted", '{"version":1}'), "actor": "loyalty-1"}
    full = ev("blocked", "payment-1", "stock", "m01-placed-paid")
    assert broken([*PLACED, alarm, own, points, full]) == set()
    for wrong in (
        ev("sent", "observer-1", "payment", "m01-refund", conversation="m01"),
        {**row("orders", "Placed"), "actor": "loyalty-1"},
        ev("blocked", "payment-1", "loyalty", "m01-placed-paid"),
    ):
        assert broken([*PLACED, wrong]) == {"onlookers-change-nothing"}
    told = [*PLACED, *publishes("loyalty-1", "m01-granted")]
    assert broken(told) == {"onlookers-change-nothing", "causes-are-a-forest"}


# --- state and message, both or neither -------------------------------------------------------

WORKS = handles("c-1", "work", "m01")
EFFECT = ev("effect", "c-1", "work", "m01", value=1)
SENT = ev("sent", "c-1", "results", "result-m01", conversation="m01")
DONE = ev("completed", "c-1", "work", "m01")
DEAD = ev("dead_lettered", "", "work", "m01")
SKIPPED = ev("effect_skipped", "c-2", "work", "m01~2")
LATE = ev("sent", "c-2", "results", "result-m01", conversation="m01")
DUAL = {"no-zombie-records", "no-ghost-messages"}


def dual(*events: Told) -> set[str]:
    return broken([*WORKS, *events]) & DUAL


def test_an_effect_that_nobody_hears_of_is_a_zombie() -> None:
    assert dual(EFFECT, SENT, DONE) == set()
    assert dual(EFFECT, DONE) == {"no-zombie-records"}
    assert dual(EFFECT, DEAD) == set(), "a dead letter can be redriven, and is not settled"
    lost = ev("dropped", "c-1", "results", "result-m01", text="send lost")
    assert dual(EFFECT, lost, DONE) == set(), "it was sent; that it was lost is another matter"
    assert dual({**EFFECT, "value": 2}, SENT, DONE) == {"no-zombie-records"}


def test_whoever_sends_it_later_mends_a_zombie() -> None:
    assert dual(EFFECT, SKIPPED, LATE, {**DONE, "actor": "c-2"}) == set()
    assert dual(EFFECT, SKIPPED, {**DONE, "actor": "c-2"}) == {"no-zombie-records"}


def test_news_of_what_is_never_committed_is_a_ghost() -> None:
    assert dual(SENT, EFFECT, DONE) == set()
    assert dual(SENT, DEAD) == {"no-ghost-messages"}
    assert dual(SENT, EFFECT, DEAD) == set()
    noted = ev("noted", "c-1", "work", "m01", text="code: sentence")
    assert dual(noted, SENT, DEAD) == set(), "a decision that has no effect"
