"""Rows of the failure matrix: saga and scheduler agent supervisor, what goes wrong, what holds."""

from __future__ import annotations

import pytest
from tests.patterns.test_saga import ended, rows
from tests.support.by_hand import broken, ran

from mailrail_patterns.orders import CHARGES, TABLE, Charge
from mailrail_patterns.records import Row
from mailrail_patterns.run import Run

SAGA, STORE = "saga", "scheduler-agent-supervisor"


# --- saga x clock skew ------------------------------------------------------------------------


def test_a_fast_clock_undoes_a_saga_that_nothing_was_wrong_with_and_leaves_nothing() -> None:
    """It waits 1.5 s where it ought to wait 3 s, and a step takes 2 s: unknown, so undone."""
    run = ran(SAGA, 60, "15s inject clock-skew", "25s heal clock-skew", count="3", every="20s",
              timeout="3s")  # fmt: skip
    assert [ended(run, saga)[1] for saga in ("m01", "m02", "m03")] == [
        "Completed", "Compensated", "Completed",
    ]  # fmt: skip
    (undone,) = [e.t for e in run.events if e.kind == "sent" and e.message == "m02-undo-stock"]
    assert undone == 21.5
    assert rows(run, "stock")["m02"][0] == "returned"
    assert broken(run) == set()


# --- scheduler agent supervisor x lost --------------------------------------------------------


def times_charged(run: Run) -> list[int]:
    """Return how often each order was charged."""
    last = {e.message: e.text for e in run.events if e.kind == "state" and e.queue == CHARGES}
    return [Row(key, text).fields(Charge).times for key, text in last.items()]


def lost(run: Run) -> list[str]:
    """Return the queues whose messages were lost on the way."""
    return [e.queue for e in run.events if e.kind == "dropped" and e.text == "send lost"]


@pytest.mark.parametrize(
    ("where", "queue", "claims"),
    [("K3 of submitter-1", "wake-ups", 2), ("K3 of scheduler-2", "tasks", 3),
     ("K2 of agent-2", "calls", 2), ("K3 of remote-1", "", 2),
     ("K3 of agent-1", "", 3)],
)  # fmt: skip
def test_whatever_message_is_lost_the_order_is_processed_and_charged_once(
    where: str, queue: str, claims: int
) -> None:
    """A wake-up is a hint, a call is made again, and for the rest there is the complete-by."""
    run = ran(STORE, 60, f"0.5s inject lose-send at {where}", count="2", every="5s")
    gone = lost(run)
    assert gone == [queue] if queue else len(gone) == 1
    assert run.metrics()["claims"] == claims
    assert times_charged(run) == [1, 1]
    assert {e.group for e in run.events if e.kind == "state" and e.queue == TABLE} == {
        "Pending", "Processing", "Processed",
    }  # fmt: skip
    assert run.metrics()["processed"] == 2
    assert broken(run) == set()


@pytest.mark.parametrize("who", ["scheduler-1", "scheduler-2", "agent-1", "agent-2", "remote-1"])
def test_whatever_settlement_is_lost_nothing_is_charged_twice(who: str) -> None:
    run = ran(STORE, 90, f"0.5s inject lose-ack at K5 of {who}", count="2", every="5s")
    assert sum(e.kind == "dropped" for e in run.events) == 1
    assert times_charged(run) == [1, 1]
    assert run.metrics()["processed"] == 2
    assert broken(run) == set()
