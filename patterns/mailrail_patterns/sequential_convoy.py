"""Sequential Convoy: related messages one after the other, unrelated ones side by side.

The producer stamps each message with its group, such as an order. The broker keeps a lane for
each group, and a consumer does not receive messages but locks a lane: it gets what is in the
lane, and what still comes, one message at a time and in order. Other consumers work on other
lanes meanwhile. There is no leader and no global order; there is one lock a group.

The order is that in which the broker accepted the messages. If it has to be that of the senders,
these number the messages of a group, and the consumer goes by the numbers: see ``resequence``.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    FIXED,
    PROGRESS,
    BadInput,
    Change,
    Convoying,
    Fault,
    Knob,
    Pattern,
    Postbag,
    Role,
    Rule,
    Safeguard,
    Story,
    Work,
    constant,
    convoy_rules,
    debatching,
    handle_each,
    produce,
    resequencing,
)
from .port import Distribution, Message, Mode, Port, QueueSpec, Rebalance, Sessions

ORDERS = "orders"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Poison(enum.Enum):
    """What becomes of a lane whose first message fails every time."""

    BLOCK = "block"
    SKIP = "skip"
    PARK = "park"


class Settings(debatching.LedgerQueue, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    sessions: Annotated[
        bool, Knob("a lane and a lock for each group; off = consumers compete for messages")
    ] = True
    poison_policy: Annotated[
        Poison,
        Knob("a message that always fails: block its lane, skip it, or park all its group"),
    ] = Poison.SKIP
    partitions: Annotated[
        int, Knob("lanes that groups share by a hash of their name; 0 = a lane each", "", 0, 1000)
    ] = 0
    rebalance: Annotated[
        Rebalance,
        Knob("with partitions, when a worker comes or goes: all let go, or only what nobody has"),
    ] = Rebalance.NONE
    rebalance_time: Annotated[
        float, Knob("how long a rebalance takes once nobody has anything in hand", "s", 0.001)
    ] = 3.0
    scan_limit: Annotated[
        int,
        Knob(
            "messages at the front that are looked through for a free lane; 0 = all",
            "messages",
            0,
            1_000_000,
        ),
    ] = 0
    session_idle: Annotated[
        float, Knob("how long a consumer keeps an empty lane locked; 0 = not at all", "s")
    ] = 0.0
    renewal: Annotated[bool, Knob("renew the lock on a lane when four fifths of it are over")] = (
        True
    )
    fencing: Annotated[
        bool, Knob("the order's record refuses what comes from a session that was overtaken")
    ] = True
    idempotent: Annotated[
        bool, Knob("idempotent receiver: look in the inbox first, mark it with the effect")
    ] = True
    resequence: Annotated[
        bool, Knob("go by the senders' numbers, lane by lane: set aside what comes too early")
    ] = False
    gap_timeout: resequencing.GapTimeout = 5.0
    gap_policy: resequencing.GapPolicy = resequencing.Gap.SKIP
    gap_buffer: resequencing.GapBuffer = 100
    resend_after: Annotated[
        float, Knob("when a sender sends again what was lost or refused; 0 = never", "s")
    ] = 0.0
    producers: Annotated[int, Knob("senders at the start", "actors", 0, 1000, "spawn sender")] = 1
    consumers: Annotated[int, Knob("workers at the start", "actors", 0, 10_000, "spawn worker")] = 3
    groups: Annotated[int, Knob("orders whose steps a sender interleaves", "", 1, 100_000)] = 4
    steps: Annotated[
        int, Knob("steps of an order, the last one marked; 0 = no end", "messages", 0, 1_000_000)
    ] = 0
    every: Annotated[Distribution, Knob("time between two messages of a sender", "s", 1e-6)] = (
        constant(1.0)
    )
    count: Annotated[
        int, Knob("messages a sender sends; 0 = no end", "messages", 0, 10_000_000)
    ] = 0
    service: Annotated[Distribution, Knob("time a worker takes for a message", "s")] = constant(2.0)
    lock: Annotated[float, Knob("how long a lock (lease) on a lane lasts", "s", 0.001)] = 5.0
    max_deliveries: Annotated[
        int, Knob("deliveries before a message is dead-lettered; 0 = no limit", "", 0, 1000)
    ] = 3

    @property
    def by_number(self) -> bool:
        """Whether workers go by the senders' numbers; it takes a lock on the order."""
        return self.resequence and self.sessions


def name_of(number: int) -> str:
    """Return what the ``number``-th group is called, from 0: ``A`` to ``Z``, then ``AA``."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(ALPHABET))
        name = ALPHABET[rest] + name
    return name


async def sender(port: Port[Settings]) -> None:
    """Send the steps of several orders, interleaved, each stamped with the order it belongs to.

    And with its number within that order, which is the order's own: all senders take it from
    one count, so that it says what comes after what whichever of them is the quicker. With a
    ledger, each message is a batch of such steps.
    """
    queue = debatching.LEDGER if port.settings.ledger else ORDERS
    postbag = Postbag(queue)
    await produce(port, queue, stamped=stamped, send=postbag.send, meanwhile=postbag.send_rest)


def stamped(port: Port[Settings], message: Message) -> Message:
    """Stamp a message with its order, or make it a batch of those that have one each."""
    if not port.settings.ledger:
        return step_of(port, message, port.stamped - 1)
    size = port.settings.batch
    first = (port.stamped - 1) * size
    return debatching.bundled(
        message, [step_of(port, message, first + place) for place in range(size)]
    )


def step_of(port: Port[Settings], message: Message, place: int) -> Message:
    """Stamp the ``place``-th step with its order and its number in it; mark an order's last."""
    steps, groups, hot = port.settings.steps, port.settings.groups, port.suffers("hot-group")
    index = 0 if hot else place % groups
    group = message.group if message.group and not hot else name_of(index)
    number = port.number(group)
    if steps and group == name_of(index):  # one order is over, the next one begins
        done, number = divmod(number - 1, steps)
        group, number = name_of(index + groups * done), number + 1
    return replace(message, group=group, sequence=number, last=number == steps)


TAKE_APART: Final = Change[Settings](debatching.taken_apart(ORDERS))
LEDGER_TIME: Final = Work[Settings]("ledger_time")
STEP: Final = Change[Settings](resequencing.advance, fenced=lambda settings: settings.fencing)


async def ledger_processor(port: Port[Settings]) -> None:
    """Take one batch after the other apart, and send each step on with its order.

    The names of the steps follow from that of the batch, so that one that is taken apart again
    gives the same steps again, and whoever has done them knows.
    """
    await handle_each(port, debatching.LEDGER, TAKE_APART, LEDGER_TIME)


async def worker(port: Port[Settings]) -> None:
    """Lock a lane, work through it message by message, close it, lock the next one.

    Which lane, and when, is settled between the receiver and the broker: the receiver accepts
    the lane that has waited longest, renews its lock in the background, and closes it when
    nothing is left in it. A worker that was asleep meanwhile may have lost it and not know.

    Each message takes its order one step further, and the step depends on the one before.
    """
    await handle_each(port, resequencing.in_sequence(port, ORDERS), STEP)


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """One queue with a lane for each group, or without lanes; that of the batches before it."""
    spec = settings.queue(ORDERS)
    before = (settings.queue(debatching.LEDGER),) if settings.ledger else ()
    blocks = settings.poison_policy is Poison.BLOCK
    lanes = Sessions(
        on=settings.sessions,
        partitions=settings.partitions,
        idle=settings.session_idle,
        renewal=settings.renewal,
        park=settings.poison_policy is Poison.PARK,
        scan=settings.scan_limit,
        rebalance=settings.rebalance,
        rebalance_time=settings.rebalance_time,
    )
    limit = 0 if blocks else spec.max_deliveries
    return (replace(spec, max_deliveries=limit, sessions=lanes), *before)


def cast(settings: Settings) -> dict[str, int]:
    """Workers, who takes batches apart for them, and who gives them work."""
    before = {"ledger-processor": settings.ledger_processors} if settings.ledger else {}
    return {"worker": settings.consumers, **before, "sender": settings.producers}


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.sessions and settings.capacity == 0:
        raise BadInput("capacity: a message must be able to wait in its lane; set 1 or more")
    spins = not settings.retry_delay and settings.service.mean <= 0
    if settings.poison_policy is Poison.BLOCK and spins:
        raise BadInput("poison_policy: block tries for ever at one instant; set retry_delay")
    if settings.poison_policy is Poison.PARK and not settings.max_deliveries:
        raise BadInput("poison_policy: without a limit nothing is ever parked; set max_deliveries")
    if settings.resequence and settings.mode is Mode.RECEIVE_AND_DELETE:
        raise BadInput("resequence: what is deleted on receipt cannot be set aside; set mode")
    if settings.resequence and not settings.defers():
        raise BadInput(
            f"resequence: {settings.dialect.value} cannot set a message aside; set "
            "dialect=azure-service-bus, or mailrail"
        )


def rules(settings: Callable[[], Settings]) -> Sequence[Rule]:
    """The guarantees of lanes and their locks, and those of any peek-lock consumer."""
    return convoy_rules(settings)


FAULTS = (
    Fault("slow", "A worker takes so many times as long: its lane waits, the others do not.",
          "consumer", "factor", "5", lasts=True),
    Fault("poison", "Its handler fails on this message, every time: everything behind it in its "
          "lane waits for the verdict.", "message", lasts=True, after=FIXED),
    Fault("reorder", "The next message overtakes what waits in its lane: the broker's order is "
          "kept, the producer's is not.", "", "messages", "1"),
    Fault("out-of-order", "A sender holds its next message back until it has sent the one after it "
          "of the same order: its own order is lost.", "producer", "messages", "1"),
    Fault("expire-lock", "The lock on the lane of a message runs out now, its holder unaware.",
          "message"),
    Fault("burst", "A further sender sends so many messages within a second.", "", "messages",
          "30"),
    Fault("rebalance", "The partitions are assigned anew, as when a worker comes or goes: with "
          "rebalance=eager nobody gets anything meanwhile."),
    Fault("hot-group", "From now on the sender stamps everything with one group: one lane, one "
          "worker, whatever the number of workers.", "producer", lasts=True),
    Fault("lose-send", "The next message is lost on its way: a hole that no broker can see.", "",
          "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: the message comes again, and nothing of its "
          "lane before it.", "", "settlements", "1"),
    Fault("duplicate", "The next message arrives twice, the second time behind the others of its "
          "lane.", "", "messages", "1"),
    Fault("broker-down", "Nobody reaches the broker: no lock is renewed, lanes fall free.",
          lasts=True),
    Fault("partition", "A worker is cut off from the broker: it works on, and loses its lane.",
          "consumer", lasts=True),
)  # fmt: skip

SAFEGUARDS = (
    Safeguard("renewal", "on", "off", "session-kept",
              "Without it a lane is lost under a worker that is only slow, and two work on it."),
    Safeguard("fencing", "on", "off", "effects-in-order",
              "Without it a worker that lost its lane and does not know writes what is stale."),
    Safeguard("idempotent", "on", "off", "effect-once",
              "Without it whoever resumes a lane does the step again that its holder died on."),
    Safeguard("resequence", "on", "off", "as-sent",
              "Without it what comes out of a sender's order is done out of its order."),
)  # fmt: skip

STORY = Story(
    problem="Some messages must be handled in the order in which they were sent, such as the "
    "steps of one order; with competing consumers, cancel may overtake create.",
    brief="Competing consumers let a cancel overtake its create.",
    words="order overtaking sequence group session first in first out fifo",
    solution="Stamp each message with its group and let a consumer lock a group instead of a "
    "message. Inside a group there is one consumer and first in, first out; groups run in "
    "parallel.",
    when=(
        "Messages come in groups that must be kept in order, and there are many groups.",
        "Whoever takes over from a consumer that died must go on where it was.",
    ),
    when_not=(
        "Order does not matter, or each message says what to do whatever came before it.",
        "Nearly all messages are of one group: then the throughput is that of one consumer.",
        "The order is to be that of several producers: a broker knows only the order of arrival.",
        "Whatever is before the lanes is the bottleneck: batches of many groups wait in one queue "
        "until a ledger processor has taken them apart (ledger=on). Several are quicker, but they "
        "lose the order of the batches, and so does one that dies with a batch locked, unless "
        "the workers go by numbers (resequence=on).",
    ),
    mistaught=(
        '"A leader keeps the order." There is no leader and no global order: one lock a group.',
        '"More consumers make it faster." Only as long as there are lanes nobody works on.',
        '"The broker puts it in order." It keeps the order of arrival; what a producer sends '
        "out of order stays so. It takes the senders' numbers and a consumer that goes by them.",
        '"A lock is safe." It is a lease: its holder may sleep through its end and write all '
        "the same. Only the resource that is written to can refuse it, by the token.",
        '"Dead-letter it and go on." That is a hole in the order. If the order is sacred, block '
        "the lane or park the whole group.",
    ),
    brokers=(
        "Azure Service Bus: sessions, with state kept by the broker; the lock renewed by the "
        "client. What comes out of order is deferred, and its number kept in the state. A lock "
        "that expires counts as a delivery, closing the session does not. An empty session "
        "stays with its holder until that lets go of it: set the idle timeout.",
        "Amazon SQS FIFO: a group is blocked while any message of it is in flight. Only the "
        "first 20,000 messages are looked through for a free group, so one huge group hides the "
        "others (scan_limit).",
        "Kafka: groups share partitions by a hash of the key, so a slow or poisoned group holds "
        "up its neighbours; nothing is dead-lettered by itself. When a consumer comes or goes the "
        "partitions are assigned anew: by the eager protocol all stand still, by the cooperative "
        "one (KIP-429, since 2.4) only those that change hands.",
        "RabbitMQ: single active consumer for a whole queue, or a consistent hash over several.",
        "Parking a group is no broker's feature: consumers build it with a table of parked "
        "groups. Here the broker does it.",
    ),
)

PATTERN = Pattern(
    name="sequential-convoy",
    title="Sequential Convoy",
    settings=Settings,
    roles=(
        Role("worker", worker, "consumer", "locks a lane and works through it in order", ORDERS),
        Role(
            "ledger-processor",
            ledger_processor,
            "consumer",
            "takes batches apart, with ledger=on",
            debatching.LEDGER,
            serves=LEDGER_TIME.service,
        ),
        Role("sender", sender, "producer", "sends the steps of several orders", ORDERS),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=rules,
    meter=Convoying,
    story=STORY,
    check=check,
    switch="sessions=off",
    demo="lanes",
    safeguards=SAFEGUARDS,
    ledgers=(PROGRESS,),
    survives=("worker", "ledger-processor"),
)
