"""State is a fold over events: live, step by step, rewound and replayed are the same picture."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from tests.support.broker_state import assert_folds_match
from tests.support.histories import overloaded, troubled
from tests.support.scenarios import LEVELING, ran, scenario

from mailrail_patterns.projections import album as albums
from mailrail_patterns.projections.album import Album
from mailrail_patterns.projections.picture import Picture
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario
from mailrail_patterns.views import View

Days = Callable[[], Scenario]
BOTH = pytest.mark.parametrize("day", [troubled, overloaded])


def shown(run: Run) -> tuple[View, dict[str, object]]:
    """Return all a person can see."""
    return run.view(), dict(run.metrics())


@BOTH
def test_folds_agree_with_the_broker_all_the_way(day: Days) -> None:
    run = Run(day())
    for tick in range(161):
        run.advance(tick / 4)
        assert_folds_match(run)


@BOTH
def test_a_fold_fed_at_once_is_a_fold_fed_step_by_step(day: Days) -> None:
    run = Run(day())
    run.advance(40)
    whole, single = run._blank(), run._blank()
    whole.feed(run.events, len(run.events))
    for number in range(1, len(run.events) + 1):
        single.feed(run.events, number)
    assert whole.view(40.0) == single.view(40.0)
    assert whole.metrics(40.0) == single.metrics(40.0)


@BOTH
def test_rewinding_and_going_forward_is_a_straight_run(day: Days) -> None:
    chance = random.Random(5)
    run = Run(day())
    run.advance(40)
    for _ in range(40):
        time = round(chance.uniform(0, 40), 2)
        run.seek(time)
        straight = Run(day())
        straight.advance(time)
        assert shown(run) == shown(straight), time
        assert run.digest() == straight.digest(), time


@BOTH
def test_looking_changes_nothing(day: Days) -> None:
    """A picture looked at early and late between two events is the same picture."""
    run = Run(day())
    run.advance(40)
    run.seek(15.0)
    first = shown(run)
    for time in (15.3, 15.1, 14.9, 20.0, 15.0):
        run.seek(time)
        shown(run)
    assert shown(run) == first


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("priority-queue", "sla=200ms"),
        ("asynchronous-request-reply", "naive_poll=5s"),
        ("choreography", "deadline=2s"),
        ("pipes-and-filters", "split=off"),
    ],
)
def test_the_past_is_drawn_with_the_settings_of_then(pattern: str, change: str) -> None:
    quiet = ran(scenario(pattern), 12.0)
    run = ran(scenario(pattern, f"12s set {change}"), 30.0)
    for time in (12.5, 11.5, 29.0, 5.0):
        now = shown(ran(scenario(pattern, f"12s set {change}"), time))
        run.seek(time)
        assert shown(run) == now, time
    quiet.seek(11.5)
    run.seek(11.5)
    assert shown(run) == shown(quiet)


def test_what_is_looked_at_late_is_whole_when_it_is_looked_at_early() -> None:
    run = ran(scenario(LEVELING, duration=60.0, every="10s", service="1s"), 59.0)
    number = next(event.n for event in run.events if event.t > 40)
    run.seek(run.events[number - 1].t - 0.01)  # long after the event before
    late = run.view().series
    run.seek_event(number - 1)
    early = run.view().series
    assert len(early.depth) < len(late.depth)
    straight = ran(run.scenario, run.now)
    straight.seek_event(number - 1)
    assert early == straight.view().series


@BOTH
def test_every_single_event_can_be_gone_back_to(day: Days) -> None:
    run = Run(day())
    seen = {}
    while run.step() and run.now < 12:
        seen[run.position] = run.view()
    checked = 0
    while run.back():
        if run.position in seen and run.now == run.events[run.position - 1].t:
            assert run.view() == seen[run.position]
            checked += 1
    assert checked >= len(seen) - 1
    assert run.position == 0
    assert run.now == 0.0


def test_an_album_is_right_at_random_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(albums, "KEYFRAME", 200)
    monkeypatch.setattr(albums, "KEYFRAMES", 8)
    run = Run(troubled(every="exponential(40ms)", service="exponential(120ms)"))
    run.advance(500)
    events = run.events
    assert len(events) > 20_000
    album = Album(events, run._blank)
    chance = random.Random(3)
    marks = sorted(chance.sample(range(len(events) + 1), 12))
    straight: dict[int, View] = {}
    fold: Picture = run._blank()
    for position in marks:
        fold.feed(events, position)
        now = events[position - 1].t
        straight[position] = fold.view(now)
    album.at(len(events))
    for _ in range(40):
        position = chance.choice(marks)
        assert album.at(position).view(events[position - 1].t) == straight[position]


def test_copies_are_independent() -> None:
    run = Run(troubled())
    run.advance(40)
    fold = run._blank()
    fold.feed(run.events, 300)
    now = run.events[299].t
    before = fold.view(now), fold.metrics(now)
    twin = fold.copy()
    twin.feed(run.events, len(run.events))
    assert (fold.view(now), fold.metrics(now)) == before
    whole = run._blank()
    whole.feed(run.events, len(run.events))
    assert twin.view(40.0) == whole.view(40.0)
    assert twin.metrics(40.0) == whole.metrics(40.0)
