"""Timers in a line: the same order as without one, and nothing kept of what was cancelled."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.delays import Delays
from mailrail_patterns.kernel.journal import Journal

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("lease"), st.sampled_from([2.0, 2.0, 2.0, 0.5])),
        st.tuples(st.just("sleep"), st.sampled_from([0.5, 1.0, 2.0])),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([0.5, 1.0, 3.0])),
    ),
    max_size=40,
)


def played(steps: list[tuple[str, Any]], line: Delays | None) -> list[tuple[float, Any]]:
    """Play steps with leases in a line or without; return when what happened, and what is next."""
    agenda, seen, leases = Agenda(Journal()), [], []
    for number, (what, value) in enumerate(steps):
        if what == "lease":
            leases.append(
                agenda.at(agenda.now + value, lambda n: seen.append((agenda.now, n)), number, line)
            )
        elif what == "sleep":
            agenda.at(agenda.now + value, lambda n: seen.append((agenda.now, n)), number)
        elif what == "wait":
            agenda.advance(agenda.now + value)
        elif leases:
            agenda.cancel(leases[value % len(leases)])
        seen.append((agenda.now, agenda.next_time() if number % 3 == 0 else None))
    while agenda.step():
        seen.append((agenda.now, "step"))
    return seen


@given(steps=STEPS)
def test_a_line_changes_nothing_about_the_order(steps: list[tuple[str, Any]]) -> None:
    line = Delays()
    assert played(steps, line) == played(steps, None)
    assert len(line) == 0


def test_only_the_first_of_a_line_is_in_the_heap() -> None:
    agenda, line = Agenda(Journal()), Delays()
    for number in range(100):
        agenda.at(10.0 + number, print, None, line)
    assert len(agenda._heap) == 1


def test_cancelled_timers_of_a_line_are_forgotten() -> None:
    agenda, line = Agenda(Journal()), Delays()
    seen: list[int] = []
    timers = [agenda.at(1e6 + number, seen.append, number, line) for number in range(5_000)]
    for timer in timers[:-1]:
        agenda.cancel(timer)
    assert len(line) < 1_200
    agenda.advance(2e6)
    assert seen == [4_999]
