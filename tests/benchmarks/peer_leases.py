"""SimPy peer with peek-lock leases, a causal journal and judged invariants.

The model does the work of the real thing the way an experienced SimPy user would write it:

* The queue hands a message straight to a waiting consumer through one plain event. It is cheaper
  than ``simpy.Store``, which spends an event on the put as well as on the get.
* Every lease is equally long, so leases run out in the order they were granted. One timer over a
  FIFO of leases therefore serves them all; settled leases are skipped when it fires. It replaces
  a timeout per delivery, which SimPy cannot take back out of its heap.
"""

import hashlib
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import msgspec
import simpy

SEND_EVERY = 0.25
SERVICE = (1.0, 1.0, 1.0, 1.0)
LEASE = 30.0
MAX_DELIVERIES = 10
DIGEST_CHUNK = 8192


@dataclass(frozen=True)
class PeerResult:
    """What one run produced.

    Attributes:
        events: How many events the journal holds.
        completed: How many messages were completed.
        violations: How many judgements failed.
        digest: SHA-256 of the journal as JSON lines, in hexadecimal.
    """

    events: int
    completed: int
    violations: int
    digest: str


class JournalEvent(msgspec.Struct, frozen=True, gc=False):
    """One line of the journal; ``cause`` is the number of the event before it in its chain."""

    n: int
    t: float
    kind: str
    actor: str
    queue: str
    message: int
    delivery: int
    cause: int


class Message(msgspec.Struct, gc=False):
    """A message; ``cause`` is the event that last made it ready."""

    id: int
    cause: int
    deliveries: int = 0


class Lease(msgspec.Struct, gc=False):
    """The right of one consumer to settle one delivery; the object itself is the token."""

    message: Message
    actor: str
    delivery: int
    deadline: float
    cause: int
    held: bool = True


class Live(msgspec.Struct, gc=False):
    """What the judge knows of a message that is not yet settled."""

    delivery: int = 0
    holder: str | None = None


class Ledger:
    """The judge's account of one queue."""

    __slots__ = ("accepted", "completed", "dead", "live", "locked", "ready")

    def __init__(self) -> None:
        """Open an empty account."""
        self.accepted = 0
        self.ready = 0
        self.locked = 0
        self.completed = 0
        self.dead = 0
        self.live: dict[int, Live] = {}


class Judge:
    """A fold over the journal that checks the invariants at each event.

    A count leaves its old column only if the message really was there, so an unlawful move shows
    in the conservation check too.
    """

    __slots__ = ("ledgers", "violations")

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.ledgers: dict[str, Ledger] = {}
        self.violations = 0

    def observe(self, event: JournalEvent) -> None:
        """Fold one event in.

        Args:
            event: The event just appended to the journal.
        """
        if not 0 <= event.cause < event.n:
            self.violations += 1
        ledger = self.ledgers.get(event.queue)
        if ledger is None:
            ledger = self.ledgers[event.queue] = Ledger()
        kind = event.kind
        message = event.message
        live = ledger.live.get(message)
        if kind == "sent":
            if live is None:
                ledger.ready += 1
                ledger.live[message] = Live()
            else:
                self.violations += 1
            ledger.accepted += 1
        elif live is None:
            self.violations += 1
        elif kind == "delivered":
            if live.holder is None:
                ledger.ready -= 1
            else:
                self.violations += 1
            ledger.locked += 1
            delivery = event.delivery
            if not live.delivery < delivery <= MAX_DELIVERIES:
                self.violations += 1
            live.delivery = delivery
            live.holder = event.actor
        elif kind == "effect":
            if live.holder != event.actor or live.delivery != event.delivery:
                self.violations += 1
        elif kind == "completed":
            if live.holder == event.actor and live.delivery == event.delivery:
                ledger.locked -= 1
                del ledger.live[message]
            else:
                self.violations += 1
            ledger.completed += 1
        elif kind == "lock_expired":
            if live.holder is not None and live.delivery == event.delivery:
                ledger.locked -= 1
                live.holder = None
            else:
                self.violations += 1
            ledger.ready += 1
        elif kind == "dead_lettered":
            if live.holder is None and live.delivery == MAX_DELIVERIES:
                ledger.ready -= 1
                del ledger.live[message]
            else:
                self.violations += 1
            ledger.dead += 1
        if ledger.accepted != ledger.ready + ledger.locked + ledger.completed + ledger.dead:
            self.violations += 1


class Journal:
    """Every event of a run, judged as it is appended."""

    __slots__ = ("env", "events", "judge", "n")

    def __init__(self, env: simpy.Environment) -> None:
        """Open an empty journal.

        Args:
            env: Gives the time of each event.
        """
        self.env = env
        self.events: list[JournalEvent] = []
        self.judge = Judge()
        self.n = 0

    def record(
        self, kind: str, actor: str, queue: str, message: int, delivery: int, cause: int
    ) -> int:
        """Append one event and judge it.

        Args:
            kind: What happened.
            actor: Who did it.
            queue: The queue it happened on.
            message: The message it happened to.
            delivery: Which delivery of the message, or 0 before the first.
            cause: The number of the event before it in its chain, or 0.

        Returns:
            The number of the new event.
        """
        n = self.n = self.n + 1
        event = JournalEvent(n, self.env.now, kind, actor, queue, message, delivery, cause)
        self.events.append(event)
        self.judge.observe(event)
        return n

    def result(self) -> PeerResult:
        """Sum the run up.

        Returns:
            The counts of the run and the digest of its journal.
        """
        encode = msgspec.json.Encoder().encode_lines
        digest = hashlib.sha256()
        for start in range(0, len(self.events), DIGEST_CHUNK):
            digest.update(encode(self.events[start : start + DIGEST_CHUNK]))
        return PeerResult(
            events=len(self.events),
            completed=sum(ledger.completed for ledger in self.judge.ledgers.values()),
            violations=self.judge.violations,
            digest=digest.hexdigest(),
        )


class LeaseQueue:
    """A first-in first-out queue with peek-lock leases and a dead-letter count.

    Never are there both ready messages and waiting consumers.
    """

    __slots__ = ("armed", "env", "journal", "leases", "name", "ready", "waiting")

    def __init__(self, env: simpy.Environment, journal: Journal, name: str) -> None:
        """Create an empty queue.

        Args:
            env: The environment it lives in.
            journal: Where its events go.
            name: Its name in the journal.
        """
        self.env = env
        self.journal = journal
        self.name = name
        self.ready: deque[Message] = deque()
        self.waiting: deque[tuple[str, simpy.Event]] = deque()
        self.leases: deque[Lease] = deque()
        self.armed = False

    def send(self, message: int, actor: str) -> None:
        """Accept a message.

        Args:
            message: Its number.
            actor: Who sends it.
        """
        sent = Message(message, self.journal.record("sent", actor, self.name, message, 0, 0))
        if self.waiting:
            self._hand_over(sent)
        else:
            self.ready.append(sent)

    def take(self, actor: str) -> Lease | None:
        """Lease the first ready message.

        Args:
            actor: Who takes it.

        Returns:
            The lease, or None if no message is ready.
        """
        return self._lease(self.ready.popleft(), actor) if self.ready else None

    def wait(self, actor: str) -> simpy.Event:
        """Wait for a message; call only when ``take`` found none.

        Args:
            actor: Who waits.

        Returns:
            An event whose value will be the lease.
        """
        event = self.env.event()
        self.waiting.append((actor, event))
        return event

    def holds(self, lease: Lease) -> bool:
        """Tell whether a lease still stands; at its deadline it does not.

        Args:
            lease: The lease to check.

        Returns:
            Whether its owner may act on the message.
        """
        return lease.held and self.env.now < lease.deadline

    def complete(self, lease: Lease, cause: int) -> bool:
        """Settle a delivery for good.

        Args:
            lease: The token of the delivery.
            cause: The event that led to this.

        Returns:
            Whether the lease still stood.
        """
        if not self.holds(lease):
            return False
        lease.held = False
        message = lease.message.id
        self.journal.record("completed", lease.actor, self.name, message, lease.delivery, cause)
        return True

    def _lease(self, message: Message, actor: str) -> Lease:
        message.deliveries = delivery = message.deliveries + 1
        cause = self.journal.record(
            "delivered", actor, self.name, message.id, delivery, message.cause
        )
        lease = Lease(message, actor, delivery, self.env.now + LEASE, cause)
        self.leases.append(lease)
        if not self.armed:
            self._arm(LEASE)
        return lease

    def _hand_over(self, message: Message) -> None:
        actor, event = self.waiting.popleft()
        event.succeed(self._lease(message, actor))

    def _arm(self, delay: float) -> None:
        self.armed = True
        self.env.timeout(delay).callbacks.append(self._reap)

    def _reap(self, _: simpy.Event) -> None:
        now = self.env.now
        leases = self.leases
        while leases:
            lease = leases[0]
            if lease.held:
                if lease.deadline > now:
                    self._arm(lease.deadline - now)
                    return
                self._expire(lease)
            leases.popleft()
        self.armed = False

    def _expire(self, lease: Lease) -> None:
        lease.held = False
        message = lease.message
        delivery = lease.delivery
        record = self.journal.record
        message.cause = record(
            "lock_expired", "broker", self.name, message.id, delivery, lease.cause
        )
        if delivery >= MAX_DELIVERIES:
            record("dead_lettered", "broker", self.name, message.id, delivery, message.cause)
        elif self.waiting:
            self._hand_over(message)
        else:
            self.ready.appendleft(message)


def producer(
    env: simpy.Environment, queue: LeaseQueue, messages: int
) -> Generator[simpy.Event, Any, None]:
    """Send messages at a steady pace.

    Args:
        env: The environment to sleep in.
        queue: Where the messages go.
        messages: How many to send.

    Yields:
        The pauses between messages.
    """
    for message in range(1, messages + 1):
        queue.send(message, "producer")
        yield env.timeout(SEND_EVERY)


def consumer(
    env: simpy.Environment, queue: LeaseQueue, name: str, service: float
) -> Generator[simpy.Event, Any, None]:
    """Serve messages for ever; apply the effect and complete only under a standing lease.

    Args:
        env: The environment to sleep in.
        queue: Where the messages come from.
        name: The consumer's name in the journal.
        service: How long one message takes.

    Yields:
        The waits for a message and the service times.
    """
    record = queue.journal.record
    while True:
        lease = queue.take(name)
        if lease is None:
            lease = yield queue.wait(name)
        yield env.timeout(service)
        if queue.holds(lease):
            effect = record(
                "effect", name, queue.name, lease.message.id, lease.delivery, lease.cause
            )
            queue.complete(lease, effect)


def simulate(messages: int, service: tuple[float, ...] = SERVICE) -> Journal:
    """Play the model until nothing is left to happen.

    Args:
        messages: How many messages the producer sends.
        service: The service time of each consumer; its length is the number of consumers.

    Returns:
        The judged journal.
    """
    env = simpy.Environment(0.0)
    journal = Journal(env)
    queue = LeaseQueue(env, journal, "orders")
    env.process(producer(env, queue, messages))
    for number, duration in enumerate(service, 1):
        env.process(consumer(env, queue, f"consumer-{number}", duration))
    env.run()
    return journal


def run(messages: int, service: tuple[float, ...] = SERVICE) -> PeerResult:
    """Play the model and sum it up.

    Args:
        messages: How many messages the producer sends.
        service: The service time of each consumer; its length is the number of consumers.

    Returns:
        The counts of the run and the digest of its journal.
    """
    return simulate(messages, service).result()
