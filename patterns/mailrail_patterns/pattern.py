"""What a pattern declares about itself: settings, roles, queues, faults, guarantees, story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from . import (
    claimed,
    compensations,
    decisions,
    log,
    news,
    oddities,
    orders,
    schemas,
    shop,
    step_types,
    terms,
    tickets,
    worth,
)
from .assignment import AssignmentSettings, assign, bench, leave, take_part, task_queue
from .awaiting import Awaiting
from .batching import BatchFailed, handle_batches
from .crash_points import before_commit, publishing_points
from .debatching import LEDGER, LedgerQueue, bundled, taken_apart
from .deferring import Aside
from .exchanges import IMPOSSIBLE, MALFORMED, reply_to
from .fault_policy import Breaker, OnFault, check_faults, hands_on, holds_on, passes_at
from .handler import always, handle_each, next_of
from .invariants.accounting import saga_rules
from .invariants.carrying import carrying_rules
from .invariants.checking import checking_rules
from .invariants.choreographing import choreography_rules
from .invariants.consuming import consuming_rules
from .invariants.contention import Concurrency
from .invariants.convoying import convoy_rules
from .invariants.dual_write import dual_write_rules
from .invariants.hearing import publishing_rules
from .invariants.keyed import key_rules
from .invariants.leveling import leveling_rules
from .invariants.piping import piping_rules
from .invariants.priorities import priority_rules
from .invariants.replying import replying_rules
from .invariants.rules import Breach, Guarantee, Rule
from .invariants.supervising import supervising_rules
from .item_keys import ItemOrder, check_keys, keyed, shared_by_key
from .items import result_of
from .jobs import begin_job, done_at_once, fail_job, fail_request, finish_job
from .joining import Join, Memory
from .kernel import events as kinds
from .kernel.events import Event
from .leadership import holds_lease
from .ledger_rows import LedgerSettings
from .ledgers import Ledger
from .names import BadInput
from .observer import OBSERVER, observe
from .orchestrator import conduct
from .orders import Order, Remedy
from .paging import mend_orders
from .passing import passes_on, published
from .port import QueueSpec, Role, Subscription, TopicSpec
from .postbag import Postbag
from .producer import produce, produce_streams
from .progress import PROGRESS
from .projections.carrying import Carrying
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
from .projections.tickets import FORGED, Tickets
from .queue_settings import (
    Cleanup,
    Deletion,
    Knob,
    PayloadSettings,
    QueueSettings,
    StoreSettings,
    constant,
)
from .ranks import CLASSES, HIGH, LABELS, LOW, RANKS, spread
from .records import Row
from .remote_service import call_until, serve_calls
from .reply_settings import Replies, ReplySettings
from .requesting import request_each
from .resequencing import Gap, GapBuffer, GapPolicy, GapTimeout, advance, in_sequence
from .responding import gets_lost, respond
from .service_settings import ServiceSettings
from .steps import EVENTS, ORCHESTRATOR, Step, hop_of
from .subscribing import FROM_OVERFLOW, SUBSCRIBES, Asks, Policy, fits, subscription, written
from .supervision import scan
from .throttling import Throttle, throttled
from .ticketing import Polling
from .wirings import parse_wiring
from .wrong_clocks import time_of

S = TypeVar("S")
Rows = Callable[[str], Sequence[Row]]
"""Reads all rows of a table."""

WORK = "work"
"""Name of the one queue of the single-queue patterns."""

FIXED = "The fix is deployed: from its next delivery on it can be handled; dead letters stay dead."
"""What healing a message means."""


class Story(msgspec.Struct, frozen=True):
    """The pattern in words, for ``show`` and the story pane.

    Attributes:
        problem: What goes wrong without it, in one sentence.
        brief: The same in so few words that a card of the gallery holds them: two rows of 33
            columns.
        words: What somebody may call that problem who looks for the pattern, in lower case.
        solution: What it does about that.
        when: When to use it.
        when_not: When not.
        mistaught: What is commonly told and not so.
        brokers: How real brokers differ.
    """

    problem: str
    brief: str
    words: str
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
        target: What it applies to: ``""``, ``consumer``, ``producer``, ``message``, or a role, or
            several of these: ``supervisor or scheduler``.
        amount: What the amount means, with its unit; empty if it takes none.
        default: The amount when none is given.
        lasts: True if it stays until healed; False if it happens once.
        turns: What setting it turns while it lasts, as ``key=value``, where that is all it is.
        sticks: True if it happens every time to the message, and the role, it has happened to.
        after: What healing it means, as one sentence.
    """

    name: str
    before: str
    target: str = ""
    amount: str = ""
    default: str = ""
    lasts: bool = False
    turns: str = ""
    sticks: bool = False
    after: str = "Things are as usual again."

    def concerns(self, *parts: str) -> bool:
        """Say whether it can befall whoever is one of these: a role, or a kind of roles."""
        return any(target in parts for target in self.target.split(" or "))


class Safeguard(msgspec.Struct, frozen=True):
    """A setting that keeps a guarantee, and what breaks without it.

    Attributes:
        setting: The setting.
        on: Its value with the safeguard, as it is typed.
        off: Its value without it.
        keeps: The guarantee that breaks when it is off and the fault it is for comes.
        about: What it guards against, as one sentence.
        given: A setting without which it does nothing, as ``key=value``; empty: none.
    """

    setting: str
    on: str
    off: str
    keeps: str
    about: str
    given: str = ""


def _none(settings: Any) -> tuple[()]:
    """Declare nothing."""
    return ()


def _as_it_is(settings: Any, spec: QueueSpec) -> QueueSpec:
    """Leave a queue alone."""
    return spec


def _never(rows: Rows) -> float:
    """Promise nothing."""
    return 0.0


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
        promised: Until when, in seconds, something is still to come by what the rows say, whoever
            is alive: a claim that nobody works on comes to an end all the same. It is given what
            reads the rows of a table.
        mentions: The subscriptions that settings mention, each with the setting.
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
    promised: Callable[[Rows], float] = _never
    mentions: Callable[[S], tuple[tuple[str, str], ...]] = _none


AnyPattern = Pattern[Any]

__all__ = [
    "CLASSES", "EVENTS", "FIXED", "FORGED", "FROM_OVERFLOW", "HIGH", "IMPOSSIBLE", "LABELS",
    "LEDGER", "LOW", "MALFORMED", "OBSERVER", "ORCHESTRATOR", "PROGRESS", "RANKS", "SUBSCRIBES",
    "WORK", "AnyPattern", "Aside", "Asks", "AssignmentSettings", "Awaiting", "BadInput",
    "BatchFailed", "Breach", "Breaker", "Carrying", "Checking", "Choreographed", "Cleanup",
    "Concurrency", "Consuming", "Convoying", "Deletion", "Event", "Fault", "Flowing", "Gap",
    "GapBuffer", "GapPolicy", "GapTimeout", "Guarantee", "ItemOrder", "Join", "Knob", "Ledger",
    "LedgerQueue", "LedgerSettings", "Leveling", "Measure", "Memory", "Meter", "OnFault", "Order",
    "Pattern", "PayloadSettings", "Policy", "Polling", "Postbag", "Prioritised", "QueueSettings",
    "Remedy", "Replies", "ReplySettings", "Replying", "Rule", "Safeguard", "SagaMeter",
    "ServiceSettings", "Spreading", "Step", "StoreSettings", "Story", "Supervising", "Throttle",
    "Tickets", "advance", "always", "assign", "before_commit", "begin_job", "bench", "bundled",
    "call_until", "carrying_rules", "check_faults", "check_keys", "checking_rules",
    "choreography_rules", "claimed", "compensations", "conduct", "constant", "consuming_rules",
    "convoy_rules", "decisions", "done_at_once", "dual_write_rules", "fail_job", "fail_request",
    "finish_job", "fits", "gets_lost", "handle_batches", "handle_each", "hands_on", "holds_lease",
    "holds_on", "hop_of", "in_sequence", "key_rules", "keyed", "kinds", "leave", "leveling_rules",
    "log", "mend_orders", "news", "next_of", "observe", "oddities", "orders", "parse_wiring",
    "passes_at", "passes_on", "piping_rules", "priority_rules", "produce", "produce_streams",
    "published", "publishing_points", "publishing_rules", "reply_to", "replying_rules",
    "request_each", "respond", "result_of", "saga_rules", "scan", "schemas", "serve_calls",
    "shared_by_key", "shop", "spread", "step_types", "subscription", "supervising_rules",
    "take_part", "taken_apart", "task_queue", "terms", "throttled", "tickets", "time_of", "worth",
    "written",
]  # fmt: skip
