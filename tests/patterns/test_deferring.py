"""What a consumer sets aside, and what it turns down."""

from __future__ import annotations

import pytest

from mailrail_patterns.broker_rules import Dialect
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def ran(until: float, *commands: str, **settings: str) -> Run:
    """Return a run of three consumers, one message a second and a second of work."""
    given = {"service": "1s", "count": "6", **settings}
    timed = [parse_timed(command) for command in commands]
    run = Run(find("competing-consumers"), overrides=given, commands=timed)
    run.advance(until)
    return run


def times(run: Run, what: str, message: str) -> list[float]:
    """Return when something happened to a message."""
    return [event.t for event in run.events if event.kind == what and event.message == message]


def holder(run: Run) -> str:
    """Return who has set something aside."""
    return next(event.actor for event in run.events if event.kind == "deferred")


def test_whoever_set_it_aside_fetches_it_when_it_is_due() -> None:
    run = ran(20, "1.5s inject early on m03", defer_for="7s")
    assert times(run, "deferred", "m03") == [2.0]
    assert times(run, "delivered", "m03") == [2.0, 9.0]
    assert times(run, "completed", "m03") == [10.0]


def test_nobody_else_is_given_it_meanwhile() -> None:
    run = ran(8.9, "1.5s inject early on m03", defer_for="7s")
    work = next(queue for queue in run.view().queues if queue.name == "work")
    assert (work.deferred, work.depth) == (1, 0)


def test_a_restarted_consumer_knows_the_numbers_it_wrote_down() -> None:
    before = ran(2.5, "1.5s inject early on m03")
    name = holder(before)
    run = ran(30, "1.5s inject early on m03", f"3s crash {name}", f"12s restart {name}")
    assert times(run, "completed", "m03") == [13.0]


def test_without_its_consumer_it_stays_where_it_is() -> None:
    name = holder(ran(2.5, "1.5s inject early on m03"))
    run = ran(60, "1.5s inject early on m03", f"3s crash {name}")
    assert times(run, "completed", "m03") == []
    assert run.view().queues[0].deferred == 1


def test_a_consumer_that_leaves_gives_back_what_it_set_aside() -> None:
    name = holder(ran(2.5, "1.5s inject early on m03"))
    run = ran(30, "1.5s inject early on m03", f"4s stop {name}")
    assert times(run, "abandoned", "m03") == [5.0]  # once it has finished what it works on
    assert times(run, "completed", "m03") == [6.0]


def test_what_was_deleted_on_receipt_cannot_be_set_aside() -> None:
    run = ran(20, "1.5s inject early on m03", mode="receive-and-delete")
    assert times(run, "deferred", "m03") == []
    assert times(run, "effect", "m03") == [3.0]


def test_what_cannot_be_read_is_dead_at_once() -> None:
    run = ran(20, "1.5s inject malformed on m03")
    (letter,) = run.view().queues[0].dead
    assert (letter.name, letter.reason, letter.delivery) == ("m03", "Malformed", 1)
    assert times(run, "effect", "m03") == []


def test_a_broker_without_dead_letters_drops_what_is_turned_down() -> None:
    run = ran(20, "1.5s inject malformed on m03", dialect="rabbitmq-quorum")
    assert times(run, "dropped", "m03") == [2.0]
    assert run.metrics()["prefetch_held_max"] == 0


@pytest.mark.parametrize("dialect", [each.value for each in Dialect])
def test_where_a_broker_cannot_defer_it_is_given_back_for_as_long(dialect: str) -> None:
    run = ran(20, "1.5s inject early on m03", dialect=dialect, defer_for="7s")
    can = dialect in ("mailrail", "azure-service-bus")
    assert times(run, "deferred", "m03") == ([2.0] if can else [])
    assert times(run, "abandoned", "m03") == ([] if can else [2.0])
    assert times(run, "delivered", "m03") == [2.0, 9.0]
    assert times(run, "completed", "m03") == [10.0]


def test_a_resequencer_needs_a_broker_that_can_set_aside() -> None:
    with pytest.raises(BadInput, match=r"resequence: amazon-sqs-fifo cannot .* set dialect="):
        Run(
            find("sequential-convoy"),
            overrides={"resequence": "on", "dialect": "amazon-sqs-fifo"},
        )
