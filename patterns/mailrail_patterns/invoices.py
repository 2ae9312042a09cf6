"""What billing makes of news: an invoice for every paid order, and nothing of the rest."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from . import news, schemas
from .port import Message, Port, Reaction, Reader, Write

TABLE: Final = "invoices"
"""The table of the invoices."""


class Invoice(msgspec.Struct, frozen=True):
    """What billing writes for a paid order; issued twice, its row has version 2."""

    order: str = ""


def is_payment(message: Message) -> bool:
    """Say whether an event tells that an order was paid."""
    return message.subject.endswith("paid")


def unpayable(port: Port[Any], message: Message) -> str:
    """Refuse an event that cannot be read; one of a payment has to say the amount."""
    if not is_payment(message):
        return news.unread(port, message)
    read = schemas.as_read(message, upcaster=port.settings.upcaster)
    return schemas.unreadable(read, "amount", news.known(port))


def issue(port: Port[Any], message: Message, own: Reader) -> Reaction:
    """Issue the invoice of a paid order; it has no use for anything else."""
    if not is_payment(message):
        return Reaction()
    return Reaction((Write(TABLE, message.id, Invoice(message.subject), "issued"),))
