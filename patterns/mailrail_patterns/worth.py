"""By value: what an order is worth, and which way its saga goes for that.

Not every order is worth the price of isolation. What one of little value does on stale data is
made up for more cheaply than waiting; one of great value waits and looks twice.
"""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, UnsetType

from .messages import Message

AMOUNT, WAY = "amount", "way"
"""Headers: what an order is worth in EUR where that is not the usual, and the way it goes."""
CAREFUL, QUICK = "careful", "quick"
"""The ways: with the semantic lock and the second look at the price, or without either."""
USUAL: Final = 50
"""What an order is worth that does not say, in EUR."""
MOST: Final = 10**7
"""What an order may be worth at most, in EUR."""


def amount_of(message: Message) -> int | UnsetType:
    """Return what an order or a command says it is worth, in EUR; unset: the usual."""
    text = message.header(AMOUNT)
    return int(text) if text else UNSET


def worth_of(amount: int | UnsetType) -> int:
    """Return what an order is worth, in EUR, from what it says or does not say of it."""
    return USUAL if amount is UNSET else amount


def refuse(message: Message) -> str:
    """Return why an order cannot be taken: its worth is no whole number from 1 to ``MOST``."""
    text = message.header(AMOUNT)
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))
    return "" if not text or (plain and 1 <= int(text) <= MOST) else "BadAmount"


def way_of(careful_from: int, amount: int | UnsetType) -> str | UnsetType:
    """Return the way an order goes.

    Args:
        careful_from: What an order has to be worth to go carefully, in EUR; 0: value decides
            nothing, every order goes by the switches as they are.
        amount: What it is worth, in EUR; unset: the usual.

    Returns:
        ``careful`` or ``quick``; unset where value decides nothing.
    """
    if not careful_from:
        return UNSET
    return CAREFUL if worth_of(amount) >= careful_from else QUICK


def goes_quickly(message: Message) -> bool:
    """Return whether a command is of a saga that goes without isolation."""
    return message.header(WAY) == QUICK
