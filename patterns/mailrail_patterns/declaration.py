"""What a pattern declares about itself: settings, roles, queues, faults, guarantees, story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from .invariants.rules import Rule
from .port import QueueSpec, Subscription, TopicSpec
from .projections.measures import Meter
from .records import Row
from .roles import Role

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
