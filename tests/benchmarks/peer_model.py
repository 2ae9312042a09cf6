"""The leasing peer but for how its queue waits: that is what the variants differ in.

Our kernel is measured with the part that knows no SimPy, :class:`LeaseQueue`, as well.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from .peer_events import Clock, Lease, Message
from .peer_journal import Journal
from .peer_judge import MAX_DELIVERIES

SEND_EVERY = 0.25
SERVICE = (1.0, 1.0, 1.0, 1.0)
LEASE = 30.0

Process = Generator[simpy.Event, Any, None]


class LeaseQueue:
    """A queue with peek-lock leases and a dead-letter count; a variant says how it waits."""

    def __init__(self, clock: Clock, journal: Journal, name: str) -> None:
        """Create an empty queue."""
        self.clock = clock
        self.journal = journal
        self.name = name
        self.unfinished = 0

    # --- what a variant says --------------------------------------------------------------

    def put(self, message: Message) -> None:
        """Let a new message be delivered."""
        raise NotImplementedError

    def put_back(self, message: Message) -> None:
        """Let a message be delivered again."""
        self.put(message)

    def watch(self, lease: Lease) -> None:
        """See to it that the lease runs out."""
        raise NotImplementedError

    def released(self, lease: Lease) -> None:
        """Take notice that a lease was settled in time."""

    # --- what they share ------------------------------------------------------------------

    def send(self, message: int, actor: str, cause: int) -> None:
        """Accept a message."""
        self.unfinished += 1
        sent = self.journal.record(
            "sent", actor, self.name, message, 0, cause, self.unfinished, 0.0, message
        )
        self.put(Message(message, sent))

    def grant(self, message: Message, actor: str) -> Lease:
        """Lease a message to who takes it."""
        message.deliveries = delivery = message.deliveries + 1
        until = self.clock.now + LEASE
        cause = self.journal.record(
            "delivered", actor, self.name, message.id, delivery, message.cause, self.unfinished,
            until,
        )  # fmt: skip
        lease = Lease(message, actor, delivery, until, cause)
        self.watch(lease)
        return lease

    def finish(self, lease: Lease) -> None:
        """Apply the effect and settle, if the lease still stands; at its deadline it does not."""
        record, message, delivery = self.journal.record, lease.message.id, lease.delivery
        actor, left = lease.actor, self.unfinished
        if lease.held and self.clock.now < lease.deadline:
            effect = record("effect", actor, self.name, message, delivery, lease.cause, left)
            lease.held = False
            self.unfinished = left = left - 1
            record("completed", actor, self.name, message, delivery, effect, left)
            self.released(lease)
        else:
            record("lock_lost", actor, self.name, message, delivery, lease.cause, left)

    def expire(self, lease: Lease) -> None:
        """Take a message back from who did not settle in time."""
        lease.held = False
        message, delivery, record = lease.message, lease.delivery, self.journal.record
        message.cause = record(
            "lock_expired", "broker", self.name, message.id, delivery, lease.cause,
            self.unfinished,
        )  # fmt: skip
        if delivery >= MAX_DELIVERIES:
            self.unfinished -= 1
            record(
                "dead_lettered", "broker", self.name, message.id, delivery, message.cause,
                self.unfinished,
            )  # fmt: skip
        else:
            self.put_back(message)

    def spawned(self, actor: str) -> int:
        """Record that an actor is there."""
        return self.journal.record("spawned", actor, self.name, 0, 0, 0, self.unfinished)


class SimQueue(LeaseQueue):
    """One with SimPy's processes around it."""

    def __init__(self, env: simpy.Environment, journal: Journal, name: str) -> None:
        """Create an empty queue."""
        super().__init__(env, journal, name)
        self.env = env

    def consumer(self, name: str, service: float) -> Process:
        """Serve messages for ever, ``service`` seconds each."""
        raise NotImplementedError


def producer(env: simpy.Environment, queue: SimQueue, messages: int) -> Process:
    """Send messages at a steady pace."""
    cause = queue.spawned("producer")
    for message in range(1, messages + 1):
        queue.send(message, "producer", cause)
        yield env.timeout(SEND_EVERY)


def simulate(kind: type[SimQueue], messages: int, service: tuple[float, ...] = SERVICE) -> Journal:
    """Play the model until nothing is left to happen and return the judged journal.

    Args:
        kind: The variant of the queue.
        messages: How many messages the producer sends.
        service: The service time of each consumer; its length is the number of consumers.
    """
    env = simpy.Environment(0.0)
    journal = Journal(env)
    queue = kind(env, journal, "orders")
    env.process(producer(env, queue, messages))
    for number, duration in enumerate(service, 1):
        queue.spawned(f"consumer-{number}")
        env.process(queue.consumer(f"consumer-{number}", duration))
    env.run()
    return journal
