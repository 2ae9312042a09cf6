"""Durable tables, folded from events."""

from __future__ import annotations

from ..kernel import events as kind
from ..kernel.events import Event
from ..views import RowView, TableView
from .measures import Handler

SHOWN = 40
"""Rows of a table that a view is given."""


class TablesFold:
    """Every durable table of a run."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, RowView]] = {}
        self._latest: dict[str, dict[str, None]] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of rows being written."""
        return {kind.STATE: self._written}

    @property
    def size(self) -> int:
        """Rows in all, which is what a copy costs."""
        return sum(len(rows) for rows in self.tables.values())

    def _written(self, event: Event) -> None:
        rows = self.tables.setdefault(event.queue, {})
        rows[event.message] = RowView(
            event.message, event.group, event.text, event.token, event.t, event.actor
        )
        latest = self._latest.setdefault(event.queue, {})
        latest.pop(event.message, None)
        latest[event.message] = None
        if len(latest) > SHOWN:
            del latest[next(iter(latest))]

    def views(self) -> tuple[TableView, ...]:
        """Return the frozen tables."""
        found = []
        for name, rows in self.tables.items():
            latest = self._latest[name]
            if len(rows) <= SHOWN:
                shown = tuple(rows.values())
            else:
                shown = tuple(rows[key] for key in latest)
            found.append(TableView(name, len(rows), shown))
        return tuple(found)

    def copy(self) -> TablesFold:
        """Return an independent copy."""
        twin = TablesFold()
        twin.tables = {name: dict(rows) for name, rows in self.tables.items()}
        twin._latest = {name: dict(keys) for name, keys in self._latest.items()}
        return twin
