"""Where a coroutine stands, now and in the past."""

from __future__ import annotations

import pytest
from tests.support.scenarios import ran

from mailrail import waiting as module
from mailrail.waiting import Waiting
from mailrail_patterns.commands import Crash
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


def lines(run: Run, name: str) -> list[tuple[str, int]]:
    view = Waiting(run).view(name)
    return [(place.source.name, place.line) for place in view.places]


@pytest.mark.parametrize("name", [LEASE, "saga", "asynchronous-request-reply"])
def test_the_past_stands_where_it_stood_when_it_was_the_present(name: str) -> None:
    run = ran(find(name), 0.0)
    actors = [actor.name for actor in run.view().actors]
    then = {}
    for tick in range(1, 40):
        run.advance(tick / 2)
        then[tick / 2] = [lines(run, actor) for actor in actors]
    waiting = Waiting(run)
    for time in (*list(then)[::3], *reversed(list(then)), 7.5):
        run.seek(time)
        found = [
            [(place.source.name, place.line) for place in waiting.view(actor).places]
            for actor in actors
        ]
        assert found == then[time]


def test_event_by_event_a_consumer_moves_through_its_handler() -> None:
    run = ran(find(LEASE), 3.0)
    waiting = Waiting(run)
    texts = []
    for number in range(1, run.position + 1):
        run.seek_event(number)
        view = waiting.view("consumer-1")
        texts.append(view.places[-1].text.strip() if view.places else view.why)
    assert texts[0] == "consumer-1 has not started yet."
    assert any("receiver.next()" in text for text in texts)
    assert any("sleep" in text for text in texts)


def test_the_dead_and_the_frozen_are_told_apart_and_who_has_left_stands_nowhere() -> None:
    run = ran(find(LEASE), 12.5)
    waiting = Waiting(run)
    assert waiting.view("consumer-1").word == "waits"
    dead = waiting.view("consumer-2")
    assert dead.word == "died"
    assert dead.places
    run.advance(30)
    assert "has left" in waiting.view("producer-1").why
    assert not waiting.view("producer-1").places
    assert "Select an actor" in waiting.view("").why
    assert waiting.view("").source is not None


def test_what_was_done_by_hand_is_done_again() -> None:
    run = ran(find(LEASE), 3.0)
    waiting = Waiting(run)
    run.seek(2.0)
    assert waiting.view("consumer-3").word == "waits"
    run.seek(3.0)
    run.do(Crash("consumer-3"))
    run.advance(6.0)
    run.seek(5.0)
    assert waiting.view("consumer-3").word == "died"
    assert waiting.view("consumer-3").places


def test_what_is_too_far_back_is_said_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FARTHEST", 10)
    run = ran(find(LEASE), 9.0)
    run.seek(8.0)
    view = Waiting(run).view("consumer-1")
    assert not view.places
    assert "press end" in view.why
    run.seek(9.0)
    assert Waiting(run).view("consumer-1").places
