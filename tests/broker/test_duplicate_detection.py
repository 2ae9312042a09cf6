"""What is sent again under the same id is dropped, for as long as the broker remembers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, takes

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.dialects import find as dialect
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message, Outcome, QueueSpec
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def arrivals(resend: str, *commands: str, **settings: str) -> list[tuple[float, str, str]]:
    """Return what came of the two sends of m02, the second after so long."""
    given = {"service": "0.5s", "resend_after": resend, **settings}
    timed = [parse_timed(command) for command in ("0.5s inject duplicate", *commands)]
    run = Run(find("competing-consumers"), overrides=given, commands=timed)
    run.advance(30.0)
    mine = [event for event in run.events if event.message.partition("~")[0] == "m02"]
    return [(e.t, e.kind, e.message) for e in mine if e.kind in {"sent", "dropped"}]


def test_without_detection_the_second_is_a_message_too() -> None:
    assert arrivals("4s") == [(1.0, "sent", "m02"), (5.0, "sent", "m02~2")]


@pytest.mark.parametrize("resend", ["0s", "4s", "9.9s"])
def test_within_the_window_it_is_dropped(resend: str) -> None:
    found = arrivals(resend, duplicate_detection="10s")
    assert found == [(1.0, "sent", "m02"), (1.0 + float(resend[:-1]), "dropped", "m02")]


@pytest.mark.parametrize("resend", ["10s", "12s"])
def test_after_the_window_it_is_accepted(resend: str) -> None:
    assert arrivals(resend, duplicate_detection="10s")[1][1:] == ("sent", "m02~2")


def test_a_window_switched_on_later_knows_what_came_before() -> None:
    found = arrivals("4s", "3s set duplicate_detection=10s")
    assert found[1] == (5.0, "dropped", "m02")


@pytest.mark.parametrize("end", ["crash producer-1", "stop producer-1"])
def test_who_is_gone_sends_nothing_again(end: str) -> None:
    assert arrivals("4s", f"2s {end}") == [(1.0, "sent", "m02")]


def test_a_frozen_producer_sends_again_once_it_runs_on() -> None:
    found = arrivals("4s", "2s pause producer-1", "8s resume producer-1")
    assert found[1] == (8.0, "sent", "m02~2")


@pytest.mark.parametrize(
    ("name", "window"), [("amazon-sqs-fifo", "300s"), ("nats-jetstream", "120s")]
)
def test_brokers_that_detect_unasked(name: str, window: str) -> None:
    assert dialect(name).settings["duplicate_detection"] == window
    assert arrivals("4s", dialect=name)[1] == (5.0, "dropped", "m02")


def test_a_fifo_queue_always_does() -> None:
    with pytest.raises(BadInput, match="5 minutes"):
        arrivals("4s", dialect="amazon-sqs-fifo", duplicate_detection="0s")


@pytest.mark.parametrize("overflow", ["reject", "drop-oldest", "block"])
def test_what_is_known_needs_no_room(overflow: str) -> None:
    """One consumer is busy for 100 s; m02 waits in a queue of one when it is sent again."""
    found = arrivals(
        "0s", consumers="1", count="2", service="100s", duplicate_detection="10s", capacity="1",
        overflow=overflow,
    )  # fmt: skip
    assert found == [(1.0, "sent", "m02"), (1.0, "dropped", "m02")]
    full = arrivals("0s", consumers="1", count="2", service="100s", capacity="1")
    assert full == [(1.0, "sent", "m02")]  # undetected, it is refused


def test_what_is_known_needs_nobody_who_would_work_on_it() -> None:
    """Accepted while somebody listened: the repeated send is told what the first was told."""
    told: list[tuple[float, Outcome]] = []

    async def sender(port: Any) -> None:
        for seconds, name in ((0.0, "m1"), (2.0, "m1"), (0.0, "m2")):
            await port.clock.sleep(seconds)
            told.append((port.clock.now, await port.broker.send("q", Message(name))))

    spec = QueueSpec("q", needs_receiver=True, duplicate_detection=10.0)
    lab = Lab(spec, taker=takes(9.0), sender=sender)
    lab.until(1).do("crash taker-1").until(5)
    accepted, rejected = Outcome.ACCEPTED, Outcome.REJECTED
    assert told == [(0.0, accepted), (2.0, accepted), (2.0, rejected)]
    assert [event.text for event in lab.events if event.kind in ("dropped", "rejected")] == [
        "duplicate", "NoResponders",
    ]  # fmt: skip
    assert not lab.broken()
