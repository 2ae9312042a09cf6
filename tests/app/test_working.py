"""Every kind of errand alike: given up, held to, replaced by another, and what it holds off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from tests.support.clock import Clock

from mailrail import arrival, foresight
from mailrail.resetting import changed, reset
from mailrail.session import Session
from mailrail.working import GIVING_UP
from mailrail_patterns.commands import Crash, Peek, Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

LEASE: Final = "competing-consumers/the-lock-is-a-lease"
NOTHING: Final = frozenset({"nothing"})


class Sort(NamedTuple):
    """A sort of errand.

    Attributes:
        told: How it is told, but for its share.
        start: Sets out on it.
        rewound: Whether it is set out on in the past.
        deed: Whether it does something to the run.
    """

    told: str
    start: Callable[[Session], object]
    rewound: bool = False
    deed: bool = False


def put_back(session: Session) -> None:
    reset(session, lambda back: session.tell(f"back: {sorted(back)}"))


SORTS: Final = {
    "seek": Sort("going to 50s", lambda session: session.seek(50.0)),
    "jump": Sort("going to 30s", lambda session: session.jump(10.0)),
    "step": Sort("going to what happens next", Session.forward),
    "search": Sort("looking for the next nothing", lambda s: s.seek_mark(1, NOTHING)),
    "find": Sort("going to the next violation", lambda s: s.seek_mark(1, frozenset({"violation"}))),
    "fork": Sort("forking at 5s", lambda s: s.do(Crash("consumer-1")), rewound=True, deed=True),
    "reset": Sort("putting settings back", put_back, deed=True),
    "fork to reset": Sort("forking at 5s", put_back, rewound=True, deed=True),
}


def on(sort: Sort, clock: Clock) -> Session:
    """Return a session that is on an errand of a sort, which has not come far."""
    clock.cost = 0.0
    session = Session(find(LEASE), clock=clock)
    for name, value in (("lock", "7s"), ("service", "2s"), ("prefetch", "3")):
        session.do(Set(name, value))
    session.seek(20.0)
    if sort.rewound:
        session.seek(5.0)
    session.notices.clear()
    clock.cost = 0.3
    sort.start(session)
    while sort.told not in session.underway:  # what is sought is looked for first
        assert session.underway
        session.tick(0.0)
    return session


def state(session: Session) -> tuple[Run, float, str, dict[str, str]]:
    run = session.run
    return run, run.now, run.digest(), changed(run)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock by which the engine takes long for every step."""
    for place in (arrival, foresight):
        monkeypatch.setattr(place, "SLICE", 1)
    return Clock()


@pytest.fixture(params=SORTS)
def sort(request: pytest.FixtureRequest) -> Sort:
    return SORTS[request.param]


def told(session: Session) -> list[str]:
    return [notice.text for notice in session.notices]


def test_how_far_it_is_is_told_and_nothing_else_passes_meanwhile(sort: Sort, slow: Clock) -> None:
    session = on(sort, slow)
    assert re.fullmatch(rf"{sort.told}, \d+%", session.frame().underway)
    assert session.moving
    assert not told(session)
    assert session.errand is not None
    before, session.playing = session.errand.share, True
    for _ in range(3):
        if session.errand is not None:
            session.tick(1000.0)
            assert session.errand is None or session.errand.share >= before
    assert session.run.now < 60.0  # no second of those has passed


def test_it_comes_to_the_same_however_many_frames_it_takes(sort: Sort, slow: Clock) -> None:
    late, at_once = on(sort, slow), on(sort, slow)
    slow.cost = 0.0
    at_once.tick(0.0)
    assert not at_once.underway
    slow.cost = 0.01
    while late.underway:
        late.tick(0.0)
    assert state(late)[1:] == state(at_once)[1:]
    assert told(late) == told(at_once)
    assert late.forks == at_once.forks == sort.rewound


def test_given_up_it_says_so_once_and_leaves_a_run_that_goes_on(sort: Sort, slow: Clock) -> None:
    session = on(sort, slow)
    underway = session.underway
    assert session.give_up()
    assert not session.give_up()
    assert told(session) == [f"Given up: {underway}."]
    assert not session.underway
    assert not session.futures
    slow.cost = 0.0
    session.seek(60.0)
    assert session.run.now == 60.0
    again = session.run.again()
    again.advance(60.0)
    assert again.digest() == session.run.digest()


def test_nothing_is_done_to_the_run_meanwhile(sort: Sort, slow: Clock) -> None:
    session = on(sort, slow)
    before, underway = state(session), session.underway
    refused = f"^not while it takes its time: {re.escape(underway)}$"
    deeds: list[Callable[[], None]] = [
        lambda: session.do(Crash("consumer-2")),
        lambda: session.do(Peek("orders")),
        lambda: put_back(session),
        session.longer,
        session.hold_off,
    ]
    for deed in deeds:
        with pytest.raises(BadInput, match=refused):
            deed()
        assert not session.attempt(deed)
    assert (state(session), session.underway) == (before, underway)
    assert {notice.text for notice in session.notices} == {
        f"not while it takes its time: {underway}"
    }
    assert {notice.ways for notice in session.notices} == {(GIVING_UP,)}
    assert {notice.tone for notice in session.notices} == {"error"}


@pytest.mark.parametrize("other", ["seek", "jump", "step", "search"])
def test_going_elsewhere_takes_its_place_and_a_deed_is_missed(
    sort: Sort, other: str, slow: Clock
) -> None:
    session = on(sort, slow)
    run, underway, errand = session.run, session.underway, session.errand
    SORTS[other].start(session)
    assert session.errand is not errand
    assert told(session) == ([f"Given up: {underway}."] if sort.deed else [])
    slow.cost = 0.0
    session.tick(0.0)
    assert not session.underway
    assert session.run is run
    assert session.forks == 0


@pytest.mark.parametrize("replace", [Session.rerun, Session.new_seed, Session.other_future])
def test_another_run_takes_its_place(
    sort: Sort, replace: Callable[[Session], None], slow: Clock
) -> None:
    session = on(sort, slow)
    if replace is Session.other_future:
        slow.cost = 0.0
        session.rerun()
        session.seek(20.0)
        session.seek(5.0)
        session.notices.clear()
        slow.cost = 0.3
        SORTS["fork"].start(session)
    deed = sort.deed or replace is Session.other_future
    left, underway = session.run, session.underway
    replace(session)
    assert session.run is not left
    assert not session.underway
    here = state(session)
    missed = [text for text in told(session) if text.startswith("Given up")]
    assert missed == ([f"Given up: {underway}."] if deed else [])
    slow.cost = 0.0
    session.tick(0.0)
    assert state(session) == here
    assert left in [future.run for future in session.futures]


def test_time_taken_in_hand_takes_its_place(sort: Sort, slow: Clock) -> None:
    for key in (Session.toggle, Session.pause, Session.back, Session.play):
        session = on(sort, slow)
        underway, run, errand = session.underway, session.run, session.errand
        key(session)
        assert session.errand is not errand
        assert told(session)[:1] == ([f"Given up: {underway}."] if sort.deed else [])
        slow.cost = 0.0
        session.tick(0.0)
        assert session.run is run


def test_what_follows_from_a_deed_is_told_only_once_it_is_done(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(20.0)
    session.seek(5.0)
    slow.cost = 0.3
    done: list[float] = []
    session.do(Crash("consumer-1"), lambda: done.append(session.run.now))
    assert session.give_up()
    session.do(Crash("consumer-1"), lambda: done.append(session.run.now))
    assert not done
    slow.cost = 0.0
    session.tick(0.0)
    assert done == [5.0]
    session.do(Crash("consumer-2"), lambda: done.append(session.run.now))
    assert done == [5.0, 5.0]


def test_pausing_amid_an_instant_goes_to_its_end_however_much_there_is_to_do(slow: Clock) -> None:
    session = Session(find(LEASE), clock=slow)
    session.seek(4.0)
    session.play()
    while session.run.frontier <= 4.0:
        session.run.advance(60.0, 1)  # to the first of several steps at 5 s
    slow.cost = 0.3
    session.toggle()
    assert not session.playing
    assert session.underway == "going to 5s, 0%"
    early = session.run.position
    slow.cost = 0.0
    session.tick(0.0)
    assert not session.moving
    assert session.run.now == 5.0
    assert session.run.position > early
