"""The rows of a participant's ledger, and the settings it obeys."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from .queue_settings import Knob, QueueSettings
from .worth import MOST

DEARER: Final = 10
"""How much higher the price is while it has changed."""


class Entry(msgspec.Struct, frozen=True):
    """What a saga has done to one ledger.

    Attributes:
        amount: What its step added.
        back: What undoing it added.
        price: The price it went by, where that was not the usual one.
    """

    amount: int = 0
    back: int = 0
    price: int | msgspec.UnsetType = msgspec.UNSET


class Balance(msgspec.Struct, frozen=True):
    """What all sagas together have done to one ledger."""

    balance: int = 0


class Shelf(msgspec.Struct, frozen=True):
    """Where the items are."""

    free: int = 0
    reserved: int = 0
    sold: int = 0


def at_price(amount: int, price: int | msgspec.UnsetType) -> int:
    """Return what a step adds at a price; ``amount`` is what it adds at the usual one."""
    if price is msgspec.UNSET:
        return amount
    return -price if amount < 0 else price


class LedgerSettings(QueueSettings, frozen=True, kw_only=True):
    """The settings of every participant: what it does about repeats and about other sagas."""

    tombstones: Annotated[bool, Knob("what is undone before it came is refused")] = True
    semantic_lock: Annotated[bool, Knob("others wait for what may still be undone")] = True
    commutative: Annotated[
        bool, Knob("add to a balance; off = write back what was read at the start, changed")
    ] = True
    reread: Annotated[bool, Knob("look again, before charging, at the price that was read")] = True
    careful_from: Annotated[
        int,
        Knob("orders worth less go, from their start, without lock and second look; 0 = none does",
             "EUR", 0, MOST),
    ] = 0  # fmt: skip
    items: Annotated[
        int, Knob("items on the shelf at the start", "items", 0, 10**6, "--set items=N")
    ] = 10
    idempotent: Annotated[
        bool, Knob("inbox: a command that was handled is answered again, without effect")
    ] = True
