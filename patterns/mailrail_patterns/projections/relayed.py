"""Tickets from hop to hop: a ticket to a filter's input is the promise of one to its result."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..claimed import CLAIMS, DRAWN, ClaimRow
from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler
from .tickets import Tickets, message_of


class Relayed(Tickets):
    """The tickets of a pipeline, and which payload was made from which, as the rows say."""

    def __init__(self) -> None:
        super().__init__()
        self._source: dict[str, str] = {}
        self._results: dict[str, tuple[str, ...]] = {}
        self._drawn: set[str] = set()
        self._forced = False
        self._robbed: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that moves a message, and of what is written down."""
        return {
            **super().handlers(), kind.STATE: self._written, kind.INJECTED: self._injected,
        }  # fmt: skip

    def refers(self, message: str) -> bool:
        """Say whether anything points to a payload, or its maker is still to send the ticket."""
        if super().refers(message) or message in self._drawn:
            return True
        source = self._source.get(message)
        return source is not None and super().refers(source)

    def in_time(self, message: str, since: float, stored: float, grace: float) -> bool:
        """Say so of any ticket: a payload is safe as long as one may follow, however late.

        Only who has lost its input without a chance to know it may send one all the same.
        """
        robbed = self._source.get(message) in self._robbed
        return not robbed or super().in_time(message, since, stored, grace)

    def _injected(self, event: Event) -> None:
        self._forced = event.message == "expire-lock"

    def _returned(self, event: Event) -> None:
        super()._returned(event)
        if self._forced and event.kind == kind.LOCK_EXPIRED:
            self._robbed.add(message_of(event.message))
        self._forced = False

    def results(self, message: str) -> Sequence[str]:
        """Return the messages whose tickets were to follow from a message."""
        return self._results.get(message, ())

    def _written(self, event: Event) -> None:
        if event.queue != CLAIMS:
            return
        source = msgspec.json.decode(event.text, type=ClaimRow).source
        if source and event.message not in self._source:
            self._source[event.message] = source
            self._results[source] = (*self.results(source), event.message)
        elif not source:
            (self._drawn.add if event.group == DRAWN else self._drawn.discard)(event.message)

    def copy(self) -> Relayed:
        """Return an independent copy."""
        twin = Relayed()
        self.copy_onto(twin)
        twin._source, twin._results = dict(self._source), dict(self._results)
        twin._drawn = set(self._drawn)
        twin._forced, twin._robbed = self._forced, set(self._robbed)
        return twin
