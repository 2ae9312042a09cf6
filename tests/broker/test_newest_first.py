"""A line that serves the newest first, always or while the oldest has waited for too long."""

from __future__ import annotations

import pytest
from tests.support.broker_state import assert_folds_match
from tests.support.scenarios import LEVELING

from mailrail_patterns.commands import Crash, parse_timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

FIVE = {"consumers": "1", "service": "2s", "every": "0.9s", "count": "5"}


def served(*commands: str, **settings: str) -> list[str]:
    """Return what one worker begins, in order; 2 s of work, five requests 0.9 s apart."""
    timed = [parse_timed(command) for command in commands]
    run = Run(find(LEVELING), overrides={**FIVE, **settings}, commands=timed)
    run.advance(40.0)
    return [event.message for event in run.events if event.kind == "working"]


def test_the_oldest_comes_first_unless_it_is_said_otherwise() -> None:
    assert served() == ["m01", "m02", "m03", "m04", "m05"]


def test_the_newest_comes_first() -> None:
    assert served(serves="newest-first") == ["m01", "m03", "m05", "m04", "m02"]


def test_under_overload_only() -> None:
    # At 2 s m02 has waited 1.1 s, at 4 s m03 2.2 s: less than 2.5. At 6 s m04 has waited 3.3 s, so
    # the newest is next, and m04 when nothing newer is left.
    assert served(serves="newest-if-late", late="2.5s") == ["m01", "m02", "m03", "m05", "m04"]


def test_an_order_that_is_changed_holds_for_what_waits() -> None:
    assert served("5s set serves=newest-first") == ["m01", "m02", "m03", "m05", "m04"]


def test_what_comes_back_is_next() -> None:
    found = served("1.5s crash worker-1", "3.5s restart worker-1", serves="newest-first", lock="3s")
    assert found == ["m01", "m01", "m05", "m04", "m03", "m02"]


@pytest.mark.parametrize("given", ["newest-first", "newest-if-late"])
def test_what_comes_back_stands_where_it_is_next_in_the_picture_too(given: str) -> None:
    """At 4 s the lock of m01 is over and nobody is there: of what waits it is served first."""
    run = Run(find(LEVELING), overrides={**FIVE, "serves": given, "late": "500ms", "lock": "4s"})
    run.advance(1.5)
    run.do(Crash("worker-1"))
    run.advance(4.5)
    assert_folds_match(run)
    assert [message.name for message in run.view().queues[0].ready][-1] == "m01"


def test_a_full_queue_still_drops_the_oldest() -> None:
    found = served(serves="newest-first", capacity="2", overflow="drop-oldest")
    assert found == ["m01", "m03", "m05", "m04"]


def test_while_the_database_is_down_nothing_is_begun() -> None:
    commands = ("1.5s inject database-down", "20s heal database-down")
    given = {"consumers": "2", "service": "1s", "every": "1s", "count": "4"}
    timed = [parse_timed(command) for command in commands]
    run = Run(find(LEVELING), overrides=given, commands=timed)
    run.advance(40.0)
    begun = [event.t for event in run.events if event.kind == "working"]
    assert begun == [0.0, 1.0, 20.0, 20.0]
