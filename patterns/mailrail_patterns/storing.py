"""What outlives a process, as participants see it: durable rows, and a database all share.

Participants know these protocols, not what is behind them, so that others can be put there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

import msgspec

from .receiving import Delivery
from .records import Row


class Store(Protocol):
    """Durable state that survives crashes."""

    def get(self, key: str) -> Awaitable[str | None]:
        """Return a value nobody watches, or None."""
        ...

    def put(self, key: str, value: str) -> Awaitable[None]:
        """Insert or replace a value nobody watches."""
        ...

    def read(self, table: str, key: str) -> Awaitable[Row]:
        """Return a row; one that does not exist has version 0."""
        ...

    def rows(self, table: str) -> Awaitable[Sequence[Row]]:
        """Return all rows of a table, in order of insertion."""
        ...

    def write(
        self,
        table: str,
        key: str,
        value: msgspec.Struct | None = None,
        *,
        state: str = "",
        expected: int | None = None,
    ) -> Awaitable[bool]:
        """Write a row for all to see.

        Args:
            table: The table.
            key: The row.
            value: What is to be in it, a flat struct.
            state: Its state word, if it is a state machine.
            expected: Compare and set: the version it must have (0: it must not exist yet).

        Returns:
            False, and nothing is written, if the row is not of the version expected.
        """
        ...


class Database(Protocol):
    """The database behind all consumers: it works for so many of them at a time.

    Whoever comes later waits for a connection, with the message locked in his hands.
    """

    @property
    def shared(self) -> bool:
        """Whether there is one that could be short of connections."""
        ...

    def connect(self, delivery: Delivery) -> Awaitable[None]:
        """Wait for a connection, first come first served, to work on a message."""
        ...

    def close(self) -> None:
        """Give the connection back; the death of the process does so as well."""
        ...


__all__ = ["Database", "Store"]
