"""What takes longer than a frame: done between frames, told how far it is, given up at a key."""

from __future__ import annotations

import pytest
from tests.support.clock import Clock

from mailrail import arrival, foresight, rehearsal, timekeeping
from mailrail.resetting import changed, reset
from mailrail.session import Session
from mailrail_patterns.commands import Crash, Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock by which the engine takes long for little."""
    for place in (arrival, foresight):
        monkeypatch.setattr(place, "SLICE", 10)
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
    with pytest.raises(BadInput, match=r"not while it takes its time: forking at 40s, \d+%"):
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


def test_a_search_that_finds_nothing_or_is_given_up_leaves_the_run_where_it_was(
    slow: Clock,
) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(10.0)
    slow.cost = 0.15
    run, digest = session.run, session.run.digest()

    def untouched() -> bool:
        return (run.now, run.frontier, run.rewound, run.digest()) == (10.0, 10.0, False, digest)

    session.seek_mark(1, frozenset({"nothing"}))
    assert session.underway.startswith("looking for the next nothing, ")
    session.tick(0.0)
    assert untouched()
    session.pause()  # whatever else is done to time gives it up as well
    assert not session.underway
    assert untouched()
    session.seek_mark(1, frozenset({"nothing"}))
    assert waited(session)
    assert untouched()
    assert session.notices[-1].text == "No nothing after this."
    session.do(Crash("consumer-1"))
    assert session.run is run
    assert not session.futures


def test_what_is_found_is_gone_to_by_the_run_itself_and_nothing_is_behind_it(slow: Clock) -> None:
    session, plain = (Session(find(LEASE), clock=slow) for _ in range(2))
    plain.seek(60.0)
    plain.frame()
    broken = next(mark for mark in plain._framer.marks if mark.kind == "violation")
    slow.cost = 0.15
    run = session.run
    session.seek_mark(1, frozenset({"violation"}))
    told = waited(session)
    assert told[0].startswith("looking for the next violation, ")
    assert told[-1].startswith("going to the next violation, ")
    assert session.run is run
    assert (run.position, run.now, run.frontier) == (broken.n, broken.t, broken.t)
    plain.run.seek_event(broken.n)
    assert run.digest() == plain.run.digest()


def test_what_has_been_done_by_hand_since_is_foreseen(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(5.0)
    nothing = frozenset({"nothing"})
    session.seek_mark(1, nothing)  # the future without what is done next has been looked at
    session.do(Crash("consumer-1"))
    session.do(Crash("consumer-2"))
    run = session.run
    session.seek_mark(1, frozenset({"dead", "violation"}))
    waited(session)
    number, now = run.position, run.now
    assert 5.0 < now == run.frontier
    again = run.again()
    again.advance(60.0)
    again.seek_event(number)
    assert again.digest() == run.digest()
    session.seek(60.0)
    for _ in range(2):
        session.forward()
        assert session.notices[-1].text == "Nothing more happens before the end."
    assert (run.now, run.rewound) == (60.0, False)


def test_several_settings_go_back_in_one_far_fork(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(1.0)
    for name, value in (("lock", "7s"), ("service", "2s")):
        session.do(Set(name, value))
    session.seek(50.0)
    session.seek(40.0)
    slow.cost = 0.15
    back: list[dict[str, str]] = []
    old = session.run
    reset(session, back.append)
    assert session.run is old
    assert session.give_up()
    assert (session.run, session.futures, len(old.commands)) == (old, [], 2)
    reset(session, back.append)
    told = waited(session)
    assert len(told) > 3
    assert all(each.startswith("forking at 40s, ") for each in told)
    assert set(back[0]) == {"lock", "service"}
    assert session.forks == 1


def test_several_settings_go_back_between_frames_and_what_is_left_is_told(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(1.0)
    for name, value in (("lock", "7s"), ("service", "2s"), ("prefetch", "3")):
        session.do(Set(name, value))
    slow.cost = 0.15
    reset(session, lambda back: None)
    assert session.underway == "putting settings back, 67%"
    with pytest.raises(BadInput, match="not while it takes its time: putting settings back, 67%"):
        session.do(Crash("consumer-1"))
    session.give_up()
    assert changed(session.run).keys() == {"prefetch"}
    waited_for: list[dict[str, str]] = []
    reset(session, waited_for.append)
    waited(session)
    assert waited_for == [{"prefetch": "1"}]
    assert session.forks == 0


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
    monkeypatch.setattr(timekeeping, "SLICE", 20)
    session = Session(find(LEASE), clock=(clock := Clock()))
    clock.cost = 0.02  # every look at the clock costs twenty milliseconds
    first = session.frame()
    assert first.foreseen is not None
    assert first.foreseen < 1.0
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
