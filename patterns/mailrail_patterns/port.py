"""What participants see of the world.

Patterns are written against these protocols, not against the in-memory broker, so that the
same coroutines can later run on a live one. Four rules keep that possible: nobody awaits a
foreign library; a timeout is a parameter; no ``await`` in ``except`` or ``finally`` and no
async generator inside a participant; whatever is shared goes through the port.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from .commands import CrashPoint
from .quantities import Distribution

S_co = TypeVar("S_co", covariant=True)


class Message(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What travels. Frozen: nobody downstream can change what another has seen.

    Attributes:
        id: The stable business id; survives resending. Idempotent receivers key on it.
        work: Service time this message needs, in seconds; below 0: whatever the consumer takes.
        poison: The handler fails on it, every time.
        conversation: Id of the conversation; empty: the message starts its own.
        group: Session or partition key; empty: none.
        ttl: Time to live in seconds from acceptance; 0: for ever.
        delay: Seconds before the message becomes ready; 0: at once.
        priority: The higher, the sooner it is delivered by a queue that heeds priorities.
        origin: When the client first asked, in seconds; below 0: when it was sent.
    """

    id: str
    work: float = -1.0
    poison: bool = False
    conversation: str = ""
    group: str = ""
    ttl: float = 0.0
    delay: float = 0.0
    origin: float = -1.0
    priority: int = 0


class Outcome(enum.Enum):
    """What became of a send."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class Overflow(enum.Enum):
    """What a full queue does with one more message."""

    REJECT = "reject"
    DROP_OLDEST = "drop-oldest"
    BLOCK = "block"


class Mode(enum.Enum):
    """How messages are received: under a lock, or gone as soon as they are handed over."""

    PEEK_LOCK = "peek-lock"
    RECEIVE_AND_DELETE = "receive-and-delete"


class Position(enum.Enum):
    """Where a returned message goes: brokers differ."""

    HEAD = "head"
    TAIL = "tail"


class Order(enum.Enum):
    """In which order ready messages are delivered."""

    FIFO = "fifo"
    STRICT = "strict"
    AGING = "aging"
    SHARE = "share"


class QueueSpec(msgspec.Struct, frozen=True):
    """A queue as it is declared.

    Attributes:
        name: The queue's name.
        lock: Length of a lock (lease), in seconds, above 0.
        max_deliveries: Deliveries after which a returned message is dead-lettered; 0: no limit.
        capacity: Ready messages it holds; None: unbounded. Messages in flight do not count,
            as in RabbitMQ. With 0 a message is only accepted if a receiver waits for it.
        overflow: What happens to one message too many.
        mode: Peek-lock or receive-and-delete.
        redelivery: Where a returned message goes.
        ttl: Default time to live in seconds; 0: for ever. The shorter of this and the
            message's own counts, as in Service Bus.
        dead_letter_expired: True: an expired message is dead-lettered; False: it is dropped.
        order: First come first served, or by priority.
        aging: Time after which a waiting message counts as one of the highest priority, in
            seconds.
        share: Deliveries of higher priorities after which a lower one that waits gets one.
        deduplicate: The broker drops a message whose id it has accepted before.
    """

    name: str
    lock: float = 30.0
    max_deliveries: int = 10
    capacity: int | None = None
    overflow: Overflow = Overflow.REJECT
    mode: Mode = Mode.PEEK_LOCK
    redelivery: Position = Position.HEAD
    ttl: float = 0.0
    dead_letter_expired: bool = False
    deduplicate: bool = False
    order: Order = Order.FIFO
    aging: float = 8.0
    share: int = 4


class Delivery(Protocol):
    """A message in one consumer's hands. Settle it once; every settling answers whether it counted.

    A settlement after the lock ran out answers False and changes nothing.
    """

    @property
    def message(self) -> Message:
        """The message."""
        ...

    @property
    def name(self) -> str:
        """The message's name in its queue; a copy or a resend has a name of its own."""
        ...

    @property
    def count(self) -> int:
        """How often it has been delivered, this time included."""
        ...

    @property
    def until(self) -> float:
        """When the lock runs out, in seconds."""
        ...

    def complete(self) -> Awaitable[bool]:
        """Settle: the work is done, the message may go."""
        ...

    def abandon(self, delay: float = 0.0) -> Awaitable[bool]:
        """Give the message back, ready again after ``delay`` seconds; the delivery counts."""
        ...

    def reject(self, reason: str) -> Awaitable[bool]:
        """Send the message to the dead-letter queue at once."""
        ...

    def defer(self) -> Awaitable[bool]:
        """Set the message aside until it is asked for by name."""
        ...

    def renew(self) -> Awaitable[bool]:
        """Make the lock last a full lock length from now."""
        ...


class Receiver(Protocol):
    """A consumer's end of a queue."""

    def next(self, timeout: float | None = None) -> Awaitable[Delivery | None]:
        """Wait for a message, at most ``timeout`` seconds; None on a timeout or a stop request."""
        ...

    def deferred(self, name: str) -> Awaitable[Delivery | None]:
        """Fetch a deferred message by its name; None if there is none of that name."""
        ...


class Broker(Protocol):
    """Queues, seen from outside."""

    def send(self, queue: str, message: Message) -> Awaitable[Outcome]:
        """Send a message and wait for the broker's answer."""
        ...

    def receiver(self, queue: str, prefetch: int = 1) -> Receiver:
        """Open a receiver that holds at most ``prefetch`` unsettled messages."""
        ...


class Store(Protocol):
    """A durable table that survives crashes."""

    def get(self, key: str) -> Awaitable[str | None]:
        """Return the value, or None."""
        ...

    def put(self, key: str, value: str) -> Awaitable[None]:
        """Insert or replace."""
        ...

    def put_if_absent(self, key: str, value: str) -> Awaitable[bool]:
        """Insert under a unique constraint; False if the key was there."""
        ...


class Clock(Protocol):
    """Time, in seconds since the start of the run."""

    @property
    def now(self) -> float:
        """The present instant."""
        ...

    def sleep(self, seconds: float) -> Awaitable[None]:
        """Wait that long."""
        ...

    def sleep_until(self, time: float, *, planned: bool = False) -> Awaitable[None]:
        """Wait until that instant; at once if it has passed.

        Args:
            time: The instant, in seconds.
            planned: It was laid down when the actor started: in a tie it comes before
                whatever has been begun since.
        """
        ...


class Chance(Protocol):
    """This actor's own stream of chance."""

    def random(self) -> float:
        """Return the next number in [0, 1)."""
        ...


class Phase(msgspec.Struct, frozen=True):
    """One stretch of a producer's arrivals.

    Attributes:
        every: Time between two messages; a distribution, in seconds.
        lasts: How long the stretch is, in seconds; 0: until the count is reached or for ever.
    """

    every: Distribution
    lasts: float = 0.0


class Stream(msgspec.Struct, frozen=True):
    """One of several kinds of message that a single producer sends.

    Attributes:
        tag: What sets the kind apart, in the pattern's own terms (a priority).
        arrivals: Its phases, one after the other; none: as the settings say.
        count: Messages of the kind; 0: no end; None: as the settings say.
        start: When it begins, in seconds.
    """

    tag: str
    arrivals: tuple[Phase, ...] = ()
    count: int | None = None
    start: float = 0.0


class Options(msgspec.Struct, frozen=True):
    """What one actor was given when it was spawned; None: as the settings say.

    Attributes:
        arrivals: A producer's phases, one after the other.
        count: Messages a producer sends; None: no limit.
        start: When a producer begins, in seconds.
        streams: The kinds of message of a producer that sends several.
        service: A consumer's service time.
    """

    arrivals: tuple[Phase, ...] = ()
    count: int | None = None
    start: float = 0.0
    service: Distribution | None = None
    streams: tuple[Stream, ...] = ()


class Port(Protocol[S_co]):
    """Everything one participant may touch."""

    @property
    def name(self) -> str:
        """The actor's name."""
        ...

    @property
    def settings(self) -> S_co:
        """The pattern's settings as they are now; they can change while the actor runs."""
        ...

    @property
    def options(self) -> Options:
        """What this actor was given when it was spawned."""
        ...

    @property
    def clock(self) -> Clock:
        """Time."""
        ...

    @property
    def broker(self) -> Broker:
        """Queues."""
        ...

    @property
    def store(self) -> Store:
        """The durable table shared by all actors."""
        ...

    @property
    def chance(self) -> Chance:
        """This actor's own chance."""
        ...

    @property
    def pace(self) -> float:
        """Factor on every service time; above 1 while a fault slows this actor down."""
        ...

    @property
    def born(self) -> float:
        """When the actor's first life began, in seconds."""
        ...

    @property
    def stamped(self) -> int:
        """How many messages this producer has stamped in all its lives."""
        ...

    @property
    def stopping(self) -> bool:
        """True once the actor was asked to finish and leave."""
        ...

    def suffers(self, fault: str) -> bool:
        """Say whether a fault that participants act out themselves is on for this actor."""
        ...

    def at(self, point: CrashPoint) -> Awaitable[None]:
        """Pass a crash point; a crash armed for it happens here."""
        ...

    def begins(self, delivery: Delivery, seconds: float) -> None:
        """Note that work of ``seconds`` on a delivery begins."""
        ...

    def apply(self, delivery: Delivery, *, once: bool) -> Awaitable[bool]:
        """Change the world outside on behalf of a message.

        Args:
            delivery: The message that asks for it.
            once: Commit an inbox marker in the same transaction, under a unique constraint
                on the message id; if the marker is there already, nothing is applied.

        Returns:
            Whether the effect was applied.
        """
        ...

    def applied(self, delivery: Delivery) -> Awaitable[bool]:
        """Look the message id up in the inbox; True (and noted) if the effect is there already."""
        ...

    def stamp(self) -> Message:
        """Return this producer's next message, its id stable, scenario overrides applied.

        The number in the id is durable: a restarted producer goes on where it was.
        """
        ...

    def note(self, kind: str, message: str, text: str = "", value: float = 0.0) -> None:
        """Record something the pattern wants seen (``late``, ``absorbed``)."""
        ...


S = TypeVar("S")
Participant = Callable[[Port[S]], Awaitable[None]]


class Role(msgspec.Struct, Generic[S], frozen=True):
    """A part that actors play.

    Attributes:
        name: Singular noun; actors are called ``name-1``, ``name-2`` …
        play: The coroutine, called once for each incarnation.
        kind: ``producer`` if it only sends, ``consumer`` if it settles messages.
        about: One sentence for a person who has never met it.
        queue: The queue it sends to or receives from.
        kinds: The kinds of message a producer sends, if there are several; a rhythm given
            without a kind is that of the first.
    """

    name: str
    play: Participant[S]
    kind: str
    about: str
    queue: str = ""
    kinds: tuple[str, ...] = ()


AnyRole = Role[Any]

__all__: Sequence[str] = [
    "Broker", "Chance", "Clock", "CrashPoint", "Delivery", "Distribution", "Message", "Mode",
    "Options", "Order", "Outcome", "Overflow", "Participant", "Phase", "Port", "Position",
    "QueueSpec", "Receiver", "Role", "Store", "Stream",
]  # fmt: skip
