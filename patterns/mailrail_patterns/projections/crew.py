"""Those who take from a queue: who is alive, frozen or slow, and what they can do together."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection

from ..kernel import events as kind
from ..kernel.events import Event

SLOW = "slow"


class Crew:
    """Every consumer there has been, as far as it matters to what is served.

    Attributes:
        alive: Those that have neither died nor left.
        frozen: Those of them that are paused: alive, and doing nothing.
    """

    def __init__(self) -> None:
        self.alive: set[str] = set()
        self.frozen: set[str] = set()
        self._known: set[str] = set()
        self._slow: dict[str, float] = {}

    def joins(self, event: Event) -> None:
        """Somebody comes, or comes back; who is no consumer does not count."""
        if event.text.endswith(" consumer"):
            self.alive.add(event.actor)
            self._known.add(event.actor)

    def leaves(self, event: Event) -> None:
        """Somebody dies or goes."""
        self.alive.discard(event.actor)
        self.frozen.discard(event.actor)

    def freezes(self, event: Event) -> None:
        """Somebody is paused."""
        self.frozen.add(event.actor)

    def thaws(self, event: Event) -> None:
        """Somebody goes on."""
        self.frozen.discard(event.actor)

    def slows(self, event: Event) -> None:
        """A fault of that name begins or ends, for one or for all that are known."""
        if event.message != SLOW:
            return
        for name in [event.actor] if event.actor else self._known:
            if event.kind == kind.INJECTED:
                self._slow[name] = event.value
            else:
                self._slow.pop(name, None)

    def at_work(self, working: Collection[str]) -> int:
        """Return how many of those that hold work are doing it."""
        if not self.frozen:
            return len(working)
        return sum(1 for name in working if name not in self.frozen)

    def rate(self, mean: float, most: int) -> float:
        """Return what those that are able can do, in messages per second.

        Args:
            mean: Mean service time of a message, in seconds; above 0.
            most: How many of them can work at a time; 0: all.
        """
        able = self.alive - self.frozen
        if not self._slow:
            return min(len(able), most or len(able)) / mean
        factors = sorted(self._slow.get(name, 1.0) for name in able)
        return math.fsum(1 / (mean * factor) for factor in factors[: most or None])

    def copy(self) -> Crew:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.alive, twin.frozen = set(self.alive), set(self.frozen)
        twin._known, twin._slow = set(self._known), dict(self._slow)
        return twin
