"""The consumers ask no more of the database they share than it can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

CONCURRENCY = Guarantee(
    "concurrency-limit",
    "No more consumers are at the shared database at a time than it works for.",
    source="A8 (1)",
    hope=True,
)


class Concurrency(Rule):
    """Counts who works and who waits to, against what the database works for.

    The first is the database's own limit and never exceeded; the second is what consumers hold
    back who know that limit. More of them than that get nothing done; they wait, with messages
    locked in their hands.
    """

    guarantees = (CONCURRENCY,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._limit = settings().database
        self._at_it: set[str] = set()
        self._now = 0.0

    def asleep(self) -> bool:
        """Say whether the database works for any number of them."""
        return not self._settings().database

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of coming and going."""
        ends = (
            kind.EFFECT, kind.EFFECT_SKIPPED, kind.COMPLETED, kind.ABANDONED, kind.LOCK_LOST,
            kind.DROPPED, kind.DEAD_LETTERED, kind.SHELVED, kind.CRASHED,
        )  # fmt: skip
        return {
            kind.CHANGED: self._changed,
            kind.CONTENDED: self._wants,
            kind.WORKING: self._works,
            **dict.fromkeys(ends, self._goes),
        }

    def _changed(self, event: Event) -> None:
        """Go by the limit of the time: what was before it changed may be told only now."""
        if event.message == "database":
            self._limit = int(event.text)

    def _look(self, event: Event) -> None:
        """Judge what lasts: within an instant who comes may be told before who goes."""
        if event.t != self._now:
            self._now, limit = event.t, self._limit
            if 0 < limit < len(self._at_it):
                what = f"{len(self._at_it)} are at the database, which works for {limit}"
                self.breach("concurrency-limit", event, what)

    def _wants(self, event: Event) -> None:
        self._look(event)
        limit = self._limit
        if event.value == 1 and 0 < limit <= len(self._at_it):  # who joins a line is not told of
            what = f"{event.actor} is one too many for the database, which works for {limit}"
            self.breach("concurrency-limit", event, what)

    def _works(self, event: Event) -> None:
        self._look(event)
        self._at_it.add(event.actor)

    def _goes(self, event: Event) -> None:
        self._look(event)
        self._at_it.discard(event.actor)
