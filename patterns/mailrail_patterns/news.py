"""What a publisher has to say: what becomes of orders, here and elsewhere."""

from __future__ import annotations

from typing import Any, Final, Protocol

from msgspec.structs import replace

from . import schemas
from .port import Grammar, Message, Port
from .subscribing import written

NEWS: Final = (("eu", "new"), ("eu", "paid"), ("us", "new"), ("us", "paid"))
"""What a publisher's events are about, one after the other: the region, and what happened."""

AMOUNTS: Final = ("20", "140", "75", "260", "95")
"""What its orders amount to, one after the other."""

FIELDS: Final = frozenset({"amount", "region"})
"""The fields of an event of the first version."""


class Telling(Protocol):
    """The settings that say how events are written."""

    @property
    def grammar(self) -> Grammar:
        """How subjects are written."""
        ...

    @property
    def schema(self) -> schemas.Schema:
        """What events look like."""
        ...


def about(port: Port[Telling], message: Message) -> Message:
    """Put on an event what it is about, and the headers that filters may look at."""
    region, what = NEWS[(port.stamped - 1) % len(NEWS)]
    subject = message.subject or written(("orders", region, what), port.settings.grammar)
    amount = AMOUNTS[(port.stamped - 1) % len(AMOUNTS)]
    told = (*schemas.fields(port.settings.schema, amount), ("region", region))
    headers = message.headers or told
    return replace(message, subject=subject, headers=headers)


def unread(port: Port[Any], message: Message) -> str:
    """Refuse an event its reader cannot make sense of: a strict one has to know every field."""
    return schemas.unreadable(message, "", known(port))


def known(port: Port[Any]) -> frozenset[str] | None:
    """Return the fields a reader knows if it is strict; None: it ignores those it does not."""
    return FIELDS if port.options.get("reads") == schemas.Reads.STRICT.value else None
