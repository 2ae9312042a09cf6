"""The same two scenarios under every dialect differ exactly as the table of brokers says."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from mailrail_patterns.broker_rules import Dialect
from mailrail_patterns.dialects import PRESETS
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

POISON = "competing-consumers/same-poison"
LATE = "competing-consumers/same-late-and-dead"
NAMES = [dialect.value for dialect in PRESETS]
FOR_EVER = 59
"""Deliveries of a message that fails for a second, again and again, until the end at 59.5 s."""


def played(name: str, **settings: object) -> Run:
    """Return a run of a scenario, played to its end."""
    run = Run(find(name), overrides=settings)
    run.advance(run.duration)
    return run


def of(run: Run, message: str, *kinds: str) -> list[Event]:
    """Return what happened to a message."""
    return [e for e in run.events if e.message == message and (not kinds or e.kind in kinds)]


def end_of(run: Run, message: str) -> str:
    """Return what became of a message: how it ended, or where it is."""
    last = of(
        run, message, "delivered", "completed", "abandoned", "lock_expired", "dead_lettered",
        "shelved", "dropped",
    )[-1]  # fmt: skip
    ends = {"dead_lettered", "shelved", "dropped", "completed"}
    return f"{last.kind} {last.text}".strip() if last.kind in ends else "goes round"


class Poison(NamedTuple):
    """What becomes of the poison message, and of those behind it.

    Attributes:
        deliveries: How often it is delivered by 59.5 s.
        end: How it ends.
        next: Who is delivered after it has come back for the first time.
        served: How many of the five good messages get through.
    """

    deliveries: int
    end: str
    next: str
    served: int


BY_DEFAULT = {
    "azure-service-bus": Poison(10, "dead_lettered MaxDeliveryCountExceeded", "m02", 5),
    "amazon-sqs": Poison(55, "goes round", "m03", 5),
    "amazon-sqs-fifo": Poison(FOR_EVER, "goes round", "m02", 1),
    "rabbitmq-quorum": Poison(FOR_EVER, "goes round", "m02", 1),
    "nats-jetstream": Poison(FOR_EVER, "goes round", "m02", 1),
    "kafka-share-group": Poison(5, "shelved Archived", "m02", 5),
}
LIMITED = {
    "azure-service-bus": Poison(3, "dead_lettered MaxDeliveryCountExceeded", "m02", 5),
    "amazon-sqs": Poison(3, "dead_lettered MaxDeliveryCountExceeded", "m03", 5),
    "amazon-sqs-fifo": Poison(3, "dead_lettered MaxDeliveryCountExceeded", "m02", 5),
    "rabbitmq-quorum": Poison(FOR_EVER, "goes round", "m02", 1),
    "nats-jetstream": Poison(3, "shelved MaxDeliveriesAdvisory", "m02", 5),
    "kafka-share-group": Poison(3, "shelved Archived", "m02", 5),
}
REJECTED = LIMITED | {"rabbitmq-quorum": Poison(4, "dropped DeliveryLimit", "m02", 5)}


def poisoned(run: Run) -> Poison:
    """Return what became of the poison message of a run."""
    order = [event.message for event in run.events if event.kind == "delivered"]
    served = sum(1 for event in run.events if event.kind == "completed")
    return Poison(len(of(run, "m02", "delivered")), end_of(run, "m02"), order[2], served)


def sound(run: Run) -> None:
    """Check that no promise breaks but what at-least-once delivery cannot keep."""
    broken = {f.guarantee.name: f.first for f in run.findings() if not f.holds}
    assert set(broken) <= {"effect-once", "worked-on-by-one"}, broken


@pytest.mark.parametrize("name", NAMES)
def test_poison_by_default(name: str) -> None:
    run = played(POISON, dialect=name)
    assert poisoned(run) == BY_DEFAULT[name]
    sound(run)


@pytest.mark.parametrize("name", NAMES)
def test_poison_with_a_limit_of_three(name: str) -> None:
    run = played(POISON, dialect=name, max_deliveries=3)
    assert poisoned(run) == LIMITED[name]
    sound(run)


@pytest.mark.parametrize("name", NAMES)
def test_poison_that_is_said_to_have_failed(name: str) -> None:
    run = played(POISON, dialect=name, max_deliveries=3, gives_back="reject")
    assert poisoned(run) == REJECTED[name]
    sound(run)


def test_rabbitmq_with_a_dead_letter_exchange() -> None:
    run = played(POISON, dialect="rabbitmq-quorum", gives_back="reject", at_limit="dead-letter")
    assert end_of(run, "m02") == "dead_lettered MaxDeliveryCountExceeded"
    assert len(of(run, "m02", "delivered")) == 21


class Dead(NamedTuple):
    """What becomes of the messages of a slow consumer and of a dead one.

    Attributes:
        back: When the dead consumer's message is delivered again, in seconds.
        late: What the slow consumer is told when it settles after 75 s.
        deliveries: How often its message has been delivered by then.
    """

    back: float
    late: str
    deliveries: int


LOCKS = {
    "azure-service-bus": Dead(60.5, "lock_lost", 2),
    "amazon-sqs": Dead(30.5, "lock_lost answered as if it counted", 3),
    "amazon-sqs-fifo": Dead(30.5, "lock_lost", 3),
    "rabbitmq-quorum": Dead(0.6, "completed", 1),
    "nats-jetstream": Dead(30.5, "completed late, held by consumer-4", 3),
    "kafka-share-group": Dead(30.5, "lock_lost", 3),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_late_and_the_dead(name: str) -> None:
    run = played(LATE, dialect=name)
    settled = next(
        e for e in of(run, "m01", "completed", "lock_lost") if e.actor == "consumer-1" and e.t == 75
    )
    found = Dead(
        of(run, "m02", "delivered")[1].t,
        f"{settled.kind} {settled.text}".strip(),
        sum(1 for e in of(run, "m01", "delivered") if e.t <= 75),
    )
    assert found == LOCKS[name]
    sound(run)


def test_a_late_settlement_under_rabbitmq_closes_the_channel() -> None:
    run = played(LATE, dialect="rabbitmq-quorum", lock="60s")
    assert of(run, "m01", "lock_lost")[0].t == 75
    assert len(of(run, "m01", "delivered")) == 4  # a timeout does not count, so nothing ends it
    assert not of(run, "m01", "dropped")


def test_every_dialect_is_in_the_tables() -> None:
    assert set(NAMES) == set(BY_DEFAULT) == set(LIMITED) == set(LOCKS)
    assert {dialect.value for dialect in Dialect} == {*NAMES, "mailrail"}


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_scenario_to_watch(name: str) -> None:
    shown = played(f"{POISON}-{name}")
    assert poisoned(shown) == BY_DEFAULT[name]
    assert shown.outcome().held
