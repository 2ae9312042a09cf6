"""The session, driven by a clock that only the test moves."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.clock import Clock

from mailrail.framing import LEDGER, Framer
from mailrail.session import Session
from mailrail_patterns.commands import (
    Command,
    Crash,
    Inject,
    Pause,
    Restart,
    Set,
    Spawn,
    Stop,
    parse_command,
)
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import build, find, parse

LEASE = "competing-consumers/the-lock-is-a-lease"


def lease(
    *,
    seed: int | None = None,
    overrides: Mapping[str, object] | None = None,
    speed: float = 1.0,
) -> Session:
    return Session(find(LEASE), seed=seed, overrides=overrides, speed=speed, clock=Clock())


def play_to(session: Session, time: float) -> None:
    session.play()
    for _ in range(100_000):
        if session.run.now >= time or not session.playing:
            return
        session.tick(0.05)
    raise AssertionError("time does not pass")


def test_a_paused_session_does_not_move() -> None:
    session = lease()
    assert not session.moving
    assert not session.tick(10.0)
    assert session.run.now == 0.0


@pytest.mark.parametrize("speed", [0.1, 1, 100])
@pytest.mark.parametrize("frame", [0.0004, 0.033, 0.0501])
def test_playing_follows_the_wall_clock_on_whole_milliseconds(speed: float, frame: float) -> None:
    session = lease(speed=speed)
    session.play()
    for _ in range(100):
        session.tick(frame)
        assert round(session.run.now * 1000) / 1000 == session.run.now
    expected = min(60.0, 100 * frame * speed)
    assert session.run.now == pytest.approx(expected, abs=0.002)


def test_the_frame_rate_does_not_change_what_happens() -> None:
    slow, fast = lease(), lease(speed=50)
    play_to(slow, 60)
    play_to(fast, 60)
    assert slow.run.digest() == fast.run.digest()


def test_a_late_frame_is_made_up_for_at_most_by_half_a_second() -> None:
    session = lease()
    session.play()
    session.tick(3600.0)
    assert session.run.now == 0.5


def test_playing_stops_at_the_end_and_starts_over_from_there() -> None:
    session = lease(speed=100)
    play_to(session, 1e9)
    assert session.ended
    assert not session.playing
    assert "The end" in session.notices[-1].text
    session.play()
    assert session.run.now == 0.0
    assert session.run.frontier == 60.0


def test_playing_stops_at_every_break_point_and_never_overshoots() -> None:
    scenario = build(
        parse(
            'pattern = "competing-consumers"\nduration = "20s"\n'
            '[[steps]]\nat = "0s"\ndo = "wait Ready?"\n'
            '[[steps]]\nat = "5.0005s"\ndo = "wait"\n'
        ),
        "talk",
    )
    session = Session(scenario, clock=Clock(), speed=100)
    stops = []
    for _ in range(100):
        session.play()
        while session.playing:
            session.tick(0.05)
        stops.append((session.run.now, session.run.frontier))
        if session.ended:
            break
    assert stops == [(0.0, 0.0), (5.0005, 5.0005), (20.0, 20.0)]
    told = [notice.text for notice in session.notices]
    assert told[:2] == ["", "A break."], "Ready? is the caption"


def test_a_frame_never_takes_longer_than_its_budget() -> None:
    session = Session(
        find("competing-consumers"),
        overrides={"consumers": "500", "producers": "100", "every": "1ms", "service": "1ms"},
        clock=(clock := Clock()),
        speed=100,
    )
    clock.cost = 0.01  # every look at the clock costs ten milliseconds
    session.play()
    session.tick(0.05)
    assert 0 < session.run.now < 5.0  # five seconds were wanted
    assert session.playing
    before = session.run.now
    session.tick(0.05)
    assert session.run.now > before


def test_a_far_seek_goes_on_over_several_frames() -> None:
    session = Session(
        find("competing-consumers"),
        overrides={"every": "1ms", "service": "1ms"},
        clock=(clock := Clock()),
    )
    clock.cost = 0.01
    session.seek(50.0)
    assert re.fullmatch(r"going to 50s, \d+%", session.underway)
    assert session.moving
    while session.errand is not None:
        session.tick(0.0)
    assert session.run.now == 50.0


def test_seeking_stays_within_the_scenario() -> None:
    session = lease()
    session.seek(1e9)
    assert session.run.now == 60.0
    session.seek(-5)
    assert session.run.now == 0.0


def test_stepping_visits_every_event_and_never_goes_beyond_the_end() -> None:
    session = lease()
    session.seek(58.0)
    for _ in range(1000):
        before = session.run.position
        session.forward()
        if session.run.position == before:
            break
    assert session.run.now <= 60.0
    assert session.run.frontier <= 60.0
    session.seek(0.0)
    seen = []
    while session.run.position < 30:
        session.forward()
        seen.append(session.run.position)
    assert seen == list(range(seen[0], 31))
    session.back()
    assert session.run.position in (29, 30)


def test_acting_in_the_past_forks_and_keeps_the_old_future() -> None:
    session = lease()
    session.seek(30.0)
    old = session.run
    digest = old.digest()
    session.seek(10.0)
    session.do(Crash("consumer-1"))
    assert session.run is not old
    assert session.run.frontier == 10.0
    assert session.forks == 1
    assert "Forked at 10s" in session.notices[-1].text
    assert session.futures[-1].run is old
    session.other_future()
    assert session.run is old
    session.seek(30.0)
    assert session.run.digest() == digest
    session.other_future()
    assert session.forks == 1


def test_acting_between_the_events_of_one_instant_does_not_fork() -> None:
    session = lease()
    session.forward()
    session.forward()
    session.do(Inject("poison"))
    assert session.forks == 0
    assert not session.run.rewound


def test_what_is_wrong_is_raised_and_changes_nothing() -> None:
    session = lease()
    session.seek(20.0)
    session.seek(10.0)
    run = session.run
    with pytest.raises(BadInput, match="nearest is 'consumer-"):
        session.do(Crash("consumer-l"))
    assert session.run is run
    assert not session.futures
    with pytest.raises(BadInput):
        session.do(Set("lock", "-3s"))


def test_running_anew_drops_what_was_done_and_keeps_settings() -> None:
    session = lease(overrides={"prefetch": "2"}, seed=7)
    session.seek(5.0)
    session.do(Crash("consumer-1"))
    session.rerun()
    assert session.run.seed == 7
    assert session.run.commands == []
    assert session.run.overrides == {"prefetch": "2"}
    assert session.run.now == 0.0
    session.new_seed()
    assert session.run.seed == 8
    session.other_future()
    session.other_future()
    session.other_future()
    assert {f.run.seed for f in session.futures} | {session.run.seed} == {7, 8}


def test_marks_are_found_ahead_and_behind() -> None:
    session = lease()
    kinds = set()
    while session.seek_mark(1):
        mark = next(m for m in session.frame().marks if m.n == session.run.position)
        kinds.add(mark.kind)
    assert {"fault", "heal", "violation", "caption", "dead"} <= kinds
    count = 0
    while session.seek_mark(-1):
        count += 1
    assert count > 5
    session.seek(0.0)
    assert session.seek_mark(1, frozenset({"violation"}))
    assert session.run.events[session.run.position - 1].kind == "violated"


def test_selection_goes_round_and_survives_a_rerun() -> None:
    session = lease()
    assert session.selected == "consumer-1"
    names = session.actors()
    for _ in names:
        session.select_next(1)
    assert session.selected == "consumer-1"
    session.do(Spawn("consumer"))
    session.select("consumer-4")
    session.rerun()
    assert session.selected in session.actors()
    session.select("nobody")
    assert session.selected == ""


def test_a_longer_scenario_can_be_played_on() -> None:
    session = lease(speed=100)
    play_to(session, 1e9)
    session.longer()
    assert not session.ended
    play_to(session, 1e9)
    assert session.run.now == 120.0


def test_a_stalled_run_says_so() -> None:
    session = lease()
    session.run._world.agenda.stalled = True
    session.play()
    session.tick(0.05)
    assert not session.playing
    assert session.notices[-1].tone == "error"
    assert not session.moving
    with pytest.raises(BadInput, match="has stalled here"):
        session.do(Crash("consumer-1"))
    for move in (session.forward, lambda: session.seek(30.0)):
        session.notices.clear()
        move()
        assert [n.text.partition(":")[0] for n in session.notices] == ["The run stalled at 0s"]
        assert not session.moving


def test_a_frame_shows_the_playhead_and_not_the_future() -> None:
    session = lease()
    session.seek(30.0)
    later = session.frame()
    session.seek(9.0)
    frame = session.frame()
    assert frame.view.now == 9.0
    assert frame.rewound
    assert max(row.t for row in frame.ledger) <= 9.0
    assert frame.marks == later.marks != ()
    assert frame.digest != later.digest
    assert frame.digest == session.run.digest()
    assert {row.name for row in frame.metrics} == set(session.run.metrics())


def test_the_ledger_is_the_same_whichever_way_one_comes() -> None:
    session = Session(find("asynchronous-request-reply/poll-storm"), clock=Clock())
    for time in (2.0, 2.1, 2.1, 2.4, 4.0, 3.0, 3.2, 6.0, 12.0, 12.1, 0.0, 1.0):
        session.seek(time)
        while session.errand is not None:
            session.tick(0.0)
        rows = session.frame().ledger
        assert rows == Framer(session.run).frame(
            speed=1.0, playing=False, forks=0, selected="", wall=0.0
        ).ledger  # fmt: skip
        assert len(rows) <= LEDGER


def test_the_digest_is_worked_out_at_most_once_a_second_while_playing() -> None:
    session = Session(find(LEASE), clock=(clock := Clock()))
    session.play()
    clock.now = 10.0
    session.tick(0.5)
    first = session.frame().digest
    session.tick(0.5)
    session.tick(0.5)
    clock.now = 10.5
    assert session.frame().digest == first
    clock.now = 11.1
    assert session.frame().digest == session.run.digest() != first


def random_commands(session: Session, chance: random.Random) -> None:
    """Do twenty things at random instants, some of them nonsense."""
    texts = ["lock=4s", "service=uniform(1s, 3s)", "max_deliveries=5", "prefetch=2", "loss=0.1"]
    for _ in range(20):
        session.seek(min(55.0, session.run.frontier + round(chance.random() * 4, 3)))
        actor = chance.choice(session.actors())
        commands: list[Command] = [
            Crash(actor),
            Pause(actor),
            Stop(actor),
            Restart(actor),
            Spawn("consumer", 2, (("service", "2s"),)),
            Spawn("producer", 1, (("rate", "3/s"), ("count", "4"))),
            Set(*chance.choice(texts).split("=", 1)),
            Inject("poison"),
            Inject("slow", "consumer-1", "2"),
            Inject("burst", "", "12"),
            Inject("duplicate"),
            parse_command(f"crash any at K{chance.randint(1, 6)}"),
            parse_command('say "quotes", back\\slash, ünïcode → ☃ and = signs # too'),
        ]
        try:
            session.do(chance.choice(commands))
        except BadInput:
            continue


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_done_the_saved_scenario_runs_the_same(seed: int, tmp_path: Path) -> None:
    from mailrail.saving import save  # noqa: PLC0415
    from mailrail_patterns.run import Run  # noqa: PLC0415
    from mailrail_patterns.scenario import load  # noqa: PLC0415

    chance = random.Random(seed)
    name = chance.choice([LEASE, "competing-consumers", LEASE + "-renewal"])
    session = Session(find(name), seed=seed, overrides={"capacity": "50"}, clock=Clock())
    random_commands(session, chance)
    if chance.random() < 0.5:
        session.seek(session.run.now / 2)
        random_commands(session, chance)
    session.seek(60.0)
    path = tmp_path / "saved.toml"
    save(session.run, path)
    again = Run(load(path))
    again.advance(60.0)
    assert len(session.run.commands) > 3
    assert again.digest() == session.run.digest()


def test_a_break_at_a_caption_does_not_say_it_twice() -> None:
    session = Session(find("competing-consumers/the-lock-is-a-lease"), clock=Clock(), speed=100)
    session.lecture.once = True
    session.play()
    while session.playing:
        session.tick(0.05)
    assert session.run.picture.caption
    assert [(n.text, n.ways[0].does) for n in session.notices] == [("", "goes on")]
