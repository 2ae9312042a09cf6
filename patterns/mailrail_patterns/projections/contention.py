"""How long consumers wait for what they share, folded from events."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Final

from ..kernel.events import Event
from .measures import Measure, Number, tidy

CONTENTION: Final = (
    Measure("database_wait", "waiting for the shared database, each message on average", "s", 1),
    Measure("database_wait_max", "longest such wait that is over", "s", 1),
)


class Contention:
    """Who waits for the shared database, and for how long everybody has."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._begun = 0
        self._waited = self._most = 0.0

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._since)

    def waits(self, event: Event) -> None:
        """Take notice that somebody has to wait."""
        self._since[event.actor] = event.t

    def begins(self, event: Event) -> None:
        """Take notice that somebody gets to work, whether he had to wait or not."""
        self._begun += 1
        if self._since and (since := self._since.pop(event.actor, None)) is not None:
            self._waited += event.t - since
            self._most = max(self._most, event.t - since)

    def dies(self, event: Event) -> None:
        """Take notice that somebody waits for nothing any more."""
        self._since.pop(event.actor, None)

    def values(self) -> Mapping[str, Number]:
        """Return the metrics."""
        mean = tidy(self._waited / self._begun) if self._begun else None
        return {"database_wait": mean, "database_wait_max": tidy(self._most)}

    def copy(self) -> Contention:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._since = dict(self._since)
        return twin
