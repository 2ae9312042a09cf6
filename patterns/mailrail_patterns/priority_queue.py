"""Priority Queue: urgent messages overtake those that can wait.

Whoever is served first makes somebody else wait. With strict priorities the low ones may wait
for ever while the high ones keep coming; each cure for that starvation has its price for the
high ones.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from msgspec.structs import replace

from .pattern import (
    CLASSES,
    HIGH,
    LABELS,
    LOW,
    RANKS,
    WORK,
    BadInput,
    Fault,
    Knob,
    Participant,
    Pattern,
    Prioritised,
    QueueSettings,
    Role,
    Rule,
    Safeguard,
    Story,
    constant,
    consuming_rules,
    handle_each,
    priority_rules,
    produce_streams,
    spread,
)
from .port import Delivery, Distribution, Message, Options, Order, Port, QueueSpec, Stream


class Policy(enum.Enum):
    """Who is served next."""

    FIFO = "fifo"
    STRICT = "strict"
    AGING = "aging"
    SHARE = "share"
    DEADLINE = "deadline"
    SHORTEST = "shortest"
    POOLS = "pools"
    DRAIN = "drain"


class Priorities(enum.Enum):
    """What a message is stamped with."""

    TWO = "two"
    TEN = "ten"


APART = (Policy.POOLS, Policy.DRAIN)
"""The policies with a queue for each class."""


class Settings(QueueSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    policy: Annotated[
        Policy,
        Knob(
            "fifo = no priorities; strict, aging, share; deadline, shortest = compared by that; "
            "a queue each: pools = and workers each, drain = and workers that empty high first"
        ),
    ] = Policy.STRICT
    priorities: Annotated[
        Priorities, Knob("two = high and low; ten = 0 to 9, of which 5 to 9 are high")
    ] = Priorities.TWO
    aging: Annotated[float, Knob("with aging: a low message counts as high after so long", "s")] = (
        8.0
    )
    share: Annotated[
        int,
        Knob(
            "with share: deliveries of the highest for one lower that waits; 2 = RabbitMQ's quorum "
            "queues before 4.3",
            "",
            1,
            1000,
        ),
    ] = 4
    default_priority: Annotated[
        int,
        Knob("what a message counts as that names no priority (inject unstamped)", "", 0, 9),
    ] = 0
    ttl_at_head: Annotated[
        bool, Knob("time to live ends only what is next; behind it, it waits until it is")
    ] = False
    consumers: Annotated[
        int, Knob("workers at the start (not with pools)", "actors", 0, 10_000, "spawn worker")
    ] = 2
    high_pool: Annotated[
        int, Knob("with pools: workers for high", "actors", 0, 10_000, "spawn high-worker")
    ] = 1
    low_pool: Annotated[
        int, Knob("with pools: workers for low", "actors", 0, 10_000, "spawn low-worker")
    ] = 1
    reserved: Annotated[
        int, Knob("with drain: workers that take low only", "actors", 0, 10_000, "spawn low-worker")
    ] = 0
    poll: Annotated[
        float, Knob("with drain: a worker with nothing to do looks at high so often", "s", 0.001)
    ] = 0.5
    producers: Annotated[int, Knob("senders at the start", "actors", 0, 1000, "spawn sender")] = 1
    high_every: Annotated[
        Distribution, Knob("time between two high messages of a sender", "s", 1e-6)
    ] = constant(1.0)
    low_every: Annotated[
        Distribution, Knob("time between two low messages of a sender", "s", 1e-6)
    ] = constant(1.25)
    count: Annotated[int, Knob("messages of each kind; 0 = no end", "messages", 0, 10_000_000)] = 0
    service: Annotated[Distribution, Knob("time a worker takes for a message", "s")] = constant(1.0)
    starve_after: Annotated[float, Knob("longest wait anybody should have; 0 = no limit", "s")] = (
        20.0
    )
    sla: Annotated[float, Knob("what high means: served within", "s")] = 10.0


async def sender(port: Port[Settings]) -> None:
    """Send high and low messages, each kind in its own rhythm, each stamped with its priority."""

    async def send(port: Port[Settings], message: Message, kind: str) -> None:
        settings, label = port.settings, HIGH if port.suffers("mislabel") else kind
        if port.suffers("unstamped"):
            label = str(settings.default_priority)
        elif settings.priorities is Priorities.TEN and label in (HIGH, LOW):
            label = spread(label, port.stamped)
        high, work = CLASSES[label] == HIGH, message.work
        if settings.policy is Policy.SHORTEST and work < 0:
            work = settings.service.sample(port.chance)
        within = settings.sla if high else settings.starve_after
        stamped = replace(message, priority=RANKS[label], group=label, within=within, work=work)
        queue = CLASSES[label] if settings.policy in APART else WORK
        await port.broker.send(queue, stamped)

    count = port.options.count
    both = Stream(HIGH, count=count), Stream(LOW, count=count)
    usual = {label: _high_every if CLASSES[label] == HIGH else _low_every for label in LABELS}
    await produce_streams(port, port.options.streams or both, send, usual)


def _high_every(settings: Settings) -> Distribution:
    return settings.high_every


def _low_every(settings: Settings) -> Distribution:
    return settings.low_every


class HighFirst:
    """What a shared worker takes from: low only if there is nothing high.

    Nobody can wait for two queues at once. It asks high, waits a while for low, and asks high
    again: a high message that comes meanwhile waits for it to ask.
    """

    def __init__(self, port: Port[Settings]) -> None:
        self._port = port
        self._high = port.broker.receiver(HIGH, port.settings.prefetch)
        self._low = port.broker.receiver(LOW, port.settings.prefetch)

    async def next(self) -> Delivery | None:
        """Wait for the next message; None on a stop request."""
        while True:
            delivery = await self._high.next(timeout=0.0)
            if delivery is None and not self._port.stopping:
                delivery = await self._low.next(timeout=self._port.settings.poll)
            if delivery is not None or self._port.stopping:
                return delivery


async def share(port: Port[Settings]) -> None:
    """Take from both queues, high first."""
    await handle_each(port, HighFirst(port))


def shares(settings: Settings, options: Options) -> None:
    """Refuse a shared worker where there is nothing to be shared."""
    if settings.policy is not Policy.DRAIN:
        raise BadInput("a shared-worker takes no part as the settings stand; set policy=drain")


def works(queue: str) -> Participant[Settings]:
    """Return the coroutine of a worker that takes from one queue, whatever its order."""

    async def worker(port: Port[Settings]) -> None:
        await handle_each(port, queue)

    return worker


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue in the order of the policy, or one for each class and strict in itself."""
    at_head = settings.ttl_at_head
    if settings.policy in APART:
        strict = partial(replace, order=Order.STRICT, ttl_at_head=at_head)
        return tuple(strict(settings.queue(name)) for name in (HIGH, LOW))
    order, aging, share = Order(settings.policy.value), settings.aging, settings.share
    spec = settings.queue(WORK)
    return (replace(spec, order=order, aging=aging, share=share, ttl_at_head=at_head),)


def cast(settings: Settings) -> dict[str, int]:
    """Workers for all, a pool for each class, or shared ones and some reserved for low."""
    senders = {"sender": settings.producers}
    if settings.policy is Policy.POOLS:
        return {"high-worker": settings.high_pool, "low-worker": settings.low_pool, **senders}
    if settings.policy is Policy.DRAIN:
        return {"shared-worker": settings.consumers, "low-worker": settings.reserved, **senders}
    return {"worker": settings.consumers, **senders}


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.policy is Policy.AGING and settings.aging <= 0:
        raise BadInput("aging: everything would be high at once; set more than 0s")


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of the policy, and those of any peek-lock queue."""
    return (*priority_rules(settings), *consuming_rules(settings, (WORK, HIGH, LOW)))


FAULTS = (
    Fault("slow", "A worker takes so many times as long: a high message may have to wait for a "
          "low one that is being worked on.", "consumer", "factor", "10", lasts=True),
    Fault("burst", "A further sender of high messages sends so many within a second.", "",
          "messages", "30"),
    Fault("mislabel", "From now on the sender stamps everything high. If everything is high, "
          "nothing is.", "producer", lasts=True),
    Fault("unstamped", "From now on the sender names no priority, and each message counts as "
          "default_priority says.", "producer", lasts=True),
    Fault("expire-lock", "The lock on a message runs out now, its holder unaware.", "message"),
)  # fmt: skip

STORY = Story(
    problem="Urgent messages wait behind those that could wait themselves.",
    brief="Urgent messages wait behind those that could wait themselves.",
    words="urgent late first starving waiting deadline",
    solution="Stamp each message with a priority and deliver the highest first: from one queue "
    "that is ordered, or from a queue and a pool of workers for each priority.",
    when=(
        "Some messages must be served within a time that others need not.",
        "Different customers have been promised different times.",
    ),
    when_not=(
        "Everything is urgent: if all is high, nothing is.",
        "There is always enough capacity: without a queue there is nothing to overtake.",
    ),
    mistaught=(
        '"It is a heap." The heap is the easy part; the pattern is about starvation, pools, '
        "and who pays for whom.",
        '"High never waits." It waits for the rest of whatever a worker is busy with, and '
        "for all the low messages a worker has prefetched.",
        '"Aging is free." What low gains, high pays.',
        '"Priorities make the system faster." They never change the set of messages that are '
        "served, only who waits.",
    ),
    brokers=(
        "RabbitMQ quorum queues since 4.3: 32 strict priorities, always on (x-max-priority is "
        "ignored), and no cure for starvation; a returned message loses its priority, and one "
        "that names none has 4 (inject unstamped). Before 4.3 there were two, served 2 to 1: "
        "policy=share share=2.",
        "RabbitMQ classic queues: x-max-priority up to 255, and none means 0. They go round their "
        "priorities, so the lowest is never starved (policy=share comes near it); time to live "
        "only ends messages at the head (ttl_at_head=on), and a full queue drops from the head, "
        "which may be the highest.",
        "Azure Service Bus, Amazon SQS and NATS JetStream have no priorities of messages: use a "
        "queue, or a stream, for each. NATS's priority groups rank clients, SQS's fair queues "
        "rank tenants.",
    ),
)

PATTERN = Pattern(
    name="priority-queue",
    title="Priority Queue",
    settings=Settings,
    roles=(
        Role("worker", works(WORK), "consumer", "takes whatever the queue gives it", WORK),
        Role(
            "shared-worker",
            share,
            "consumer",
            "empties high before it looks at low",
            check=shares,
        ),
        Role("high-worker", works(HIGH), "consumer", "serves high only", HIGH),
        Role("low-worker", works(LOW), "consumer", "serves low only", LOW),
        Role(
            "sender",
            sender,
            "producer",
            "sends urgent messages and some that can wait",
            WORK,
            LABELS,
        ),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=Prioritised,
    story=STORY,
    check=check,
    switch="policy=fifo",
    demo="starve-then-age",
    safeguards=(
        Safeguard(
            "idempotent", "on", "off", "effect-once",
            "a crash between effect and settlement (K5), or a lock that runs out, means a second "
            "delivery.",
        ),
    ),
)  # fmt: skip
