"""What a pattern declares about itself: settings, roles, queues, faults, guarantees, story."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from . import log, orders, shop, tickets
from .awaiting import Awaiting
from .exchanges import reply_to
from .handler import handle_each
from .invariants.accounting import saga_rules
from .invariants.checking import checking_rules
from .invariants.choreographing import choreography_rules
from .invariants.consuming import consuming_rules
from .invariants.convoying import convoy_rules
from .invariants.dual_write import dual_write_rules
from .invariants.hearing import publishing_rules
from .invariants.leveling import leveling_rules
from .invariants.piping import piping_rules
from .invariants.priorities import priority_rules
from .invariants.replying import replying_rules
from .invariants.rules import Breach, Guarantee, Rule
from .invariants.supervising import supervising_rules
from .jobs import begin_job, done_at_once, fail_job, finish_job
from .kernel import events as kinds
from .kernel.events import Event
from .leadership import holds_lease
from .ledgers import Ledger
from .names import BadInput
from .observer import OBSERVER, observe
from .orchestrator import conduct
from .orders import Order, Remedy
from .paging import mend_orders, raise_alerts
from .port import Distribution, Mode, Overflow, Position, QueueSpec, Role, Subscription, TopicSpec
from .producer import produce, produce_streams
from .projections.checking import Checking
from .projections.choreographed import Choreographed
from .projections.consuming import Consuming
from .projections.convoying import Convoying
from .projections.flowing import Flowing
from .projections.leveling import Leveling
from .projections.measures import Measure, Meter
from .projections.prioritised import Prioritised
from .projections.replying import Replying
from .projections.sagas import SagaMeter
from .projections.spreading import Spreading
from .projections.supervising import Supervising
from .projections.tickets import FORGED
from .quantities import LONGEST
from .remote_service import call_until, serve_calls
from .requesting import request_each
from .responding import respond
from .steps import EVENTS, ORCHESTRATOR, Refuser, Step, hop_of
from .subscribing import FROM_OVERFLOW, SUBSCRIBES, Asks, Policy, fits, subscription, written
from .ticketing import Polling

S = TypeVar("S")
WORK = "work"
"""Name of the one queue of the single-queue patterns."""


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
        int, Knob("deliveries before a message is dead-lettered; 0 = no limit", "", 0, 1000)
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
    renewal: Annotated[
        bool, Knob("renew the lock while working, when four fifths of it are over")
    ] = False
    restart_after: Annotated[
        float, Knob("a supervisor restarts a crashed consumer after so long; 0 = never", "s")
    ] = 0.0
    latency: Annotated[float, Knob("network latency to and from the broker, each way", "s")] = 0.0
    loss: Annotated[float, Knob("probability that one transmission is lost", "", 0, 1)] = 0.0

    def queue(self, name: str) -> QueueSpec:
        """Return the declaration of a queue that follows these settings."""
        return QueueSpec(
            name, self.lock, self.max_deliveries, self.capacity, self.overflow, self.mode,
            self.redelivery, self.ttl, self.dead_letter_expired,
        )  # fmt: skip


class Deletion(enum.Enum):
    """Whether a receiver waits for the store to delete."""

    SYNC = "sync"
    ASYNC = "async"


class PayloadSettings(QueueSettings, frozen=True, kw_only=True):
    """The settings of every pattern with a payload store beside its queues."""

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
    settling: Annotated[
        float, Knob("time until every reader of the store finds a new payload", "s")
    ] = 0.0
    bandwidth: Annotated[int, Knob("bytes a second onto the bus; 0 = no limit", "B/s", 0, 1e12)] = 0

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
        needed = self.grace + self.ttl + self.lock + self.dlq_dwell
        if self.payload_ttl < needed:
            raise BadInput(
                f"payload_ttl: a ticket may be read for {needed:g}s (grace, ttl, lock and "
                f"dlq_dwell together); raise payload_ttl, or {way_out}"
            )


class Story(msgspec.Struct, frozen=True):
    """The pattern in words, for ``show`` and the story pane.

    Attributes:
        problem: What goes wrong without it, in one sentence.
        solution: What it does about that.
        when: When to use it.
        when_not: When not.
        mistaught: What is commonly told and not so.
        brokers: How real brokers differ.
    """

    problem: str
    solution: str
    when: Sequence[str]
    when_not: Sequence[str]
    mistaught: Sequence[str]
    brokers: Sequence[str]


class Fault(msgspec.Struct, frozen=True):
    """A fault that can be injected.

    Attributes:
        name: What it is called in commands and menus.
        before: What will happen, told before it is injected.
        target: What it applies to: ``""``, ``consumer``, ``producer``, ``message``, or a role.
        amount: What the amount means, with its unit; empty if it takes none.
        default: The amount when none is given.
        lasts: True if it stays until healed; False if it happens once.
        turns: What setting it turns while it lasts, as ``key=value``, where that is all it is.
    """

    name: str
    before: str
    target: str = ""
    amount: str = ""
    default: str = ""
    lasts: bool = False
    turns: str = ""


class Safeguard(msgspec.Struct, frozen=True):
    """A setting that keeps a guarantee, and what breaks without it.

    Attributes:
        setting: The setting.
        on: Its value with the safeguard, as it is typed.
        off: Its value without it.
        keeps: The guarantee that breaks when it is off and the fault it is for comes.
        about: What it guards against, as one sentence.
    """

    setting: str
    on: str
    off: str
    keeps: str
    about: str


def _none(settings: Any) -> tuple[()]:
    """Declare nothing."""
    return ()


def _as_it_is(settings: Any, spec: QueueSpec) -> QueueSpec:
    """Leave a queue alone."""
    return spec


class Pattern(msgspec.Struct, Generic[S], frozen=True):
    """One pattern, ready to be run.

    Attributes:
        name: As it is typed: lower case, hyphens.
        title: As it is read.
        settings: The settings struct; its defaults are the pattern's defaults.
        roles: The parts, in the order in which actors are spawned.
        queues: The queues that follow from the settings.
        cast: How many actors of each role a run starts with.
        faults: What can be injected.
        rules: Makes the pattern's own guarantees for one run.
        meter: Makes the pattern's own metrics for one run.
        story: The pattern in words.
        check: Raises :class:`BadInput` if settings contradict each other.
        switch: The setting that takes the pattern's idea away, as ``key=value``.
        demo: Which of its bundled scenarios makes its point.
        topics: The topics that follow from the settings.
        subscriptions: The subscriptions that stand from the start, as the settings say.
        retune: How a queue that a participant declared follows settings that have changed.
        safeguards: The settings that keep a guarantee.
        ledgers: The durable tables that say what was done in the end.
        survives: The roles whose crash, with the safeguards on, changes nothing in the ledgers.
    """

    name: str
    title: str
    settings: type[S]
    roles: tuple[Role[S], ...]
    queues: Callable[[S], tuple[QueueSpec, ...]]
    cast: Callable[[S], dict[str, int]]
    faults: tuple[Fault, ...]
    rules: Callable[[Callable[[], S]], Sequence[Rule]]
    meter: Callable[[Callable[[], S]], Meter]
    story: Story
    check: Callable[[S], None]
    switch: str
    demo: str = ""
    topics: Callable[[S], tuple[str | TopicSpec, ...]] = _none
    subscriptions: Callable[[S], tuple[Subscription, ...]] = _none
    retune: Callable[[S, QueueSpec], QueueSpec] = _as_it_is
    safeguards: tuple[Safeguard, ...] = ()
    ledgers: tuple[str, ...] = ()
    survives: tuple[str, ...] = ()


AnyPattern = Pattern[Any]

__all__ = [
    "EVENTS",
    "FORGED",
    "FROM_OVERFLOW",
    "OBSERVER",
    "ORCHESTRATOR",
    "SUBSCRIBES",
    "WORK",
    "AnyPattern",
    "Asks",
    "Awaiting",
    "BadInput",
    "Breach",
    "Checking",
    "Choreographed",
    "Consuming",
    "Convoying",
    "Deletion",
    "Event",
    "Fault",
    "Flowing",
    "Guarantee",
    "Knob",
    "Ledger",
    "Leveling",
    "Measure",
    "Meter",
    "Order",
    "Pattern",
    "PayloadSettings",
    "Policy",
    "Polling",
    "Prioritised",
    "QueueSettings",
    "Refuser",
    "Remedy",
    "Replying",
    "Rule",
    "Safeguard",
    "SagaMeter",
    "Spreading",
    "Step",
    "Story",
    "Supervising",
    "begin_job",
    "call_until",
    "checking_rules",
    "choreography_rules",
    "conduct",
    "constant",
    "consuming_rules",
    "convoy_rules",
    "done_at_once",
    "dual_write_rules",
    "fail_job",
    "finish_job",
    "fits",
    "handle_each",
    "holds_lease",
    "hop_of",
    "kinds",
    "leveling_rules",
    "log",
    "mend_orders",
    "observe",
    "orders",
    "piping_rules",
    "priority_rules",
    "produce",
    "produce_streams",
    "publishing_rules",
    "raise_alerts",
    "reply_to",
    "replying_rules",
    "request_each",
    "respond",
    "saga_rules",
    "serve_calls",
    "shop",
    "subscription",
    "supervising_rules",
    "tickets",
    "written",
]  # fmt: skip
