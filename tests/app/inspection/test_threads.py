"""Threads through the events, against what reading all of them finds."""

from __future__ import annotations

import pytest
from tests.support.by_hand import ran as by_hand
from tests.support.scenarios import ran

from mailrail.inspection import threads as module
from mailrail.inspection.threads import Threads, concerned
from mailrail_patterns.scenario import find


@pytest.mark.parametrize("name", ["saga", "competing-consumers/the-lock-is-a-lease"])
def test_threads_find_what_a_search_finds(name: str) -> None:
    run = ran(find(name), 25)
    threads = Threads(run.events)
    threads.read()
    half = len(run.events) // 2
    for event in run.events:
        caused = [each for each in run.events if each.cause == event.n]
        assert threads.followed(event.n, 10**6) == caused
        assert threads.followed(event.n, 1) == caused[:1]
    for message in {event.message for event in run.events}:
        own = [event for event in run.events[:half] if concerned(event) == message]
        assert threads.of_message(message, half, 10**6) == (own if message else [])
        assert threads.of_message(message, half, 2) == (own[-2:] if message else [])
    rows = {(event.queue, event.message) for event in run.events if event.kind == "state"}
    for table, key in rows:
        own = [e for e in run.events if e.kind == "state" and (e.queue, e.message) == (table, key)]
        assert threads.of_row(table, key, 10**6, 10**6) == own


def test_what_strikes_a_message_is_one_of_the_things_that_happened_to_it() -> None:
    run = by_hand("competing-consumers", 10, "0s inject lose-ack", "0s inject early on m04")
    threads = Threads(run.events)
    threads.read()
    struck = [event for event in run.events if event.kind == "struck"]
    assert [event.message for event in struck] == ["lose-ack", "early"]
    for event in struck:
        assert event in threads.of_message(event.group, 10**6, 10**6)
        assert threads.of_message(event.message, 10**6, 9) == []


def test_a_long_run_is_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTION", 50)
    run = ran(find("competing-consumers"), 20)
    threads = Threads(run.events)
    looks = 0
    while threads.behind:
        threads.read()
        looks += 1
    assert looks == -(-len(run.events) // 50)
    assert threads.of_message("m01", 10**6, 9)[0].kind == "sent"
    run.advance(25)
    assert threads.behind
