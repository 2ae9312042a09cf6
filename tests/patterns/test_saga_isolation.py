"""No isolation: what sagas do to each other's balances and prices, and what keeps them from it."""

from __future__ import annotations

import msgspec
import pytest
from tests.patterns.test_saga import ONE, begun, ended, rows
from tests.support.by_hand import broken, ran

from mailrail_patterns.ledger_rows import Balance, Entry
from mailrail_patterns.run import Run

OVERWRITTEN = "saga/one-balance-overwritten"


def balance(run: Run, ledger: str = "credit") -> int:
    """Return what a ledger's balance says."""
    return msgspec.json.decode(rows(run, "ledger")[ledger][1], type=Balance).balance


def booked(run: Run, ledger: str = "credit") -> int:
    """Return what all sagas have booked on a ledger."""
    entries = [msgspec.json.decode(text, type=Entry) for _, text in rows(run, ledger).values()]
    return sum(entry.amount + entry.back for entry in entries)


# --- lost updates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "stands", "is_due"), [(5, -50, -50), (7, -50, -100), (24, -150, -200), (26, -50, -150)]
)
def test_a_balance_that_is_written_back_forgets_the_others(
    at: float, stands: int, is_due: int
) -> None:
    run = ran(OVERWRITTEN, at)
    assert (balance(run), booked(run)) == (stands, is_due)


def test_what_is_added_is_added_to_whatever_is_there() -> None:
    run = ran("saga/one-balance", 32)
    assert balance(run) == booked(run) == -150
    assert broken(run) == set()


def test_a_saga_that_reads_asks_before_it_does_anything() -> None:
    run = ran("saga", 20, **ONE, commutative="off")
    sent = [e.message for e in run.events if e.kind == "sent" and e.queue != "to-orchestrator"]
    assert sent[:2] == ["m01-read-credit", "m01-stock"]
    assert ended(run) == (9, "Completed"), "reading takes no time"
    assert broken(run) == set(), "alone, it overwrites nobody"


def test_who_switches_to_adding_stops_overwriting_at_once() -> None:
    run = ran(OVERWRITTEN, 32, "5s set commutative=on")
    assert run.metrics()["lost_updates"] == 0
    assert balance(run) == -150


def test_nothing_is_undone_for_a_balance_that_could_not_be_read() -> None:
    run = ran("saga", 60, "1s inject delay-command on m02-read-credit", count="2", every="10s",
              commutative="off")  # fmt: skip
    assert ended(run, "m02") == (20, "Compensated")
    assert begun(run, "m02") == []
    assert run.metrics()["late_answers"] == 1
    assert broken(run) == set()


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])
def test_an_orchestrator_may_die_while_it_reads(point: str) -> None:
    run = ran("saga", 60, f"9.5s crash orchestrator-1 at {point}", count="2", every="10s",
              commutative="off", restart_after="3s")  # fmt: skip
    assert run.metrics()["crashes"] == 1
    assert ended(run, "m02")[1] == "Completed"
    assert broken(run) == set()


# --- fuzzy reads ----------------------------------------------------------------------------


def test_a_price_that_has_changed_is_refused_before_the_pivot() -> None:
    run = ran("saga", 30, "5s inject price-change", **ONE)
    assert [name for _, name in begun(run)][2:] == ["card", "undo-credit", "undo-stock"]
    assert rows(run, "card")["m01"][0] == "declined"
    assert run.metrics()["rereads_refused"] == 1
    assert broken(run) == set()


def test_without_a_second_look_two_prices_are_booked() -> None:
    run = ran("saga", 30, "5s inject price-change", **ONE, reread="off")
    assert rows(run, "credit")["m01"][1] == '{"amount":-50,"back":0}'
    assert rows(run, "card")["m01"][1] == '{"amount":60,"back":0,"price":60}'
    assert broken(run) == {"no-fuzzy-read"}


def test_a_price_that_has_changed_before_is_the_price() -> None:
    run = ran("saga", 30, "0s inject price-change", **ONE)
    assert ended(run) == (9, "Completed")
    assert (balance(run), balance(run, "card")) == (-60, 60)
    assert broken(run) == set()


def test_a_price_that_came_back_down_has_changed_as_well() -> None:
    run = ran("saga", 30, "0s inject price-change", "5s heal price-change", **ONE)
    assert ended(run) == (10, "Compensated")
    assert rows(run, "credit")["m01"][1] == '{"amount":-60,"back":60,"price":60}'
    assert broken(run) == set()


def test_what_was_booked_at_a_price_is_given_back_at_that_price() -> None:
    run = ran("saga", 40, "0s inject price-change", "0s inject decline on m01-card",
              "7s heal price-change", **ONE)  # fmt: skip
    assert balance(run) == 0
    assert broken(run) == set()


def test_an_answer_given_again_tells_the_price_again() -> None:
    run = ran("saga", 60, "0s inject price-change", "3s crash orchestrator-1",
              "8s restart orchestrator-1", **ONE)  # fmt: skip
    assert ended(run)[1] == "Completed"
    assert broken(run) == set()


def test_after_the_pivot_a_changed_price_needs_a_human() -> None:
    run = ran("saga", 30, "5s inject price-change", **ONE, pivot="2")
    assert ended(run)[1] == "NeedsHuman"
    assert broken(run) == {"no-human-needed"}


# --- what others look at comes last ---------------------------------------------------------


def test_pessimists_reserve_stock_last_and_give_it_back_first() -> None:
    run = ran("saga", 30, "0s inject decline on m01-card", **ONE, pessimistic="on")
    assert [name for _, name in begun(run)] == ["credit", "stock", "card", "undo-stock",
                                                "undo-credit"]  # fmt: skip
    assert broken(run) == set()


def test_what_can_be_undone_follows_the_order_of_the_steps() -> None:
    run = ran("saga", 2.5, **ONE, pessimistic="on", pivot="2")
    assert rows(run, "credit")["m01"][0] == "pending"
    run = ran("saga", 4.5, **ONE, pessimistic="on", pivot="2")
    assert rows(run, "stock")["m01"][0] == "kept"


# --- the semantic lock on a balance -----------------------------------------------------------


def test_a_balance_with_something_pending_in_it_is_not_told() -> None:
    run = ran(f"{OVERWRITTEN}-semantic-lock", 40)
    asked = [
        e.t for e in run.events if e.kind == "noted" and e.text.startswith("pending: lets m04")
    ]
    assert asked == [19, 20, 21]  # from 22.0 on it undoes what order 3 has booked
    assert broken(run) == {"no-lost-update"}


def test_without_the_lock_it_is_told_and_somebody_has_read_what_was_undone() -> None:
    run = ran(OVERWRITTEN, 32)
    (first,) = [f.first for f in run.findings() if f.guarantee.name == "no-dirty-read"]
    assert first is not None
    assert (first.time, first.what) == (19, "m04 is told a balance that m03 may still undo")


@pytest.mark.parametrize("latency", ["0s", "0.05s"])
def test_instances_of_a_participant_that_read_and_book_at_once_raise_no_false_alarm(
    latency: str,
) -> None:
    run = ran("saga", 60, "0s spawn credit 2", every="0.7s", count="20", commutative="off",
              items="50", latency=latency)  # fmt: skip
    assert "no-dirty-read" not in broken(run)
