"""What the events of a shop look like, version by version, and who can still read them.

A field more harms nobody who ignores what he does not know (a tolerant reader). A field less, or
under another name, is a new version: it has to say so, and be translated into what readers know
(an upcaster), or every old reader fails on it.
"""

from __future__ import annotations

import enum
from typing import Final

from msgspec.structs import replace

from .messages import Message

Fields = tuple[tuple[str, str], ...]


class Schema(enum.Enum):
    """What an event with an amount looks like."""

    V1 = "v1"
    ADDITIVE = "v2-additive"
    BREAKING = "v2-breaking"
    VERSIONED = "v2-versioned"


class Reads(enum.Enum):
    """What a reader does with a field it does not know."""

    TOLERANT = "tolerant"
    STRICT = "strict"


MISMATCH: Final = "SchemaMismatch"
"""Why an event is dead-lettered that lacks a field its reader needs."""

UNKNOWN_FIELD: Final = "UnknownField"
"""Why an event is dead-lettered that has a field its strict reader has never heard of."""


def fields(schema: Schema, amount: str) -> Fields:
    """Return how an amount is told in a version."""
    if schema is Schema.ADDITIVE:
        return (("amount", amount), ("currency", "EUR"))
    if schema is Schema.BREAKING:
        return (("total", amount),)
    if schema is Schema.VERSIONED:
        return (("total", amount), ("schema", "2"))
    return (("amount", amount),)


def as_read(message: Message, *, upcaster: bool) -> Message:
    """Return an event as an old reader reads it: with an upcaster, in the version it knows."""
    return upcast(message) if upcaster else message


def upcast(message: Message) -> Message:
    """Translate an event that says it is of version 2 into version 1; any other stays as it is."""
    if message.header("schema") != "2":
        return message
    old = {"total": "amount"}
    headers = ((old.get(key, key), value) for key, value in message.headers if key != "schema")
    return replace(message, headers=tuple(headers))


def unreadable(message: Message, needs: str, known: frozenset[str] | None = None) -> str:
    """Say why a reader cannot make sense of an event; empty: it can.

    Args:
        message: The event, translated if its reader has an upcaster.
        needs: The field the reader cannot do without; empty: none.
        known: The fields a strict reader knows; None: it ignores what it does not know.
    """
    if known is not None and not known.issuperset(key for key, _ in message.headers):
        return UNKNOWN_FIELD
    return MISMATCH if needs and not message.header(needs) else ""
