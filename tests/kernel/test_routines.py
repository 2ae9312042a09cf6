"""When a run has come to rest although something in it goes round for ever."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns import catalog
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.kernel.routines import Routine
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, build


def test_an_agenda_tells_routine_from_what_is_due() -> None:
    agenda = Agenda(Journal())
    assert agenda.routine() == 0.0
    agenda.at(3.0, Routine(print, 3.0))
    agenda.at(7.0, Routine(print, 5.0))
    assert agenda.routine() == 5.0
    work = agenda.at(9.0, print)
    assert agenda.routine() is None
    agenda.cancel(work)
    assert agenda.routine() == 5.0


@pytest.mark.parametrize("name", catalog.MODULES)
def test_every_pattern_comes_to_rest_once_its_producers_stop(name: str) -> None:
    """So that what is left behind then can be judged, whatever sweeps, scans or polls."""
    run = Run(build(Document(pattern=name, settings={"count": "3"}), name))
    run.advance(1.0)
    assert not run.quiet
    run.advance(600.0)
    assert run.quiet
    assert broken(run) == set()


def test_two_rounds_have_to_go_by_in_which_no_message_moves() -> None:
    name = "scheduler-agent-supervisor"  # the longest round is a scan: every 6 s
    run = ran(name, 60, count="1", supervisors="1")
    last = max(e.t for e in run.events if e.kind not in {"state", "noted", "said"})
    for after, quiet in ((11.9, False), (12.1, True)):
        assert ran(name, last + after, count="1", supervisors="1").quiet == quiet


def test_a_message_that_nobody_will_fetch_is_found_although_the_scans_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Queue, "wait", lambda queue, receiver: None)
    run = ran("scheduler-agent-supervisor", 60, count="3", poll="5s")
    assert run.quiet
    assert "drains" in broken(run)


@pytest.mark.parametrize(("more", "open_until"), [((), 66), (("20s crash supervisor-1",), 120)])
def test_a_claim_that_outlasts_two_scans_is_still_to_come_to_an_end(
    more: tuple[str, ...], open_until: float
) -> None:
    """Nothing moves until then, for its owner is dead; with the leader dead its lease counts too.

    The claim is made at 2.5 s and ends at 62.5 s. A scan at 66 s gives the row back; where only
    supervisor-2 is left, it may lead from 118 s on and scans at 120 s.
    """
    dies = ("2s crash scheduler-1 at K3", "2s crash scheduler-2 at K3", "5s spawn scheduler")
    for t in (40, open_until - 1, open_until):
        run = ran("scheduler-agent-supervisor", t, *dies, *more, count="2", complete_in="60s",
                  lock="70s", poll="10s", lease="100s" if more else "9s")  # fmt: skip
        given_back = any(
            e.kind == "state" and e.group == "Pending" and e.t > 10 for e in run.events
        )
        assert not run.quiet
        assert "drains" not in broken(run)
        assert given_back == (t == open_until)
