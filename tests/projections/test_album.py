"""How much is folded to look at an event, and that what is found there is right."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from tests.support.histories import troubled

from mailrail_patterns.kernel.events import Event
from mailrail_patterns.projections import album as albums
from mailrail_patterns.projections.album import Album
from mailrail_patterns.projections.checking import Checking
from mailrail_patterns.projections.picture import Picture
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a run of many events."""
    made = Run(troubled(every="exponential(40ms)", service="exponential(120ms)"))
    made.advance(300)
    assert len(made.events) > 12_000
    return made


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that is told how many events are folded at a time."""
    counts: list[int] = []
    feed = Picture.feed

    def counting(self: Picture, events: Sequence[Event], upto: int) -> None:
        counts.append(upto - self.position)
        feed(self, events, upto)

    monkeypatch.setattr(Picture, "feed", counting)
    return counts


def test_every_step_back_folds_little_once_the_first_is_made(run: Run, folded: list[int]) -> None:
    album = Album(run.events, run._blank)
    start = len(run.events) - 1500
    album.at(len(run.events))
    album.at(start)
    steps = []
    for position in range(start - 1, start - 1 - albums.NEAR - 40, -1):
        folded.clear()
        album.at(position)
        steps.append(sum(folded))
    stride = max(albums.STRIDE, album._current.size)
    assert max(steps[: albums.NEAR]) <= albums.NEAR
    assert max(steps) <= 2 * stride


def test_a_step_back_from_play_folds_a_stride_at_the_most(run: Run, folded: list[int]) -> None:
    album = Album(run.events, run._blank)
    for position in range(0, 8000, 7):
        album.at(position)
        if position % 630 == 0 and position:
            folded.clear()
            album.at(position - 1)
            assert sum(folded) <= max(albums.STRIDE, album._current.size), position
            album.at(position)


@pytest.mark.parametrize("stride", [20, 300])
def test_pictures_are_right_however_one_gets_there(
    run: Run, stride: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(albums, "STRIDE", stride)
    monkeypatch.setattr(albums, "NEAR", 5)
    monkeypatch.setattr(albums, "KEYFRAME", 700)
    chance = random.Random(7)
    album, plain = Album(run.events, run._blank), run._blank()
    pictures = {}
    for position in range(1, 3000):
        plain.feed(run.events, position)
        pictures[position] = plain.view(run.events[position - 1].t)
    position = 1
    for _ in range(400):
        step = chance.choice((-1, -1, -1, 1, 9, -40, -700, 700))
        position = min(2999, max(1, position + step))
        assert album.at(position).view(run.events[position - 1].t) == pictures[position], position
    assert len(album._footholds) <= albums.FOOTHOLDS


@pytest.mark.parametrize(
    "name",
    ["claim-check/lost-luggage", "claim-check/tampered", "pipes-and-filters/claims-in-the-pipes"],
)
def test_a_keyframe_stays_as_it_was_while_what_it_shares_goes_on(name: str) -> None:
    run = Run(find(name))
    run.advance(run.duration)
    picture, kept = run._blank(), []
    for position in range(0, len(run.events), 7):
        picture.feed(run.events, position)
        now = run.events[position].t
        kept.append((picture.copy(), now, picture.view(now), picture.metrics(now)))
    for copy, now, view, metrics in kept:
        assert (copy.view(now), copy.metrics(now)) == (view, metrics)


def test_what_a_keyframe_costs_does_not_grow_with_the_tickets_that_wait() -> None:
    run = Run(find("claim-check"), overrides={"every": "20ms"})
    run.advance(10.0)
    own = run.picture.own
    assert isinstance(own, Checking)
    assert len(own._lockers.stored) > 400
    twin = own.copy()
    assert all(twin._lockers.stored[token] is each for token, each in own._lockers.stored.items())
    assert all(twin._tickets.copies[name] is each for name, each in own._tickets.copies.items())
