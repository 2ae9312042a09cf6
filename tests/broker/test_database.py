"""A database that consumers share works for so many of them at a time."""

from __future__ import annotations

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def ran(until: float, *commands: str, **settings: str) -> Run:
    """Return a run of three consumers, four messages at once and 2 s of work for each."""
    given = {"every": "1us", "count": "4", "service": "2s", "lock": "60s", **settings}
    timed = [parse_timed(command) for command in commands]
    run = Run(find("competing-consumers"), overrides=given, commands=timed)
    run.advance(until)
    return run


def begun(run: Run) -> list[tuple[float, str]]:
    """Return when work began on what, to a tenth of a second."""
    return [(round(e.t, 1), e.message) for e in run.events if e.kind == "working"]


def test_whoever_comes_first_is_served_first() -> None:
    run = ran(20, database="1")
    assert begun(run) == [(0.0, "m01"), (2.0, "m02"), (4.0, "m03"), (6.0, "m04")]
    assert run.metrics()["parallelism_max"] == 1


def test_enough_connections_are_as_good_as_no_limit() -> None:
    assert begun(ran(20, database="3")) == begun(ran(20))


def test_who_waits_is_blocked_with_a_message_in_his_hands() -> None:
    waiting = [a for a in ran(1, database="1").view().actors if a.state == "blocked"]
    assert [(actor.name, actor.message) for actor in waiting] == [
        ("consumer-2", "m02"), ("consumer-3", "m03"),
    ]  # fmt: skip


def test_who_dies_gives_the_connection_back_and_who_waited_is_passed_over() -> None:
    run = ran(20, "1s crash consumer-2", "1s crash consumer-1", database="1")
    assert begun(run)[:3] == [(0.0, "m01"), (1.0, "m03"), (3.0, "m04")]


def test_who_is_frozen_keeps_the_connection() -> None:
    run = ran(20, "1s pause consumer-1", "10s resume consumer-1", database="1")
    assert begun(run)[:2] == [(0.0, "m01"), (10.0, "m02")]


def test_more_connections_are_used_at_once() -> None:
    run = ran(20, "1s set database=2", database="1")
    assert begun(run)[:3] == [(0.0, "m01"), (1.0, "m02"), (2.0, "m03")]


def test_without_a_limit_nobody_waits_any_more() -> None:
    run = ran(20, "1s set database=0", database="1")
    assert begun(run)[:3] == [(0.0, "m01"), (1.0, "m02"), (1.0, "m03")]


def test_what_fails_gives_the_connection_back() -> None:
    run = ran(30, "0s inject poison on m03", database="1", max_deliveries="1")
    assert [name for _, name in begun(run)] == ["m01", "m02", "m03", "m04"]
