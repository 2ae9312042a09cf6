"""Lanes under every dialect: however a message ends or comes back, its lane goes on."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends
from tests.support.scenarios import firmly_broken, ran, scenario

from mailrail_patterns.broker_rules import Dialect
from mailrail_patterns.dialects import PRESETS
from mailrail_patterns.port import Message, QueueSpec, Sessions

CONVOY = "sequential-convoy"
NAMES = [dialect.value for dialect in PRESETS]
POISON = "[messages.m01]\npoison = true"


def test_message_groups_are_sessions() -> None:
    run = ran(scenario(CONVOY, dialect="amazon-sqs-fifo"), 1)
    assert dict(run.view().settings)["sessions"] == "on"
    off = ran(scenario(CONVOY, dialect="amazon-sqs-fifo", sessions=False), 1)
    assert dict(off.view().settings)["sessions"] == "off"


@pytest.mark.parametrize("name", NAMES)
def test_a_lane_goes_on_after_poison(name: str) -> None:
    run = ran(
        scenario(
            CONVOY, dialect=name, max_deliveries=2, gives_back="reject", service="500ms",
            count=12, every="100ms", text=POISON,
        )
    )  # fmt: skip
    assert sum(1 for event in run.events if event.kind == "completed") == 11
    assert not firmly_broken(run)


@pytest.mark.parametrize("name", NAMES)
def test_a_lane_goes_on_after_its_holder_died(name: str) -> None:
    run = ran(
        scenario(
            CONVOY, "1s crash worker-1", dialect=name, lock="6s", service="1s", count=8,
            every="100ms", consumers=2,
        )
    )  # fmt: skip
    back = [event for event in run.events if event.kind == "lock_expired"]
    at_once = name == "rabbitmq-quorum"
    assert [(event.t <= 1.0, event.value) for event in back] == [(at_once, float(at_once))]
    assert sum(1 for event in run.events if event.kind == "completed") == 8
    assert not firmly_broken(run)


@pytest.mark.parametrize("name", ["amazon-sqs-fifo", "azure-service-bus"])
def test_what_is_in_flight_when_its_session_is_closed(name: str) -> None:
    """The acknowledgement of m01 is lost, and its consumer goes on to the next lane."""
    run = ran(
        scenario(
            CONVOY, "0.5s inject lose-ack", dialect=name, lock="6s", service="1s", count=8,
            every="100ms", consumers=2,
        )
    )  # fmt: skip
    given = {e.message: (e.t, e.delivery) for e in run.events if e.kind == "delivered"}
    blocked = name == "amazon-sqs-fifo"
    assert given["m01"] == ((6.0, 2) if blocked else (3.0, 1)), "closing gives back, uncounted"
    assert given["m05"][0] == given["m01"][0], "the next of its group waits for it"
    assert sum(1 for event in run.events if event.kind == "completed") == 8
    assert not firmly_broken(run)


def test_what_blocks_its_group_can_be_deleted_before_its_timeout() -> None:
    async def holds_on(port: Any) -> None:
        receiver = port.broker.receiver("q")
        first = await receiver.next()
        await port.clock.sleep(1.0)
        assert await receiver.next(timeout=0.5) is None, "it lets go of the group"
        await port.clock.sleep(1.0)
        assert await first.complete()
        await port.clock.sleep(9.0)

    async def waits(port: Any) -> None:
        await port.clock.sleep(1.2)
        assert await (await port.broker.receiver("q").next()).complete()

    rules = PRESETS[Dialect.AMAZON_SQS_FIFO].rules
    spec = QueueSpec("q", 6.0, sessions=Sessions(renewal=False), rules=rules)
    both = sends(Message("a1", group="a"), Message("a2", group="a"))
    lab = Lab(spec, sender=both, a=holds_on, b=waits).until(10)
    assert [(e.t, e.message) for e in lab.events if e.kind == "completed"] == [
        (2.5, "a1"), (2.5, "a2"),
    ]  # fmt: skip
    assert not lab.broken()


def test_a_session_that_ran_out_counts_where_returns_do() -> None:
    run = ran(
        scenario(
            CONVOY, "0.5s pause worker-1", "9s resume worker-1", dialect="azure-service-bus",
            lock="2s", max_deliveries=1, count=1, consumers=1, service="4s",
        )
    )  # fmt: skip
    assert [event.t for event in run.events if event.kind == "dead_lettered"] == [2.0]
    assert not firmly_broken(run)
