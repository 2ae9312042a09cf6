"""What takes longer than a frame: done between frames, told how far it is, given up at a key."""

from __future__ import annotations

import pytest
from tests.support.clock import Clock

from mailrail import futures, playback, rehearsal, timekeeping
from mailrail.resetting import reset
from mailrail.session import Session
from mailrail_patterns.commands import Crash, Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock by which the engine takes long for little."""
    for place, name in ((futures, "STEPS"), (playback, "SLICE"), (timekeeping, "CHUNK")):
        monkeypatch.setattr(place, name, 10)
    return Clock()


def waited(session: Session) -> list[str]:
    """Return what is told until nothing is waited for any more."""
    told = []
    while session.underway:
        told.append(session.frame().underway)
        session.tick(0.0)
    return told


def test_a_far_fork_is_made_between_frames_and_says_how_far_it_is(slow: Clock) -> None:
    session, plain = (Session(find(LEASE), clock=slow) for _ in range(2))
    for each in (session, plain):
        each.seek(50.0)
        each.seek(40.0)
    plain.do(Crash("consumer-1"))
    slow.cost = 0.15  # of seconds, for every look at the clock
    old = session.run
    session.do(Crash("consumer-1"))
    assert session.run is old
    with pytest.raises(BadInput, match=r"forking at 40s, \d+%; Esc gives it up"):
        session.do(Crash("consumer-2"))
    told = waited(session)
    assert len(told) > 3
    assert all(each.startswith("forking at 40s, ") for each in told)
    assert session.run is not old
    assert session.run.digest() == plain.run.digest()
    assert [future.run for future in session.futures] == [old]


def test_what_takes_its_time_can_be_given_up(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(50.0)
    session.seek(40.0)
    slow.cost = 0.15
    run, digest = session.run, session.run.digest()
    session.do(Crash("consumer-1"))
    assert session.give_up()
    assert not session.give_up()
    assert (session.run, session.run.digest(), session.futures) == (run, digest, [])
    assert "Given up: forking at 40s" in session.notices[-1].text
    session.seek(0.0)
    session.rerun()
    session.seek_mark(1, frozenset({"violation"}))
    session.tick(0.0)
    assert session.run.now > 0.0
    session.pause()  # whatever else is done to time gives it up as well
    assert session.run.now == 0.0
    session.seek_mark(1, frozenset({"nothing"}))
    assert waited(session)
    assert session.run.now == 0.0
    assert "No nothing after this." in [notice.text for notice in session.notices]


def test_several_settings_go_back_in_one_far_fork(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(1.0)
    for name, value in (("lock", "7s"), ("service", "2s")):
        session.do(Set(name, value))
    session.seek(50.0)
    session.seek(40.0)
    slow.cost = 0.15
    assert set(reset(session)) == {"lock", "service"}
    assert session.forks == 1
    assert not session.underway


def test_a_fork_that_cannot_be_says_so_however_late(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(50.0)
    session.seek(40.0)
    run = session.run
    slow.cost = 0.15
    session.do(Crash("consumer-99"))
    waited(session)
    assert session.run is run
    assert session.notices[-1].tone == "error"
    assert "consumer-99" in session.notices[-1].text


def test_a_long_run_is_looked_at_ahead_between_frames_and_then_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal, "STEPS", 20)
    monkeypatch.setattr(timekeeping, "CHUNK", 20)
    session = Session(find(LEASE), clock=(clock := Clock()))
    clock.cost = 0.02  # every look at the clock costs twenty milliseconds
    first = session.frame()
    assert first.foreseen is not None
    assert not first.plans
    assert session.moving  # so that the frame timer runs, paused as it is
    session.tick(0.05)
    assert first.foreseen < (session.frame().foreseen or 0.0) < 1.0
    clock.cost = 0.0
    session.tick(0.05)
    assert not session.moving
    assert session.run.now == 0.0
    found = session.frame()
    assert found.foreseen is None
    session.seek(session.run.duration)
    assert session.frame().view.series == found.plans[0]
