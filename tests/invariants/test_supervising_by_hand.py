"""Who may move a row of a state store, and what Processed has to mean, told by hand."""

from __future__ import annotations

import msgspec
import pytest

from mailrail_patterns import orders
from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.invariants.supervising import supervising_rules
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.orders import Charge, Order
from mailrail_patterns.scheduler_agent_supervisor import Settings

P, Q, D, E = orders.PENDING, orders.PROCESSING, orders.PROCESSED, orders.ERROR
CREW = ("submitter", "scheduler", "supervisor", "operator", "agent", "remote")
Step = tuple[str, str, Order]


def broken(*steps: Step, charges: int = 1, state: str = orders.CHARGED) -> dict[str, str]:
    """Return what breaks when these actors move the row of m01 to these states in turn."""
    journal = Journal()
    judge = Judge(journal, supervising_rules(Settings))
    for role in CREW:
        for number in (1, 2):
            journal.emit("spawned", f"{role}-{number}", text=f"{role} consumer", token=1)
    for actor, now, order in steps:
        if now == D:
            for times in range(1, charges + 1):
                text = msgspec.json.encode(Charge(times)).decode()
                journal.emit("state", "remote-1", orders.CHARGES, "m01", text=text, group=state)
        text = msgspec.json.encode(order).decode()
        journal.emit("state", actor, orders.TABLE, "m01", text=text, group=now)
    return {f.guarantee.name: f.first.what for f in judge.findings(0.0, False) if f.first}


NEW = Order("m01")
MINE = Order("m01", locked_by="scheduler-1", complete_by=4.0, attempt=1)
DONE = Order("m01", attempt=1)
BEGUN: tuple[Step, ...] = (("submitter-1", P, NEW), ("scheduler-1", Q, MINE))


def test_a_row_that_goes_the_usual_way_breaks_nothing() -> None:
    assert broken(*BEGUN, ("scheduler-1", D, DONE)) == {}


@pytest.mark.parametrize(
    ("actor", "now"),
    [("scheduler-2", D), ("scheduler-2", E), ("agent-1", D), ("remote-1", E), ("operator-1", P),
     ("submitter-1", P), ("supervisor-1", D)],
)  # fmt: skip
def test_only_who_holds_a_row_or_a_supervisor_moves_it(actor: str, now: str) -> None:
    found = broken(*BEGUN, (actor, now, DONE))
    assert found["row-moves"].endswith(f"by {actor}, not scheduler-1")


@pytest.mark.parametrize("actor", ["agent-1", "supervisor-1", "submitter-1"])
def test_only_a_scheduler_claims(actor: str) -> None:
    found = broken(("submitter-1", P, NEW), (actor, Q, MINE))
    assert found["row-moves"] == f"m01: Pending to Processing by {actor}"


@pytest.mark.parametrize("charges", [0, 2])
def test_processed_means_charged_exactly_once(charges: int) -> None:
    found = broken(*BEGUN, ("scheduler-1", D, DONE), charges=charges)
    assert found == {"processed-means-charged": f"m01 is Processed and was charged {charges} times"}


def test_a_refund_is_processed_once_it_was_given() -> None:
    def refund(state: str) -> dict[str, str]:
        order = msgspec.structs.replace(MINE, task=orders.REFUND)
        return broken(("supervisor-1", P, order), ("scheduler-1", Q, order),
                      ("scheduler-1", D, order), state=state)  # fmt: skip

    assert refund(orders.REFUNDED) == {}
    assert refund(orders.CHARGED) == {"processed-means-charged": "m01 was not refunded"}
