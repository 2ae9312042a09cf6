"""Durable state, as one process sees it."""

from __future__ import annotations

import types
from collections.abc import Generator, Sequence
from typing import Any

import msgspec

from .broker.network import Network
from .broker.tables import Tables
from .kernel.process import MANY, Process
from .records import Row, Write


class ActorStore:
    """Reads and writes on behalf of one process; implements :class:`~mailrail_patterns.port.Store`.

    Every call lets others run first and waits while the store cannot be reached.
    """

    __slots__ = ("_process", "_tables", "_values", "_way")

    def __init__(
        self, process: Process, tables: Tables, values: dict[str, str], way: Network
    ) -> None:
        self._process = process
        self._tables = tables
        self._values = values
        self._way = way

    @types.coroutine
    def reach(self) -> Generator[None, Any, None]:
        """Take the way to the store: others first, then an outage, then the latency."""
        if self._process.others or self._process.calls > MANY:
            self._process.wake(None)
            yield
        self._process.calls += 1
        if not self._way.clear:
            yield from self._way.cross(self._process)

    async def get(self, key: str) -> str | None:
        """Return the value, or None."""
        return self._values.get(key)

    async def put(self, key: str, value: str) -> None:
        """Insert or replace."""
        self._values[key] = value

    async def read(self, table: str, key: str) -> Row:
        """Return the row; one that does not exist has version 0."""
        await self.reach()
        return self._tables.row(table, key)

    async def rows(self, table: str) -> Sequence[Row]:
        """Return all rows of a table, in order of insertion."""
        await self.reach()
        return self._tables.rows(table)

    async def write(
        self,
        table: str,
        key: str,
        value: msgspec.Struct | None = None,
        *,
        state: str = "",
        expected: int | None = None,
    ) -> bool:
        """Write a row; False, and nothing written, if it is not of the version expected."""
        await self.reach()
        process = self._process
        write = Write(table, key, value, state, expected)
        n = self._tables.write((write,), process.name, process.cause)
        if n:
            process.cause = n
        return n > 0
