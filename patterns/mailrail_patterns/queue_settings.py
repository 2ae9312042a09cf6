"""The settings of every queue, and of payload stores; how a setting is declared."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from . import dialects
from .broker_rules import AtLimit, Dialect, Rules
from .claims import ENVELOPE
from .lock_steps import lock_steps
from .messages import Mode, Overflow, Position, QueueSpec
from .names import BadInput
from .quantities import LONGEST, Distribution
from .retries import GivesBack


class Knob(msgspec.Struct, frozen=True):
    """What a person must know about a setting.

    Attributes:
        about: What it is for, as half a sentence.
        unit: ``s``, ``/s``, ``messages``, … ; empty for switches and choices.
        low: Smallest value allowed.
        high: Largest value allowed.
        instead: What to do while a run goes on, where changing the setting would do nothing.
    """

    about: str
    unit: str = ""
    low: float = 0.0
    high: float = LONGEST
    instead: str = ""


def constant(seconds: float) -> Distribution:
    """Return the distribution that is always ``seconds``."""
    return Distribution("constant", seconds)


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings every queueing pattern shares."""

    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 30.0
    max_deliveries: Annotated[
        int,
        Knob("deliveries a message may have, as counted; 0 = no limit", "", 0, 1000),
    ] = 10
    prefetch: Annotated[
        int, Knob("messages a consumer holds at a time; 1 = fair dispatch", "messages", 1, 1000)
    ] = 1
    capacity: Annotated[
        int | None, Knob("ready messages the queue holds", "messages", 0, 10_000_000)
    ] = None
    overflow: Annotated[Overflow, Knob("what a full queue does")] = Overflow.REJECT
    mode: Annotated[Mode, Knob("receive under a lock, or delete on receipt")] = Mode.PEEK_LOCK
    redelivery: Annotated[Position, Knob("where a returned message goes")] = Position.HEAD
    retry_delay: Annotated[
        float, Knob("time an abandoned message stays away before it is ready again", "s")
    ] = 0.0
    ttl: Annotated[float, Knob("time to live of a message; 0 = for ever", "s")] = 0.0
    dead_letter_expired: Annotated[bool, Knob("dead-letter what outlives its time to live")] = False
    idempotent: Annotated[
        bool, Knob("idempotent receiver: look in the inbox first, mark it with the effect")
    ] = False
    marker_retention: Annotated[
        float,
        Knob("how long the inbox keeps its markers, redrives included; 0 = for ever", "s"),
    ] = 0.0
    renewal: Annotated[
        bool, Knob("renew the lock while working, when four fifths of it are over")
    ] = False
    restart_after: Annotated[
        float, Knob("a supervisor restarts a crashed consumer after so long; 0 = never", "s")
    ] = 0.0
    duplicate_detection: Annotated[
        float, Knob("how long the broker drops what is sent again under the same id; 0 = off", "s")
    ] = 0.0
    latency: Annotated[float, Knob("network latency to and from the broker, each way", "s")] = 0.0
    loss: Annotated[float, Knob("probability that one transmission is lost", "", 0, 1)] = 0.0

    dialect: Annotated[
        Dialect, Knob("whose rules and defaults the queues follow; a model, not the product")
    ] = Dialect.MAILRAIL
    at_limit: Annotated[
        AtLimit, Knob("what becomes of a message that has used up its deliveries, or is rejected")
    ] = AtLimit.DEAD_LETTER
    dead_letter_ttl: Annotated[float, Knob("how long a dead letter is kept; 0 = for ever", "s")] = (
        0.0
    )
    gives_back: Annotated[
        GivesBack, Knob("whether a failed handler says that it failed; only RabbitMQ listens")
    ] = GivesBack.NACK
    longest_delay: Annotated[
        float,
        Knob("retry_delay grows with each counted delivery up to this; 0 = it does not grow", "s"),
    ] = 0.0
    immediate_retries: Annotated[
        int,
        Knob("retries in a row by a handler that counts for itself; 0 = it does not", "", 0, 100),
    ] = 0
    delayed_retries: Annotated[
        int, Knob("further rounds of them, each after a longer wait", "", 0, 100)
    ] = 0
    delay_step: Annotated[float, Knob("by how much that wait grows with each round", "s")] = 10.0
    lock_steps: Annotated[
        str,
        Knob("locks of the 1st, 2nd … delivery, as in 5s 30s 2m, instead of lock; NATS's BackOff"),
    ] = ""
    longest_renewal: Annotated[
        float, Knob("renewal ends so long after a message was taken; 0 = with the work", "s")
    ] = 0.0
    unhidden: Annotated[
        float,
        Knob(
            "probability that others get a message that has been received; SQS standard", "", 0, 1
        ),
    ] = 0.0

    def queue(self, name: str) -> QueueSpec:
        """Return the declaration of a queue that follows these settings."""
        return QueueSpec(
            name, self.lock, self.max_deliveries, self.capacity, self.overflow, self.mode,
            self.redelivery, self.ttl, self.dead_letter_expired,
            duplicate_detection=self.duplicate_detection,
            dead_letter_ttl=self.dead_letter_ttl, longest_delay=self.longest_delay,
            lock_steps=lock_steps(self.lock_steps), longest_renewal=self.longest_renewal,
            unhidden=self.unhidden,
        )  # fmt: skip

    def locks(self) -> tuple[float, ...]:
        """Return the lengths a lock can have, in seconds."""
        return lock_steps(self.lock_steps) or (self.lock,)

    def rules(self) -> Rules:
        """Return the rules that hold for every queue of the broker."""
        return dialects.rules(self.dialect, self.at_limit)

    def defers(self) -> bool:
        """Say whether the broker can set a message aside, to be fetched by its number."""
        return self.rules().defers


class Deletion(enum.Enum):
    """Whether a receiver waits for the store to delete."""

    SYNC = "sync"
    ASYNC = "async"


class Cleanup(enum.Enum):
    """Who deletes a payload, and when."""

    DELETE_AFTER_READ = "delete-after-read"
    REFCOUNT = "refcount"
    SWEEPER_ONLY = "sweeper-only"


class Tokens(enum.Enum):
    """Who makes the ticket: the sender after the payload, or the store's own event of it."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class StoreSettings(QueueSettings, frozen=True, kw_only=True):
    """The settings of every pattern that can have a payload store beside its queues."""

    backoff: Annotated[
        float, Knob("time a ticket stays away when the store does not answer", "s", 0.001)
    ] = 1.0
    sweep_every: Annotated[float, Knob("period of the sweeper", "s", 0.1)] = 20.0
    grace: Annotated[
        float, Knob("age below which the sweeper leaves a payload alone", "s", 0.001)
    ] = 10.0
    store_latency: Annotated[float, Knob("way to the payload store and back", "s")] = 0.0
    store_bandwidth: Annotated[
        int, Knob("bytes a second to and from the store; 0 = no limit", "B/s", 0, 1e12)
    ] = 0
    bandwidth: Annotated[int, Knob("bytes a second onto the bus; 0 = no limit", "B/s", 0, 1e12)] = 0


class PayloadSettings(StoreSettings, frozen=True, kw_only=True):
    """The settings of a pattern that is about the payload store."""

    claim_check: Annotated[
        bool, Knob("payloads go into the store; off = everything travels inside the message")
    ] = True
    subscribers: Annotated[
        int, Knob("subscribers that need each payload: receivers, and with 2 archivists", "", 1, 2)
    ] = 1
    image_size: Annotated[int, Knob("size where a message has none", "B", 1, 1e12)] = 5_000_000
    event_time: Annotated[Distribution, Knob("time a notifier takes for an event", "s")] = constant(
        0.0
    )
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 10.0
    max_deliveries: Annotated[
        int, Knob("deliveries before a message is dead-lettered; 0 = no limit", "", 0, 1000)
    ] = 3
    idempotent: Annotated[
        bool, Knob("idempotent receiver: look in the inbox first, mark it with the effect")
    ] = True
    cleanup: Annotated[Cleanup, Knob("who deletes a payload")] = Cleanup.REFCOUNT
    threshold: Annotated[int, Knob("payloads up to this travel inside", "B", 0, 1e12)] = 64_000
    both: Annotated[bool, Knob("store a payload even if it travels inside")] = False
    bus_limit: Annotated[
        int, Knob("largest message the bus takes, envelope included; 0 = any", "B", 0, 1e12)
    ] = 256_000
    tokens: Annotated[
        Tokens, Knob("who makes the ticket: the sender, or the event the store sends of a payload")
    ] = Tokens.MANUAL
    check_digest: Annotated[
        bool, Knob("compare what was read with the digest in the ticket; off = take it as it is")
    ] = True
    sweepers: Annotated[int, Knob("sweepers at the start", "actors", 0, 100, "spawn sweeper")] = 1
    put_first: Annotated[
        bool, Knob("store the payload before the ticket is sent; off = after it")
    ] = True
    retry_missing: Annotated[
        bool, Knob("give a ticket back while its payload may not be visible yet")
    ] = True
    payload_ttl: Annotated[
        float, Knob("time to live of a payload in the store; 0 = for ever", "s")
    ] = 0.0
    ttl_check: Annotated[
        bool, Knob("refuse a payload_ttl that ends before the last ticket may")
    ] = True
    dlq_dwell: Annotated[
        float, Knob("how long a dead letter may wait to be redriven and still be read", "s")
    ] = 0.0
    deletion: Annotated[Deletion, Knob("whether a receiver waits for a deletion")] = Deletion.SYNC
    settling: Annotated[
        float, Knob("time until every reader of the store finds a new payload", "s")
    ] = 0.0

    @property
    def announces(self) -> bool:
        """Whether the tickets come of the store's own events."""
        return self.claim_check and self.tokens is Tokens.AUTOMATIC

    def check_payloads(self) -> None:
        """Refuse what the bus would not take, and what an event of the store cannot do.

        Raises:
            BadInput: Names the setting, the reason and what to do.
        """
        limit = self.bus_limit
        if 0 < limit < ENVELOPE:
            raise BadInput(f"bus_limit: a ticket alone weighs {ENVELOPE} B; raise bus_limit")
        if limit and self.threshold + ENVELOPE > limit:
            raise BadInput(
                "threshold: a payload of that size and its envelope are larger than the bus takes; "
                "lower threshold or raise bus_limit"
            )
        automatic = self.tokens is Tokens.AUTOMATIC
        if automatic and not self.put_first:
            raise BadInput("put_first: the store tells of what it has; set tokens=manual")
        if automatic and self.both:
            raise BadInput("both: an event of the store carries no payload; set tokens=manual")
        self.check_lifetimes()

    def check_lifetimes(self) -> None:
        """Refuse a payload that lapses before the last ticket to it may be read.

        Raises:
            BadInput: If it would, unless ``ttl_check`` is off.
        """
        if not self.payload_ttl or not self.ttl_check:
            return
        way_out = "say ttl_check=off to see what happens"
        if not self.ttl:
            raise BadInput(
                "payload_ttl: tickets live for ever (ttl=0s) and would outlive their payloads; "
                f"set ttl, or {way_out}"
            )
        needed = self.grace + self.ttl + max(self.locks()) + self.dlq_dwell
        if self.payload_ttl < needed:
            raise BadInput(
                f"payload_ttl: a ticket may be read for {needed:g}s (grace, ttl, lock and "
                f"dlq_dwell together); raise payload_ttl, or {way_out}"
            )
