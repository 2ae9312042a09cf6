"""One subscription: what it has got, what waits for it and for how long, what it has lost."""

from __future__ import annotations

import copy
from collections import Counter

from ..subscribed import Wish


class Line:
    """One subscription's running figures."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wish = Wish("")
        self.state = "connected"
        self.why = ""
        self.policy = "buffer"
        self.instances: dict[str, bool] = {}
        self.received = self.filtered = self.missed = self.dropped = self.sent = self.kept = 0
        self.dead = self.redelivered = self.lost = self.twice = 0
        self.handled: Counter[str] = Counter()
        """How often events of the matrix were handled."""
        self.deleted: dict[str, str] = {}
        """Copies deleted on receipt whose work is not done, and who has them."""
        self.at_work: dict[str, str] = {}
        """What each instance works on of these."""
        self.pending: dict[str, float] = {}
        self.ready: set[str] = set()
        self.depth_max = 0
        self.lag_max = 0.0

    def handles(self, item: str) -> None:
        """Take notice that an event was handled, and whether it had been before."""
        self.twice += item in self.handled
        self.handled[item] += 1

    def forget(self, item: str) -> None:
        """Forget an event that is no longer in the matrix."""
        self.handled.pop(item, None)

    def oldest(self, none: float) -> float:
        """Return when the oldest copy not settled was published, in seconds; else ``none``."""
        return min(self.pending.values(), default=none)

    def longest(self, now: float) -> float:
        """Return the longest a copy has waited by ``now``, be it waiting still, in seconds."""
        pending = self.pending
        waiting = min((pending.get(name, now) for name in self.ready), default=now)
        return max(self.lag_max, now - waiting)

    def waited(self, message: str, now: float) -> None:
        """Take notice that the wait of a copy is over."""
        self.lag_max = max(self.lag_max, now - self.pending.get(message, now))

    def copy(self) -> Line:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.instances, twin.pending = dict(self.instances), dict(self.pending)
        twin.ready = set(self.ready)
        twin.handled = self.handled.copy()
        twin.deleted, twin.at_work = dict(self.deleted), dict(self.at_work)
        return twin
