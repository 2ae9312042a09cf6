"""What participants see of the world.

Patterns are written against these protocols, not against the in-memory broker, so that the
same coroutines can later run on a live one. Four rules keep that possible: nobody awaits a
foreign library; a timeout is a parameter; no ``await`` in ``except`` or ``finally`` and no
async generator inside a participant; whatever is shared goes through the port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol, TypeVar

from .arrivals import Options, Phase, Stream
from .claims import ENVELOPE, Answer, Claim, Fetched, Payloads, Stored, Tells, claim_of, ticket
from .commands import CrashPoint
from .messages import (
    Message,
    Mode,
    Order,
    Outcome,
    Overflow,
    Position,
    QueueSpec,
    Rebalance,
    Sessions,
    Subscription,
)
from .names import BadInput
from .quantities import Distribution
from .receiving import Delivery, Receiver, Source
from .records import Decide, Outgoing, Reaction, Reader, Row, Write
from .storing import Database, Store
from .topics import Grammar, OnError, TopicSpec

S_co = TypeVar("S_co", covariant=True)


class Broker(Protocol):
    """Queues and topics, seen from outside."""

    def send(
        self, to: str, message: Message, *, follows: Delivery | None = None
    ) -> Awaitable[Outcome]:
        """Send a message to a queue or a topic and wait for the broker's answer.

        A topic puts a copy on the queue of each subscription that matches; that nobody is
        subscribed is no reason to refuse, unless the topic is declared mandatory.

        Args:
            to: The queue or topic.
            message: The message.
            follows: What it was made from, if it is not to outlive that: a queue refuses it, and
                lets nobody wait for room with it, once that delivery is over.
        """
        ...

    def browse(self, queue: str) -> Awaitable[Sequence[Message]]:
        """Look at every message of a queue that is not finished, and at its dead letters.

        Nothing is locked or counted by it.
        """
        ...

    def declare(self, spec: QueueSpec) -> Awaitable[int]:
        """Declare a queue, harmless if it is there; return how many receivers are open on it."""
        ...

    def subscribe(self, subscription: Subscription) -> Awaitable[None]:
        """Begin to keep a copy of every matching message of a topic.

        A subscription that is not durable ends when the last process that asked for it dies,
        leaves, or has been silent for longer than its keep-alive.
        """
        ...

    def unsubscribe(self, topic: str, name: str) -> Awaitable[None]:
        """Stop keeping copies; what is on the subscription's queue stays there."""
        ...

    def receiver(self, queue: str, prefetch: int = 1) -> Receiver:
        """Open a receiver that holds at most ``prefetch`` unsettled messages."""
        ...


class Clock(Protocol):
    """Time, in seconds since the start of the run."""

    @property
    def now(self) -> float:
        """The present instant."""
        ...

    def after(self, seconds: float) -> float:
        """Return the instant so many seconds from now at which a sleeper would wake.

        That is on the grid of time. A sum need not be: whoever compares it with ``now`` once he
        has slept until then may find it is still to come, by the last binary digit, for ever.
        """
        ...

    def sleep(self, seconds: float, *, routine: bool = False) -> Awaitable[None]:
        """Wait that long.

        Args:
            seconds: How long.
            routine: It is only for the next round of something that never ends, such as a scan.
        """
        ...

    def sleep_until(
        self, time: float, *, planned: bool = False, routine: bool = False
    ) -> Awaitable[None]:
        """Wait until that instant; at once if it has passed.

        Args:
            time: The instant, in seconds.
            planned: It was laid down when the actor started: in a tie it comes before
                whatever has been begun since.
            routine: It is only for the next round of something that never ends.
        """
        ...


class Chance(Protocol):
    """This actor's own stream of chance."""

    def random(self) -> float:
        """Return the next number in [0, 1)."""
        ...


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
    def payloads(self) -> Payloads:
        """The payload store."""
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
    def database(self) -> Database:
        """The database that all consumers share, if they do."""
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
    def life(self) -> int:
        """Which life of the actor this is, from 1."""
        ...

    @property
    def stamped(self) -> int:
        """How many messages this producer has stamped in all its lives."""
        ...

    unconfirmed: Message | None
    """What this producer has begun to send and not heard of yet; durable, like its number."""

    @property
    def stopping(self) -> bool:
        """True once the actor was asked to finish and leave."""
        ...

    def suffers(self, fault: str, message: str = "") -> bool:
        """Say whether a fault that participants act out themselves is on for this actor.

        Args:
            fault: The fault.
            message: The message concerned; a fault for it is on as well.
        """
        ...

    def strikes(self, fault: str, message: str = "") -> bool:
        """Say whether a fault that happens once, or so many times, happens here and now.

        Args:
            fault: The fault.
            message: The message concerned; a fault for another one does not strike.
        """
        ...

    def at(self, point: CrashPoint) -> Awaitable[None]:
        """Pass a crash point; a crash armed for it happens here."""
        ...

    def begins(self, delivery: Delivery, seconds: float) -> None:
        """Note that work of ``seconds`` on a delivery begins."""
        ...

    def goes_on(self, cause: Delivery | Row) -> None:
        """Let what is done next follow from a delivery, or from the writing of a row.

        For who works on several deliveries at once, or acts on rows that nobody sent it.
        """
        ...

    def apply(self, delivery: Delivery, *, once: bool, fenced: bool = False) -> Awaitable[bool]:
        """Change the world outside on behalf of a message.

        Args:
            delivery: The message that asks for it.
            once: Commit an inbox marker in the same transaction, under a unique constraint
                on the message id; if the marker is there already, nothing is applied.
            fenced: Show the token of the session the message came in; if a later session has
                changed something for the same group already, nothing is applied.

        Returns:
            Whether the effect was applied.
        """
        ...

    def applied(self, delivery: Delivery) -> Awaitable[bool]:
        """Look the message id up in the inbox; True (and noted) if the effect is there already."""
        ...

    def transact(
        self,
        delivery: Delivery,
        decide: Decide,
        *,
        once: bool,
        outbox: bool = False,
        fenced: bool = False,
    ) -> Awaitable[Reaction | None]:
        """Decide on a message and commit what was decided, in one local transaction.

        Args:
            delivery: The message.
            decide: Called with the message and the rows as they are; must depend on nothing else.
            once: Commit an inbox marker as well, under a unique constraint; what changes nothing
                leaves no marker.
            outbox: Commit the messages that follow as well; see :meth:`outgoing`.
            fenced: Show the token of the session the message came in, as in :meth:`apply`.

        Returns:
            What was decided; None, and nothing is changed, if the marker was there already.
        """
        ...

    def preview(self, delivery: Delivery, decide: Decide) -> Reaction:
        """Return what would be decided, and commit nothing."""
        ...

    def outgoing(self, delivery: Delivery) -> Sequence[Outgoing]:
        """Return what the outbox still holds for a message: committed and not sent yet."""
        ...

    def dispatched(self, delivery: Delivery) -> None:
        """Strike what the outbox holds for a message: it has been sent."""
        ...

    def stamp(self) -> Message:
        """Return this producer's next message, its id stable, scenario overrides applied.

        The number in the id is durable: a restarted producer goes on where it was.
        """
        ...

    def number(self, group: str) -> int:
        """Take the next number of a group, from 1: one count for all who send to it.

        It is durable and handed out once, like the number of a database sequence.
        """
        ...

    def note(self, kind: str, message: str, text: str = "", value: float = 0.0) -> None:
        """Record something the pattern wants seen (``late``, ``absorbed``)."""
        ...


__all__: Sequence[str] = [
    "ENVELOPE", "Answer", "BadInput", "Broker", "Chance", "Claim", "Clock", "CrashPoint", "Decide",
    "Delivery", "Distribution", "Fetched", "Grammar", "Message", "Mode", "OnError", "Options",
    "Order", "Outcome", "Outgoing", "Overflow", "Payloads", "Phase", "Port",
    "Position", "QueueSpec", "Reaction", "Reader", "Rebalance", "Receiver", "Row",
    "Sessions", "Source", "Store", "Stored", "Stream", "Subscription", "Tells",
    "TopicSpec", "Write", "claim_of", "ticket",
]  # fmt: skip
