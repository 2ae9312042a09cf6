"""Queue-Based Load Leveling: a queue between bursty callers and a service of fixed capacity.

The queue lets the service work at its own steady rate while callers come in bursts. It adds
no capacity: what arrives too fast is not lost but late. Whether late is any better than a
plain "no" depends on how long the callers wait.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable, Sequence
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    WORK,
    BadInput,
    BatchFailed,
    Fault,
    Hooks,
    Knob,
    Leveling,
    Pattern,
    QueueSettings,
    Role,
    Rule,
    Safeguard,
    Story,
    constant,
    consuming_rules,
    handle_batches,
    handle_each,
    kinds,
    leveling_rules,
    produce,
)
from .port import Delivery, Distribution, Message, Order, Outcome, Port, QueueSpec


class Serves(enum.Enum):
    """Who is served first: who has waited longest, who has just come, or, under overload, these."""

    OLDEST = "oldest-first"
    NEWEST = "newest-first"
    NEWEST_IF_LATE = "newest-if-late"


ORDERS: Final = {
    Serves.OLDEST: Order.FIFO, Serves.NEWEST: Order.LIFO, Serves.NEWEST_IF_LATE: Order.ADAPTIVE,
}  # fmt: skip


class Settings(QueueSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    queue_between: Annotated[
        bool, Knob("a queue between callers and service; off = call the service directly")
    ] = True
    producers: Annotated[
        int, Knob("client populations at the start", "actors", 0, 1000, "spawn client")
    ] = 1
    consumers: Annotated[
        int,
        Knob(
            "workers at the start: the concurrency the service can bear",
            "actors",
            0,
            10_000,
            "spawn worker",
        ),
    ] = 4
    every: Annotated[Distribution, Knob("time between two requests of a population", "s", 1e-6)] = (
        constant(0.5)
    )
    count: Annotated[
        int, Knob("requests a population makes; 0 = no end", "messages", 0, 10_000_000)
    ] = 0
    service: Annotated[Distribution, Knob("time the service takes for a request", "s")] = constant(
        1.0
    )
    database: Annotated[
        int,
        Knob("workers the database behind them works for at a time; 0 = any number", "", 0, 10_000),
    ] = 0
    batch: Annotated[
        int,
        Knob(
            "requests a worker takes together, all or nothing", "", 1, 1000, "restart the workers"
        ),
    ] = 1
    batch_share: Annotated[
        float, Knob("time of each further one of a batch, as a share of the first one's", "", 0, 1)
    ] = 0.25
    batch_failed: Annotated[
        BatchFailed,
        Knob("a batch of which one request failed: all back; or again one by one, or by halves"),
    ] = BatchFailed.ALL_BACK
    serves: Annotated[Serves, Knob("which request of those that wait is served next")] = (
        Serves.OLDEST
    )
    late: Annotated[
        float, Knob("age of the oldest from which newest-if-late serves the newest", "s", 0.001)
    ] = 2.0
    patience: Annotated[
        float, Knob("how long a client waits for its answer; 0 = for ever", "s")
    ] = 5.0
    retries: Annotated[int, Knob("how often a client asks again", "", 0, 100)] = 0
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 30.0


async def client(port: Port[Settings]) -> None:
    """Make requests in the population's own rhythm, and ask again when no answer comes.

    A client that has run out of patience is gone: the request it left in the queue will be
    served all the same, for nobody. If it asks again, the same request is in the queue twice.
    """
    waiting: deque[tuple[float, Message, int]] = deque()

    async def told(port: Port[Settings], message: Message, outcome: Outcome) -> None:
        if port.settings.retries and port.settings.patience:
            waiting.append((port.clock.after(port.settings.patience), message, 0))

    async def impatience(port: Port[Settings], until: float | None) -> None:
        while waiting and (until is None or waiting[0][0] < until):
            due, message, attempts = waiting.popleft()
            await port.clock.sleep_until(due)
            answered = await port.store.get(message.id)
            if answered is None and attempts < port.settings.retries:
                port.note(kinds.RESENT, message.id)
                await port.broker.send(WORK, asked_now(port, message))
                waiting.append((port.clock.after(port.settings.patience), message, attempts + 1))

    await produce(port, WORK, told=told, meanwhile=impatience, stamped=asked_now)


def asked_now(port: Port[Settings], message: Message) -> Message:
    """Note on the request when the client asked; its patience counts from there."""
    return replace(message, origin=port.clock.now)


async def worker(port: Port[Settings]) -> None:
    """Serve one request after the other; the number of workers is the limit on concurrency."""

    async def answer(port: Port[Settings], delivery: Delivery) -> None:
        message = delivery.message
        patience = port.settings.patience
        waited = port.clock.now - message.origin
        if patience and waited > patience + 1e-9:
            port.note(kinds.LATE, delivery.name, value=waited)
        else:
            await port.store.put(message.id, "answered")

    if port.settings.batch > 1:
        await handle_batches(port, WORK, answer)
    else:
        await handle_each(port, WORK, hooks=Hooks(done=answer))


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue; without the pattern, a queue of no room that only hands over."""
    spec = replace(settings.queue(WORK), order=ORDERS[settings.serves], aging=settings.late)
    if settings.queue_between:
        return (spec,)
    return (replace(spec, capacity=0),)


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.retries and not settings.patience:
        raise BadInput("retries: a client that waits for ever never asks again; set patience")


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of a levelled service, and those of any peek-lock queue."""
    return (*leveling_rules(settings, WORK), *consuming_rules(settings, (WORK,)))


FAULTS = (
    Fault("burst", "A further population makes so many requests within a second.", "",
          "messages", "30"),
    Fault("slow", "The service takes so many times as long: below the arrival rate the backlog "
          "never drains.", "consumer", "factor", "2", lasts=True),
    Fault("database-down", "The database behind them goes down: who is at work finishes, others "
          "wait, each with a message locked in its hands.", lasts=True),
    Fault("broker-down", "Nobody reaches the queue: callers hang, workers finish what they have.",
          lasts=True),
    Fault("lose-send", "The next request is lost on its way; only the client's patience notices.",
          "", "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: the request is served again when its lock "
          "has run out.", "", "settlements", "1"),
)  # fmt: skip

STORY = Story(
    problem="Callers come in bursts and the service behind them can bear only so much: at the "
    "peak it turns callers away or falls over.",
    brief="Calls come in bursts; at the peak the service falls over.",
    words="overload peak burst lost rejected outage backlog",
    solution="Put a queue in between. Callers leave their request and go on; the service takes "
    "requests at its own steady rate, whatever the rate of arrival.",
    when=(
        "The load has peaks, and its mean is below what the service can do.",
        "Callers need no immediate answer, or can be told later.",
        "The service may be down for a while without the requests being lost.",
    ),
    when_not=(
        "Callers wait for the answer with a short timeout: the queue only makes them wait in "
        "vain, and the service works for nobody.",
        "The mean load is above the capacity: the backlog grows without end.",
    ),
    mistaught=(
        '"A queue makes the system faster." It adds no capacity; overload becomes latency.',
        '"Nothing is lost, so all is well." Work finished after the client has left is '
        "wasted, and the retries of those who left feed the next overload.",
        '"Watch the depth." Watch the age of the oldest message: it is what a client feels.',
        '"More workers help." Not if they share the resource that was the limit.',
    ),
    brokers=(
        "RabbitMQ: max-length drops from the head by default (drop-oldest); reject-publish "
        "refuses; messages in flight do not count.",
        "Azure Service Bus and Amazon SQS: bounded by size or practically unbounded; limit the "
        "concurrency at the consumer, and alarm on the age of the oldest message.",
    ),
)

PATTERN = Pattern(
    name="queue-based-load-leveling",
    title="Queue-Based Load Leveling",
    settings=Settings,
    roles=(
        Role("worker", worker, "consumer", "one unit of the service's capacity", WORK),
        Role("client", client, "producer", "a population of callers", WORK),
    ),
    queues=queues,
    cast=lambda settings: {"client": settings.producers, "worker": settings.consumers},
    faults=FAULTS,
    rules=rules,
    meter=Leveling,
    story=STORY,
    check=check,
    switch="queue_between=off",
    demo="saved-but-too-late",
    safeguards=(
        Safeguard(
            "idempotent", "on", "off", "effect-once",
            "a crash between effect and settlement (K5), or a lock that runs out, means a second "
            "delivery.",
        ),
    ),
)  # fmt: skip
