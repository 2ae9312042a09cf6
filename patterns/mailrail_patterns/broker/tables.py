"""Durable rows that everybody can see being written: a state store, a log, a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..kernel import events as kind
from ..kernel.journal import Journal
from ..records import Row, Write


class Tables:
    """Rows by table and key; they survive every crash of a participant.

    Attributes:
        rows_of: The rows of each table, in order of insertion.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.rows_of: dict[str, dict[str, Row]] = {}

    def row(self, table: str, key: str) -> Row:
        """Return the row; one that does not exist has version 0."""
        return self.rows_of.get(table, {}).get(key) or Row(key)

    def rows(self, table: str) -> Sequence[Row]:
        """Return all rows of a table, in order of insertion."""
        return tuple(self.rows_of.get(table, {}).values())

    def write(self, writes: Iterable[Write], actor: str, cause: int) -> int:
        """Write rows together; if one is not of the version expected, write none.

        Returns:
            Number of the last event; 0 if nothing was written.
        """
        writes = tuple(writes)
        for write in writes:
            found = self.row(write.table, write.key).version
            if write.expected is not None and write.expected != found:
                return 0
        n = 0
        for write in writes:
            table = self.rows_of.setdefault(write.table, {})
            version = self.row(write.table, write.key).version + 1
            text = write.text
            n = self._journal.emit(
                kind.STATE, actor, write.table, write.key, 0, cause, version, 0.0, 0.0, text,
                write.state,
            )  # fmt: skip
            table[write.key] = Row(write.key, text, write.state, version, n)
        return n
