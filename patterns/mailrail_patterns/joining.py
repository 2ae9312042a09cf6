"""How a service waits for two events of one order: what it may forget, and what it must not.

Each half comes when it comes. What has been heard has to outlive the process that heard it, and
the last of them must do, whichever that is. The other ways are what is found in real systems:
they work as long as nothing is late, nothing dies, and one instance is enough.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from .messages import Message
from .records import Reaction, Reader, Row, Write
from .steps import WAITING, Done, Step, StepSettings, joins, order_of, tells


class Join(enum.Enum):
    """How a service remembers what it has heard, and what it takes for granted.

    Rows: durable, and in any order. In-order: durable, and the first event has to come first.
    Memory: what was heard is gone with the process, and other instances know nothing of it.
    Lookup: it hears one event, and looks at the rows of the service that would tell the other.
    """

    ROWS = "rows"
    IN_ORDER = "in-order"
    MEMORY = "memory"
    LOOKUP = "lookup"


def joins_in_order(
    table: str, awaited: tuple[str, ...], waiting: str, done: str, subject: str, word: str
) -> Step:
    """Return a join that takes for granted that the first event is heard first."""
    whole = joins(table, awaited, waiting, done, subject, word)
    first = awaited[0]

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        if message.subject == first or own.row(table, order).version:
            return whole(settings, message, own)
        note = f"too-early: drops {message.subject} of {order}: it has heard no {first}"
        return Reaction(effect=False, note=note)

    return step


def looks_up(
    table: str, theirs: str, there: str, waiting: str, done: str, subject: str, word: str
) -> Step:
    """Return a step that looks at another service's rows instead of waiting for its event.

    Args:
        table: The service's own rows, one an order.
        theirs: The rows of the other service.
        there: State that a row there must have.
        waiting: State of an own row while it must not be done yet.
        done: State of an own row whose step is done.
        subject: What it tells then.
        word: What the event's id ends with.
    """

    def step(settings: StepSettings, message: Message, own: Reader) -> Reaction:
        order = order_of(message)
        row, found = own.row(table, order), own.row(theirs, order).state
        if row.state not in ("", waiting) or found != there:
            note = f"looked-up: does nothing about {order}: {theirs} says {found or 'nothing'}"
            return Reaction(effect=False, note=note)
        told = tells(settings, message, subject, f"{order}-{word}", row.version + 1)
        record = Done(row.fields(Done).times + 1)
        return Reaction((Write(table, order, record, done),), (told,))

    return step


class Memory:
    """What one process has heard and not written down; it dies with it.

    It stands before the rows: what waits is read from it, and never gets into them.
    """

    def __init__(self) -> None:
        self._waits: dict[tuple[str, str], Row] = {}

    def over(self, own: Reader) -> Reader:
        """Return what reads rows, and remembers those that are not written down."""
        return _Remembering(self._waits, own)

    def keep(self, reaction: Reaction) -> Reaction:
        """Remember what a join waits for; return what is left to be written down."""
        waits = [each for each in reaction.writes if each.state == WAITING]
        for each in waits:
            self._waits[each.table, each.key] = Row(each.key, each.text, WAITING)
        if not waits:
            return reaction
        note = f"remembers: keeps in mind what it has heard of {waits[0].key}, and nowhere else"
        return replace(reaction, writes=(), note=note)


class _Remembering:
    """Rows, and before them what a process has in mind."""

    def __init__(self, waits: dict[tuple[str, str], Row], own: Reader) -> None:
        self._waits = waits
        self._own = own

    def row(self, table: str, key: str) -> Row:
        """Return the row as it is written down; else as it is remembered."""
        found = self._own.row(table, key)
        return found if found.version else self._waits.get((table, key), found)

    def rows(self, table: str) -> Sequence[Row]:
        """Return all rows that are written down."""
        return self._own.rows(table)


__all__: Final = ["Join", "Memory", "joins_in_order", "looks_up"]
