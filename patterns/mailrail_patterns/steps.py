"""What a service of a workflow decides on a message: do its step, undo it, join, keep a copy.

Every decision is made of the message, the settings and the service's own rows, and of nothing
else. Whoever asks again gets the same answer, and the ids of what follows are made of the ids of
what it follows from.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from .messages import Message
from .records import Outgoing, Reaction, Reader, Row, Write

EVENTS: Final = "events"
"""The topic of a choreography."""

ORCHESTRATOR: Final = "orchestrator"
"""The queue of the one who knows the workflow, where there is one."""

VOID: Final = "Void"
"""State of a step that was undone before it was done: a tombstone. It is not done any more."""

WAITING: Final = "Waiting"
"""State of a join that has not heard everything it waits for."""

CARRIED: Final = ("amount", "fails")
"""Headers that everything which follows from a message carries on."""


class Refuser(enum.Enum):
    """Which service says no to every order."""

    NOBODY = "nobody"
    PAYMENT = "payment"
    STOCK = "stock"
    SHIPPING = "shipping"


class StepSettings(Protocol):
    """The settings that decisions depend on."""

    @property
    def choreographed(self) -> bool:
        """Tell a topic; else answer the orchestrator."""
        ...

    @property
    def correlation(self) -> bool:
        """Let every event carry the id of its conversation."""
        ...

    @property
    def versions(self) -> bool:
        """Ignore news that is older than what is known."""
        ...

    @property
    def sessions(self) -> bool:
        """Let every event say which order it is of, so that a queue can keep them together."""
        ...

    @property
    def refuses(self) -> Refuser:
        """The service that says no."""
        ...


Step = Callable[[Any, Message, Reader], Reaction]
"""A decision on a message: the settings, the message, the service's own rows."""


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a service keeps of its step for an order.

    Attributes:
        times: How often the step was done.
        heard: What a join has heard so far.
    """

    times: int = 0
    heard: tuple[str, ...] = ()


class Copied(msgspec.Struct, frozen=True, omit_defaults=True):
    """A copy of what another service says of an order.

    Attributes:
        version: Version of that service's row when it said so.
    """

    version: int = 0


def order_of(message: Message) -> str:
    """Return the order a message is about; a command to place one is its own."""
    return message.header("order") or message.id


def hop_of(message: Message) -> int:
    """Return how many events lie between the command and a message; -1: it is no event."""
    hop = message.header("hop")
    return int(hop) if hop.isdecimal() else -1


def carried(message: Message) -> tuple[tuple[str, str], ...]:
    """Return the headers that are passed on, the order's id first."""
    kept = tuple((key, value) for key, value in message.headers if key in CARRIED)
    return (("order", order_of(message)), *kept)


def tells(
    settings: StepSettings, message: Message, subject: str, name: str, version: int = 0
) -> Outgoing:
    """Return what tells that something has happened: an event, or an answer to a command.

    An event names nobody it is for. It says what it follows from and belongs to.
    """
    headers = carried(message)
    if not settings.choreographed:
        told = Message(name, subject=subject, correlation=message.id, headers=headers)
        return Outgoing(ORCHESTRATOR, told)
    numbers = (("hop", str(hop_of(message) + 1)), ("version", str(version)))
    conversation = "" if settings.correlation else name  # empty: that of what it follows from
    return Outgoing(
        EVENTS,
        Message(
            name, subject=subject, correlation=message.id, conversation=conversation,
            headers=(*headers, *numbers), group=order_of(message) if settings.sessions else "",
        ),
    )  # fmt: skip


def _ignored(note: str) -> Reaction:
    return Reaction(effect=False, note=note)


def does(
    service: str,
    table: str,
    done: str,
    subject: str,
    word: str,
    no: tuple[str, str, str] | None = None,
) -> Step:
    """Return the step of a service.

    Args:
        service: Its name.
        table: Its own rows, one an order.
        done: State of a row whose step is done.
        subject: What it tells then.
        word: What the event's id ends with.
        no: State, subject and word for a step that can be refused.
    """

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        row = own.row(table, order)
        if row.state == VOID:
            return _ignored(f"void: no longer does {message.subject} for {order}: it is undone")
        record = row.fields(Done)
        if no is not None and service in (message.header("fails"), settings.refuses.value):
            state, refusal, last = no
            told = tells(settings, message, refusal, f"{message.id}-{last}", row.version + 1)
            return Reaction((Write(table, order, record, state),), (told,), effect=False)
        told = tells(settings, message, subject, f"{message.id}-{word}", row.version + 1)
        record = Done(record.times + 1, record.heard)
        return Reaction((Write(table, order, record, done),), (told,))

    return step


def undoes(table: str, done: str, undone: str, subject: str, word: str) -> Step:
    """Return the compensation of a step: a reaction of the same service to a failure elsewhere.

    It may come twice, and it may come before the step itself; then it leaves a tombstone.
    """

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        row = own.row(table, order)
        told = tells(settings, message, subject, f"{message.id}-{word}", row.version + 1)
        if row.state == done:
            return Reaction((Write(table, order, row.fields(Done), undone),), (told,))
        answer = () if settings.choreographed else (told,)  # who commanded it waits for an answer
        if row.state in ("", WAITING):
            tombstone = Write(table, order, row.fields(Done), VOID)
            return Reaction((tombstone,), answer, effect=False)
        note = f"nothing-to-undo: has nothing to undo for {order}: {row.state}"
        return Reaction(sends=answer, effect=False, note=note)

    return step


def joins(
    table: str, awaited: tuple[str, ...], waiting: str, done: str, subject: str, word: str
) -> Step:
    """Return a step that is done when several events have been heard, in whatever order.

    What has been heard is durable, and the id of what is told depends on the order alone: twice
    the same event, or the events the other way round, make no difference.
    """

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        row = own.row(table, order)
        if row.state not in ("", waiting):
            return _ignored(f"over: hears {message.subject} of {order}, which is {row.state}")
        record = row.fields(Done)
        heard = tuple(e for e in awaited if e in record.heard or e == message.subject)
        if heard != awaited:
            return Reaction(
                (Write(table, order, Done(record.times, heard), waiting),), effect=False
            )
        told = tells(settings, message, subject, f"{order}-{word}", row.version + 1)
        return Reaction((Write(table, order, Done(record.times + 1, heard), done),), (told,))

    return step


def copies(table: str, states: dict[str, str]) -> Step:
    """Return what a passive subscriber does: it keeps a copy up to date and tells nobody.

    Args:
        table: Its own rows, one an order.
        states: For each event the state it is a copy of.
    """

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        known = own.row(table, order).fields(Copied).version
        version = int(message.header("version") or known + 1)
        if settings.versions and version <= known:
            return _ignored(
                f"stale: ignores {message.subject} of {order}: it knows version {known}"
            )
        return Reaction((Write(table, order, Copied(version), states[message.subject]),))

    return step


__all__ = ["Row", "copies", "does", "joins", "tells", "undoes"]
