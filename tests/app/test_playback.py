"""Speeds, and what a session does at the fastest."""

from __future__ import annotations

from tests.support.clock import Clock

from mailrail.playback import Playback
from mailrail.session import Session
from mailrail.speeds import MAX, STEPS
from mailrail_patterns.scenario import build, find, parse


def test_as_fast_as_possible_stops_at_every_break_point_and_at_the_end() -> None:
    text = 'pattern = "competing-consumers"\nduration = "20s"\n[[steps]]\nat = "5s"\ndo = "wait"\n'
    session = Session(build(parse(text), "talk"), clock=Clock(), speed=MAX)
    session.play()
    session.tick(0.0)
    assert (session.run.now, session.playing) == (5.0, False)
    session.play()
    session.tick(0.0)
    assert (session.run.now, session.playing) == (20.0, False)


def test_as_fast_as_possible_keeps_to_the_budget_and_pauses_on_a_millisecond() -> None:
    session = Session(
        find("competing-consumers"),
        overrides={"consumers": "50", "producers": "50", "every": "exponential(10ms)"},
        clock=(clock := Clock()),
        speed=MAX,
    )
    clock.cost = 0.01
    session.play()
    session.tick(0.05)
    assert session.playing
    assert 0 < session.run.now < session.run.duration
    session.toggle()
    assert round(session.run.now * 1000) / 1000 == session.run.now


def test_speeds_go_in_steps_and_stop_at_the_ends() -> None:
    playback = Playback(3.0)
    playback.faster()
    assert playback.speed == 5.0
    for _ in STEPS:
        playback.faster()
    assert playback.speed == STEPS[-1]
    for _ in STEPS:
        playback.slower()
    assert playback.speed == STEPS[0]
    assert Playback(1e9).speed == STEPS[-1]
