"""How often the shared lanes of a convoy were assigned anew, and how long none was given out."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Measure, Number, tidy

MEASURES = (
    Measure("rebalances", "times the shared lanes were assigned anew", ""),
    Measure("rebalancing_time", "time no lane was handed out because of that", "s", 1),
)


class Rebalances:
    """The rebalances of a run.

    Attributes:
        since: Since when one goes on, in seconds; None: none does.
    """

    def __init__(self) -> None:
        self.since: float | None = None
        self._count = 0
        self._time = 0.0

    def follow(self, event: Event) -> None:
        """Take notice of one that begins, begins anew or is over."""
        if event.kind == kind.REBALANCED:
            self._time += event.value
            self.since = None
        elif self.since is None:
            self._count += 1
            self.since = event.t

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        lasts = 0.0 if self.since is None else now - self.since
        return {"rebalances": self._count, "rebalancing_time": tidy(self._time + lasts)}

    def copy(self) -> Rebalances:
        """Return an independent copy."""
        return copy.copy(self)
