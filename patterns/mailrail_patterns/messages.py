"""Messages and queues as they are declared: what every participant and the broker agree on."""

from __future__ import annotations

import enum
import math

import msgspec

from .broker_rules import PLAIN, Rules
from .quantities import on_grid
from .topics import OnError

RENEW_AT = 0.8
"""Share of its length after which a lock is renewed: late enough to be rare, early enough that
a renewal may take a fifth of the lock to arrive."""


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
        within: Seconds from acceptance within which it should be begun; 0: no deadline.
        subject: What it is about, as words with dots between; topics route by it.
        reply_to: The queue an answer is expected on.
        correlation: Id of the message this one answers or belongs to.
        size: Bytes on the bus; 0: too few to matter.
        headers: Application properties, by name.
        sequence: Its number within its group, from 1, as its producer counts: the group-sequence
            of AMQP; 0: it has none.
        last: Whether the group ends with it: the end indicator of a message sequence.
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
    within: float = 0.0
    subject: str = ""
    reply_to: str = ""
    correlation: str = ""
    size: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    sequence: int = 0
    last: bool = False

    def header(self, name: str) -> str:
        """Return an application property; empty if it has none of that name."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""


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
    """Where a returned message goes: brokers differ.

    Returns: into a line of their own that is served before all others, in order of return and
    whatever their priority.
    """

    HEAD = "head"
    TAIL = "tail"
    RETURNS = "returns"


class Order(enum.Enum):
    """In which order ready messages are delivered.

    Lifo: the newest first. Adaptive: the newest first while the oldest has waited for too long.
    Deadline: what has to be begun the earliest comes first. Shortest: what says that it takes
    the shortest does.
    """

    FIFO = "fifo"
    LIFO = "lifo"
    ADAPTIVE = "adaptive"
    STRICT = "strict"
    AGING = "aging"
    SHARE = "share"
    DEADLINE = "deadline"
    SHORTEST = "shortest"


class Rebalance(enum.Enum):
    """What happens to lanes that groups share when a consumer comes or goes.

    Eager: nobody gets anything until all have let go. Cooperative: who has a lane keeps it.
    """

    NONE = "none"
    EAGER = "eager"
    COOPERATIVE = "cooperative"


class Sessions(msgspec.Struct, frozen=True):
    """How a queue keeps the messages of one group together.

    Attributes:
        on: Whether it does at present; off, its consumers simply compete for messages.
        partitions: Lanes that all groups share, each group by a hash of its name; 0: every
            group has a lane of its own.
        idle: How long a receiver keeps a session open whose lane is empty, in seconds; 0: it
            closes it at once and accepts another.
        renewal: Whether a receiver renews the lock of its session while it runs.
        park: Whether a dead letter takes everything along that comes after it in its group,
            until it is redriven.
        rebalance: Whether lanes that groups share are assigned anew when a consumer comes or goes.
        rebalance_time: How long nothing is assigned meanwhile, in seconds.
        scan: Messages not settled, from the front of the queue, that are looked through for a
            lane that is free; what comes behind them nobody sees. 0: all of them.
    """

    on: bool = True
    partitions: int = 0
    idle: float = 0.0
    renewal: bool = True
    park: bool = False
    scan: int = 0
    rebalance: Rebalance = Rebalance.NONE
    rebalance_time: float = 3.0

    @property
    def rebalances(self) -> bool:
        """Whether a consumer that comes or goes makes it assign lanes anew."""
        return self.on and self.partitions > 0 and self.rebalance is not Rebalance.NONE


class QueueSpec(msgspec.Struct, frozen=True):
    """A queue as it is declared.

    Attributes:
        name: The queue's name.
        lock: Length of a lock (lease), in seconds, above 0.
        max_deliveries: Deliveries a message may have, as the rules count them; 0: no limit.
        capacity: Ready messages it holds; None: unbounded. Messages in flight do not count,
            as in RabbitMQ. With 0 a message is only accepted if a receiver waits for it.
        overflow: What happens to one message too many.
        mode: Peek-lock or receive-and-delete.
        redelivery: Where a returned message goes.
        ttl: Default time to live in seconds; 0: for ever. The shorter of this and the
            message's own counts, as in Service Bus.
        dead_letter_expired: True: an expired message is dead-lettered; False: it is dropped.
        order: First come first served, the newest first, by priority, or by a rule that compares
            messages.
        aging: Time after which a waiting message counts as one of the highest priority, in
            seconds; with an adaptive order, after which the newest come first.
        share: Deliveries of higher priorities after which a lower one that waits gets one.
        duplicate_detection: The broker drops a message whose id it has accepted so many seconds
            ago or less; 0: never.
        max_size: Bytes of the largest message it accepts; 0: no limit.
        needs_receiver: A message is refused at once if nobody at all has a receiver open, as
            NATS answers "no responders"; one that is busy counts as there.
        sessions: How it keeps the messages of one group together; None: it knows no groups.
        dead_letter_ttl: How long a dead letter is kept, in seconds; 0: for ever.
        longest_delay: The delay of a message that is given back grows with what counts against
            the limit, up to this, in seconds; 0: it does not grow.
        rules: The rules of the broker.
        lock_steps: Lengths of the locks of the first, the second and each further delivery, in
            seconds; the last is that of all that follow. Empty: each is ``lock`` long.
        longest_renewal: A client renews a lock in the background for no longer than so many
            seconds; 0: for as long as it works.
        unhidden: Probability that a message is received and stays where it is: the next who asks
            gets it as well, and the lock of the first is over. From 0 to 1.
        ttl_at_head: Time to live ends a message only when it is the next to be delivered; behind
            others it is ready, and counts, until they are gone. Lanes end theirs at once, and so
            do queues that can have the newest first.
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
    duplicate_detection: float = 0.0
    order: Order = Order.FIFO
    aging: float = 8.0
    share: int = 4
    max_size: int = 0
    needs_receiver: bool = False
    sessions: Sessions | None = None
    dead_letter_ttl: float = 0.0
    longest_delay: float = 0.0
    rules: Rules = PLAIN
    lock_steps: tuple[float, ...] = ()
    longest_renewal: float = 0.0
    unhidden: float = 0.0
    ttl_at_head: bool = False

    @property
    def waits_overdue(self) -> bool:
        """Whether a message may be ready although its time to live is over."""
        lanes = self.sessions is not None and self.sessions.on
        return self.ttl_at_head and not lanes and self.order not in (Order.LIFO, Order.ADAPTIVE)

    def lasts(self, delivery: int) -> float:
        """Return the length of the lock of a message, in seconds.

        Args:
            delivery: Which delivery of the message it is, from 1.
        """
        steps = self.lock_steps
        return steps[min(delivery, len(steps)) - 1] if steps else self.lock

    def ends(self, now: float, length: float) -> float:
        """Return when a lock that begins now is over, in seconds: when the broker looks."""
        every = self.rules.looks_every
        until = on_grid(now + length)
        return math.ceil(until / every) * every if every else until


class Subscription(msgspec.Struct, frozen=True):
    """A copy of every matching message of a topic, kept on a queue of its own.

    Attributes:
        topic: The topic.
        queue: How the queue of the subscription is declared; its name is the subscription's.
            What it does when it is full, its overflow, is the policy for a slow subscriber:
            ``reject`` drops the newest copy, and ``block`` makes the publisher wait.
        filter: Which subjects match, in the grammar of the topic; in AMQP words with dots
            between, ``*`` for one word, ``#`` for any number of them; several filters have
            commas between them.
        content: Which headers match: ``amount >= 100 & tier = gold``; empty: any.
        on_error: What happens to a message whose headers the filter cannot be applied to.
        durable: False: it lives only while one who subscribed is connected, and its copies
            end with it.
        keepalive: Seconds of silence after which a connection is given up; 0: never.
        disconnect: A full queue ends the subscription, as NATS cuts off a slow consumer.
        replay: Offset in the topic's log at which a new subscription begins: 0 is the oldest
            message ever, below 0 counts from the end; None: with the next message.
    """

    topic: str
    queue: QueueSpec
    filter: str = "#"
    content: str = ""
    on_error: OnError = OnError.SKIP
    durable: bool = True
    keepalive: float = 0.0
    disconnect: bool = False
    replay: int | None = None
