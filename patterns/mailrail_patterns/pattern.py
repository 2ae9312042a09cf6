"""What a pattern declares about itself: settings, roles, queues, faults, guarantees, story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from . import dialects
from .broker_rules import AtLimit, Dialect, Rules
from .handler import handle_each
from .invariants.consuming import consuming_rules
from .invariants.leveling import leveling_rules
from .invariants.piping import piping_rules
from .invariants.priorities import priority_rules
from .invariants.rules import Breach, Guarantee, Rule
from .kernel import events as kinds
from .kernel.events import Event
from .names import BadInput
from .port import Distribution, Mode, Overflow, Position, QueueSpec, Role, Subscription
from .producer import produce, produce_streams
from .projections.consuming import Consuming
from .projections.flowing import Flowing
from .projections.leveling import Leveling
from .projections.measures import Measure, Meter
from .projections.prioritised import Prioritised
from .quantities import LONGEST
from .retries import GivesBack

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
    renewal: Annotated[
        bool, Knob("renew the lock while working, when four fifths of it are over")
    ] = False
    restart_after: Annotated[
        float, Knob("a supervisor restarts a crashed consumer after so long; 0 = never", "s")
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

    def queue(self, name: str) -> QueueSpec:
        """Return the declaration of a queue that follows these settings."""
        return QueueSpec(
            name, self.lock, self.max_deliveries, self.capacity, self.overflow, self.mode,
            self.redelivery, self.ttl, self.dead_letter_expired,
            dead_letter_ttl=self.dead_letter_ttl, longest_delay=self.longest_delay,
        )  # fmt: skip

    def rules(self) -> Rules:
        """Return the rules that hold for every queue of the broker."""
        return dialects.rules(self.dialect, self.at_limit)


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
    """

    name: str
    before: str
    target: str = ""
    amount: str = ""
    default: str = ""
    lasts: bool = False


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
        topics: The topics that follow from the settings.
        subscriptions: The subscriptions that stand from the start, as the settings say.
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
    topics: Callable[[S], tuple[str, ...]] = _none
    subscriptions: Callable[[S], tuple[Subscription, ...]] = _none
    safeguards: tuple[Safeguard, ...] = ()
    ledgers: tuple[str, ...] = ()
    survives: tuple[str, ...] = ()


AnyPattern = Pattern[Any]

__all__ = [
    "WORK",
    "AnyPattern",
    "BadInput",
    "Breach",
    "Consuming",
    "Event",
    "Fault",
    "Flowing",
    "Guarantee",
    "Knob",
    "Leveling",
    "Measure",
    "Meter",
    "Pattern",
    "Prioritised",
    "QueueSettings",
    "Rule",
    "Safeguard",
    "Story",
    "constant",
    "consuming_rules",
    "handle_each",
    "kinds",
    "leveling_rules",
    "piping_rules",
    "priority_rules",
    "produce",
    "produce_streams",
]  # fmt: skip
