"""Durable rows, and what a handler decides: the vocabulary of a local transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from .messages import Message

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a durable table.

    Attributes:
        key: Unique in its table.
        value: A flat JSON object, or empty; see :meth:`fields`.
        state: The state word of a row that is a state machine (``Processing``); may be empty.
        version: 1 for the first value, one more with each write; 0: there is no such row.
        event: Number of the event that wrote it; 0: none did.
    """

    key: str
    value: str = ""
    state: str = ""
    version: int = 0
    event: int = 0

    def fields(self, kind: type[T]) -> T:
        """Return the value as a struct of that kind; an empty value gives its defaults."""
        return msgspec.json.decode(self.value or "{}", type=kind)


class Write(msgspec.Struct, frozen=True):
    """A row to be written.

    Attributes:
        table: The table.
        key: The row.
        value: What is to be in it: a flat struct; None: nothing but the state.
        state: Its state word.
        expected: Compare and set: the version it must have; None: any, 0: none yet.
    """

    table: str
    key: str
    value: msgspec.Struct | None = None
    state: str = ""
    expected: int | None = None

    @property
    def text(self) -> str:
        """The value as it is stored."""
        return "" if self.value is None else msgspec.json.encode(self.value).decode()


class Outgoing(msgspec.Struct, frozen=True):
    """A message to be sent.

    Attributes:
        to: A queue or a topic.
        message: The message; its id must follow from what caused it, never be drawn anew.
    """

    to: str
    message: Message


class Reaction(msgspec.Struct, frozen=True):
    """What a handler decides on a message: changes of its own state, and what follows.

    Attributes:
        writes: Rows, committed together or not at all.
        sends: Messages that follow.
        effect: Whether the world outside is changed; a refusal changes nothing.
        note: What a reader should know of the decision, as ``code: sentence``; may be empty.
    """

    writes: tuple[Write, ...] = ()
    sends: tuple[Outgoing, ...] = ()
    effect: bool = True
    note: str = ""


class Reader(Protocol):
    """Reads durable rows inside a transaction."""

    def row(self, table: str, key: str) -> Row:
        """Return the row; one that does not exist has version 0."""
        ...

    def rows(self, table: str) -> Sequence[Row]:
        """Return all rows of a table, in order of insertion."""
        ...


Decide = Callable[[Message, Reader], Reaction]
"""Decides on a message from nothing but the message and the handler's own state."""
