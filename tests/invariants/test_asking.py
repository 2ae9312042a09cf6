"""Whether a row meets an agent again before all have been asked, told by hand."""

from __future__ import annotations

import msgspec

from mailrail_patterns import orders
from mailrail_patterns.assignment import GONE, HERE
from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.invariants.supervising import supervising_rules
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.orders import Order
from mailrail_patterns.scheduler_agent_supervisor import Settings

Told = tuple[str, str, int]


def asked(*told: Told, table: str = orders.TABLE) -> str:
    """Return what is found when m01 goes this way: its state, the agent, the failures so far.

    ``HERE`` and ``GONE`` are states of the agent named, an instant each.
    """
    journal = Journal()
    judge = Judge(journal, supervising_rules(Settings))
    for at, (state, agent, failures) in enumerate(told):
        journal.now = float(at)
        if state in (HERE, GONE):
            journal.emit("state", agent, orders.AGENTS, agent, group=state)
        else:
            order = Order("m01", agent=agent, failures=failures, attempt=at)
            text = msgspec.json.encode(order).decode()
            journal.emit("state", "somebody", table, "m01", group=state, text=text)
    found = next(f for f in judge.findings(0.0, False) if f.guarantee.name == "tried-elsewhere")
    return "" if found.first is None else found.first.what


P, Q = orders.PENDING, orders.PROCESSING
ALL: tuple[Told, ...] = ((HERE, "a", 0), (HERE, "b", 0), (HERE, "c", 0), (P, "", 0))


def failed(*agents: str, since: int = 0) -> tuple[Told, ...]:
    """Give the row to these agents in turn; it comes to nothing at each."""
    return tuple(
        each
        for count, agent in enumerate(agents, since)
        for each in ((Q, agent, count), (P, agent, count + 1))
    )


def test_whom_it_has_been_with_does_not_get_it_again_while_others_are_there() -> None:
    assert asked(*ALL, *failed("a", "b", "c")) == ""
    assert asked(*ALL, *failed("a", "a")) == "m01 goes to a again; b has not been asked"
    assert asked(*ALL, *failed("a", "b", "a")) == "m01 goes to a again; c has not been asked"


def test_when_all_have_been_asked_it_begins_anew() -> None:
    assert asked(*ALL, *failed("a", "b", "c", "b", "c", "a")) == ""
    assert asked(*ALL, *failed("a", "b", "c", "b", "c", "b")) != ""


def test_who_is_not_there_need_not_be_asked() -> None:
    assert asked(*ALL, (GONE, "b", 0), (GONE, "c", 0), *failed("a", "a")) == ""
    here, back = ALL[0], ALL[3]
    late = (here, back, *failed("a"), (HERE, "b", 0), (Q, "a", 1))
    assert asked(*late) == "", "it had not signed in when the row was given back"
    assert asked(*late, (P, "a", 2), (Q, "a", 2)) == "m01 goes to a again; b has not been asked"


def test_what_a_person_has_reopened_has_been_with_nobody() -> None:
    assert asked(*ALL, *failed("a"), (P, "a", 0), (Q, "a", 0)) == ""


def test_where_nobody_is_picked_nobody_is_asked_twice() -> None:
    assert asked(*ALL, *failed("", "")) == ""
