"""Competing Consumers: several consumers take messages from one queue.

The queue hands each message to one consumer under a lock. The lock is a lease, not
ownership: if the consumer dies, or takes longer than the lease, the message comes back and
somebody else works on it again. That is why a receiver has to be idempotent, and why a
delivery count and a dead-letter queue belong to the pattern.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Annotated, Final

from .pattern import (
    FIXED,
    WORK,
    Aside,
    BadInput,
    Change,
    Concurrency,
    Consuming,
    Fault,
    Hooks,
    Knob,
    Pattern,
    QueueSettings,
    Role,
    Rule,
    Safeguard,
    Story,
    constant,
    consuming_rules,
    dual_write_rules,
    handle_each,
    has_outbox,
    produce,
)
from .port import Distribution, Message, Outgoing, Port, QueueSpec, Reaction, Reader

RESULTS = "results"


class Publish(enum.Enum):
    """Whether a handler also publishes a result, and on which side of the effect."""

    NEVER = "never"
    AFTER_EFFECT = "after-effect"
    BEFORE_EFFECT = "before-effect"


class Settings(QueueSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    producers: Annotated[
        int, Knob("producers at the start", "actors", 0, 1000, "spawn producer")
    ] = 1
    consumers: Annotated[
        int, Knob("consumers at the start", "actors", 0, 10_000, "spawn consumer")
    ] = 3
    every: Annotated[Distribution, Knob("time between two messages of a producer", "s", 1e-6)] = (
        constant(1.0)
    )
    count: Annotated[
        int, Knob("messages a producer sends; 0 = no end", "messages", 0, 10_000_000)
    ] = 0
    resend_after: Annotated[
        float, Knob("how long a producer waits for a confirmation before it sends again", "s")
    ] = 0.0
    service: Annotated[Distribution, Knob("time a consumer takes for a message", "s")] = constant(
        2.5
    )
    publish: Annotated[Publish, Knob("when a handler publishes a result message")] = Publish.NEVER
    outbox: Annotated[
        bool, Knob("transactional outbox: commit the result with the effect, send it from there")
    ] = False
    database: Annotated[
        int,
        Knob(
            "consumers the database behind them works for at a time; 0 = any number", "", 0, 10_000
        ),
    ] = 0
    defer_for: Annotated[
        float, Knob("how long a consumer sets aside a message that comes too early", "s")
    ] = 5.0
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 5.0
    max_deliveries: Annotated[
        int, Knob("deliveries a message may have, as counted; 0 = no limit", "", 0, 1000)
    ] = 3


async def producer(port: Port[Settings]) -> None:
    """Send messages at the producer's own rate, whatever the consumers do."""
    await produce(port, WORK)


async def consumer(port: Port[Settings]) -> None:
    """Take one message after the other: receive, work, apply the effect, publish, settle.

    What it cannot even read it rejects at once; what comes too early it defers.
    """
    aside = Aside(port, WORK)
    hooks = Hooks[Settings](refuse=unreadable, begin=aside.begin)
    await handle_each(port, aside, RESULT, hooks=hooks)


def unreadable(port: Port[Settings], message: Message) -> str:
    """Say that a message cannot be read, for which no retry is any good; empty: it can."""
    return "Malformed" if port.strikes("malformed", message.id) else ""


def with_result(port: Port[Settings], message: Message, own: Reader) -> Reaction:
    """Change the world and tell of it; the result's id follows from the message's."""
    return Reaction(sends=(Outgoing(RESULTS, Message(f"result-{message.id}")),))


RESULT: Final = Change[Settings](
    with_result,
    reacts=lambda settings: settings.publish is not Publish.NEVER,
    publish_first=lambda settings: settings.publish is Publish.BEFORE_EFFECT,
    outbox=has_outbox,
)
"""What a handler tells of its work, if it does: before the effect, after it, or from an outbox."""


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue of work; one of results if handlers publish any."""
    work = settings.queue(WORK)
    if settings.publish is Publish.NEVER:
        return (work,)
    return (work, QueueSpec(RESULTS))


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.ttl and settings.ttl <= settings.latency:
        raise BadInput("ttl: a message would outlive its time to live on the way; raise ttl")


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of a queue whose consumers compete, and of the dual write of a result."""
    tells = dual_write_rules(lambda: settings().publish is not Publish.NEVER)
    return (*consuming_rules(settings, (WORK,)), *tells, Concurrency(settings))


FAULTS = (
    Fault("poison", "The next message (or the one named) fails in its handler, every time, until "
          "the handler is mended.", "message", lasts=True, after=FIXED),
    Fault("malformed", "The next message received (or the one named) cannot be read: its consumer "
          "rejects it at once, with a reason and without a retry.", "message"),
    Fault("early", "The next message received (or the one named) comes before what it needs: its "
          "consumer defers it, and fetches it by its number after defer_for. Where a broker cannot "
          "defer, it is given back for as long.", "message"),
    Fault("slow", "The consumer takes so many times as long for everything.", "consumer",
          "factor", "3", lasts=True),
    Fault("lose-ack", "The next settlement never reaches the broker: the lock runs out and the "
          "work is done again.", "", "settlements", "1"),
    Fault("lose-send", "The next message is lost on its way to the queue; the producer does not "
          "notice.", "", "messages", "1"),
    Fault("duplicate", "The confirmation of the next message is lost: its producer sends it again "
          "after resend_after, under the same id.", "", "messages", "1"),
    Fault("reorder", "The next message overtakes everything that waits.", "", "messages", "1"),
    Fault("expire-lock", "The lock on a message runs out now, its holder unaware.", "message"),
    Fault("broker-down", "Nobody reaches the broker; locks go on ageing.", lasts=True),
    Fault("database-down", "The database behind them goes down: who is at work finishes, others "
          "wait, each with a message locked in its hands.", lasts=True),
    Fault("burst", "A further producer sends so many messages within a second.", "", "messages",
          "30"),
)  # fmt: skip

STORY = Story(
    problem="One consumer cannot keep up, and if it dies everything behind it waits.",
    brief="One consumer cannot keep up, and if it dies everything waits.",
    words="slow lost backlog throughput scale crash lock lease",
    solution="Let several identical consumers take messages from one queue, each message under "
    "a lock that only one of them holds at a time.",
    when=(
        "Messages are independent of each other and can be handled in any order.",
        "The load varies: consumers can be added and taken away while the system runs.",
        "A consumer may die and its work must be picked up by the others.",
    ),
    when_not=(
        "Messages of one customer or order must be handled in sequence (Sequential Convoy).",
        "The work cannot be made idempotent: at-least-once delivery will repeat it.",
        "The consumers share one slow database: more of them only move the queue there.",
    ),
    mistaught=(
        '"Each message goes to exactly one consumer." Only while the lock is valid. It is a '
        "lease: when it runs out the message goes to somebody else, and the first consumer "
        "does not stop.",
        '"The work is shared out evenly." It follows demand: whoever is free takes the next.',
        '"A dead letter was not processed." It may have been processed every time and only '
        "been settled too late.",
        '"Completed means done once." Count the effects, not the completions.',
    ),
    brokers=(
        "Azure Service Bus: lock 60 s by default, renewable; ten deliveries, then dead letter.",
        "Amazon SQS: visibility timeout 30 s; every receive counts; no dead-letter queue unless "
        "you ask for one.",
        "RabbitMQ quorum queues: no lease but a consumer timeout; a nack does not count towards "
        "the delivery limit, so a nacked poison message can circle for ever. A prefetch of 100 to "
        "300 is advised for throughput; fair dispatch is a prefetch of 1.",
        "NATS JetStream: AckWait 30 s; a late acknowledgement is honoured; unlimited deliveries "
        "by default.",
    ),
)

PATTERN = Pattern(
    name="competing-consumers",
    title="Competing Consumers",
    settings=Settings,
    roles=(
        Role("consumer", consumer, "consumer", "takes one message after the other", WORK,
             points=RESULT.points),
        Role("producer", producer, "producer", "sends messages at its own rate", WORK),
    ),
    queues=queues,
    cast=lambda settings: {"producer": settings.producers, "consumer": settings.consumers},
    faults=FAULTS,
    rules=rules,
    meter=Consuming,
    story=STORY,
    check=check,
    switch="consumers=1",
    demo="the-lock-is-a-lease",
    safeguards=(
        Safeguard(
            "idempotent", "on", "off", "effect-once",
            "a crash between effect and settlement (K5), or a lock that runs out, means a second "
            "delivery.",
        ),
        Safeguard(
            "renewal", "on", "off", "worked-on-by-one",
            "a message that takes longer than its lock is given to a second consumer while the "
            "first one works on.",
        ),
        Safeguard(
            "mode", "peek-lock", "receive-and-delete", "done-or-dead",
            "what is deleted on receipt is lost with the consumer that has received it.",
        ),
        Safeguard(
            "outbox", "on", "off", "no-zombie-records",
            "with results published, a crash between effect and publish (K3) leaves a record "
            "nobody hears of; between publish and effect (K4), news of nothing.",
            given="publish=after-effect",
        ),
    ),
)  # fmt: skip
