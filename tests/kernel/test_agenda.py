"""Virtual time: order, ties, cancelled timers, the end of an instant, endless instants."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.journal import Journal

TIMES = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]), max_size=30)


def agenda() -> tuple[Agenda, list[Any]]:
    """Return an agenda and a list its actions write to."""
    return Agenda(Journal()), []


@given(times=TIMES)
def test_ties_are_broken_by_insertion(times: list[float]) -> None:
    made, seen = agenda()
    for index, time in enumerate(times):
        made.at(time, seen.append, (time, index))
    made.advance(10)
    assert seen == sorted((time, index) for index, time in enumerate(times))


@given(times=TIMES, limits=st.lists(st.integers(0, 3), min_size=1, max_size=5))
def test_limits_do_not_change_the_order(times: list[float], limits: list[int]) -> None:
    made, seen = agenda()
    for index, time in enumerate(times):
        made.at(time, seen.append, (time, index))
    turn = 0
    while not made.advance(10, limit=limits[turn % len(limits)] or 1):
        turn += 1
    assert seen == sorted(seen)
    assert len(seen) == len(times)
    assert made.now == 10


def test_what_is_made_ready_goes_before_the_next_timer() -> None:
    made, seen = agenda()
    made.at(1.0, lambda _: made.ready.append((seen.append, "made ready by the first")))
    made.at(1.0, seen.append, "second timer")
    made.advance(1)
    assert seen == ["made ready by the first", "second timer"]


def test_the_end_of_an_instant_comes_after_everything_else_of_it() -> None:
    made, seen = agenda()
    made.at_end_of(1.0, seen.append, "end")
    made.at_end_of(1.0, seen.append, "second end")

    def first(_: Any) -> None:
        seen.append("timer")
        made.at(1.0, seen.append, "timer set at this instant")
        made.ready.append((seen.append, "ready"))

    made.at(1.0, first)
    made.at(1.0000005, seen.append, "later")
    made.advance(2)
    assert seen == ["timer", "ready", "timer set at this instant", "end", "second end", "later"]


def test_a_cancelled_timer_does_not_move_the_clock() -> None:
    made, seen = agenda()
    made.cancel(made.at(1.0, seen.append, "never"))
    made.at(2.0, seen.append, "kept")
    assert made.next_time() == 2.0
    assert made.step()
    assert (made.now, seen) == (2.0, ["kept"])
    assert made.next_time() is None
    assert not made.step()


def test_many_cancelled_timers_are_forgotten() -> None:
    made, seen = agenda()
    made.at(9_999.0, seen.append, "kept")
    for index in range(5_000):
        made.cancel(made.at(float(index), seen.append, "never"))
    assert len(made._heap) < 1_200
    assert made.next_time() == 9_999.0


def test_cancelling_what_has_fired_is_harmless() -> None:
    made, seen = agenda()
    timer = made.at(1.0, seen.append, "once")
    made.advance(1)
    made.cancel(timer)
    made.at(2.0, seen.append, "twice")
    made.advance(2)
    assert seen == ["once", "twice"]


def test_the_past_is_now() -> None:
    made, seen = agenda()
    made.advance(5)
    timer = made.at(1.0, seen.append, "late")
    assert timer.time == 5.0
    assert made.next_time() == 5.0


def test_times_lie_on_the_grid() -> None:
    made, _ = agenda()
    assert made.at(0.1 + 0.2, print).time == 0.3


def test_an_instant_that_does_not_end_is_given_up() -> None:
    made, _ = agenda()
    made.patience = 100

    def again(_: Any) -> None:
        made.ready.append((again, None))

    again(None)
    assert not made.advance(10)
    assert made.stalled
    assert made.now == 0.0


def test_timers_that_set_each_other_at_one_instant_are_given_up_too() -> None:
    made, _ = agenda()
    made.patience = 100
    rounds = 0

    def again(_: Any) -> None:
        nonlocal rounds
        rounds += 1
        if rounds > 10_000:
            raise AssertionError("nobody stopped an instant of 10 000 steps")
        made.at(made.now, again)

    again(None)
    assert not made.advance(10)
    assert made.stalled
