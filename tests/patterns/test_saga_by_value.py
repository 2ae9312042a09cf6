"""By value: what an order is worth decides whether its saga waits, and looks again."""

from __future__ import annotations

import msgspec
import pytest
from tests.patterns.test_saga import ended, rows
from tests.patterns.test_saga_isolation import balance, booked
from tests.support.by_hand import broken, ran

from mailrail_patterns.document import Document, MessageTable
from mailrail_patterns.log import Saga
from mailrail_patterns.messages import Message
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build
from mailrail_patterns.worth import CAREFUL, MOST, QUICK, amount_of, refuse, way_of, worth_of

WAIT, LOOK = "saga/worth-the-wait", "saga/worth-a-second-look"


def ways(run: Run) -> dict[str, str | msgspec.UnsetType]:
    """Return which way each saga goes, as its row says."""
    logged = rows(run, "log").items()
    return {key: msgspec.json.decode(text, type=Saga).way for key, (_, text) in logged}


def order(amount: str) -> Run:
    """Place one order that says it is worth something, with a sound one after it."""
    document = Document(pattern="saga", duration="20s", settings={"count": 2},
                        messages={"m01": MessageTable(headers={"amount": amount})})  # fmt: skip
    run = Run(build(document, "orders"))
    run.advance(20)
    return run


# --- which way ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "careful_from", "way"),
    [("", 0, msgspec.UNSET), ("400", 0, msgspec.UNSET), ("", 50, CAREFUL), ("", 51, QUICK),
     ("99", 100, QUICK), ("100", 100, CAREFUL)],
)  # fmt: skip
def test_what_an_order_is_worth_decides_where_anything_is_to_be_decided(
    text: str, careful_from: int, way: str | msgspec.UnsetType
) -> None:
    message = Message("m01", headers=(("amount", text),) if text else ())
    assert way_of(careful_from, amount_of(message)) == way
    assert worth_of(amount_of(message)) == int(text or 50)


@pytest.mark.parametrize("text", ["0", "-5", "a lot", "1.5", "1e3", "٣", str(MOST + 1), "9" * 5000])
def test_an_order_that_cannot_be_worth_that_is_dead_lettered(text: str) -> None:
    assert refuse(Message("m01", headers=(("amount", text),))) == "BadAmount"
    run = order(text)
    dead = [(event.message, event.text) for event in run.events if event.kind == "dead_lettered"]
    assert dead == [("m01", "BadAmount")]
    assert list(rows(run, "log")) == ["m02"], "it begins no saga"
    assert broken(run) == set()


@pytest.mark.parametrize("text", ["1", "50", str(MOST)])
def test_what_it_is_worth_is_reserved_and_charged(text: str) -> None:
    run = order(text)
    assert ended(run) == (9, "Completed")
    assert (balance(run), balance(run, "card")) == (-int(text) - 50, int(text) + 50)
    assert run.metrics()["turnover"] == int(text) + 50
    assert broken(run) == set()


@pytest.mark.parametrize("value", ["-1", str(MOST + 1), "1.5", "much"])
def test_a_limit_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="careful_from"):
        ran("saga", 1, careful_from=value)


def test_a_saga_keeps_the_way_it_began_with() -> None:
    run = ran(WAIT, 16, "2.5s set careful_from=0")
    assert ways(run) == {**dict.fromkeys(("m01", "m02", "m03"), QUICK),
                         **dict.fromkeys(("m04", "m05", "m06"), msgspec.UNSET)}  # fmt: skip
    assert ended(run, "m04") == (12, "Compensated"), "it waits, as all did before"
    assert run.metrics()["accepted"] == 0
    assert broken(run) == set()


# --- what it is good for --------------------------------------------------------------------


def test_only_the_big_order_waits() -> None:
    run = ran(WAIT, 16)
    waits = [e.message for e in run.events if e.kind == "noted" and e.text.startswith("pending:")]
    assert {name.partition("-")[0] for name in waits} == {"m06"}
    assert booked(run, "card") == 500
    assert broken(run) == set()


def test_a_dirty_read_of_an_order_worth_the_care_is_a_breach() -> None:
    run = ran(WAIT, 16, semantic_lock="off")
    finding = next(f for f in run.findings() if f.guarantee.name == "no-dirty-read")
    assert finding.first is not None
    assert finding.violations == 1, "those of orders 4 and 5 are accepted"
    assert finding.first.what.startswith("m06-stock ")
    assert (run.metrics()["dirty_reads"], run.metrics()["accepted"]) == (3, 2)


def test_a_fuzzy_read_of_an_order_worth_the_care_is_a_breach() -> None:
    run = ran(LOOK, 18, reread="off")
    finding = next(f for f in run.findings() if f.guarantee.name == "no-fuzzy-read")
    assert finding.first is not None
    assert finding.violations == 1
    assert finding.first.what == "m03 goes by two prices: card +410, credit -400"
    assert (run.metrics()["fuzzy_reads"], run.metrics()["accepted"]) == (5, 4)


def test_what_is_undone_is_undone_at_what_the_order_was_worth() -> None:
    run = ran(LOOK, 18)
    assert rows(run, "credit")["m03"][1] == '{"amount":-400,"back":400,"price":400}'
    assert balance(run) == booked(run) == -4 * 50 - 2 * 10 - 400
    assert balance(run, "card") == booked(run, "card") == 4 * 50 + 2 * 10 + 400


@pytest.mark.parametrize("point", ["K1", "K2", "K3", "K5", "K6"])  # nothing is sent before: no K4
@pytest.mark.parametrize("at", ["4.5s", "5.5s"])
def test_a_new_orchestrator_sends_it_the_way_it_was_going(point: str, at: str) -> None:
    run = ran(WAIT, 60, f"{at} crash orchestrator-1 at {point}", restart_after="1s")
    assert run.metrics()["crashes"] == 1
    assert ways(run) == {**dict.fromkeys(("m01", "m02", "m03", "m04", "m05"), QUICK),
                         "m06": CAREFUL}  # fmt: skip
    assert ended(run, "m06")[1] == "Completed"
    assert broken(run) == set()
