"""The rows of a participant's ledger, and the settings it obeys."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """What a saga has done to one ledger: what its step added, and what undoing it added."""

    amount: int = 0
    back: int = 0


class Balance(msgspec.Struct, frozen=True):
    """What all sagas together have done to one ledger."""

    balance: int = 0


class Shelf(msgspec.Struct, frozen=True):
    """Where the items are."""

    free: int = 0
    reserved: int = 0
    sold: int = 0


class LedgerSettings(Protocol):
    """The settings a ledger obeys."""

    @property
    def idempotent(self) -> bool:
        """Answer again what was handled before, without effect."""
        ...

    @property
    def tombstones(self) -> bool:
        """Leave a mark when there is nothing to undo."""
        ...

    @property
    def semantic_lock(self) -> bool:
        """Do not decide on what is pending."""
        ...

    @property
    def items(self) -> int:
        """Items on the shelf at the start."""
        ...
