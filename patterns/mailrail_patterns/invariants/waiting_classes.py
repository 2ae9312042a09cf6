"""What waits on a queue of several priorities, by priority, as its events tell."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Iterator

from ..ranks import RANKS


class Waiting:
    """The ready messages of one priority on one queue.

    Attributes:
        ready: Since when each has been ready, in seconds; first the one that has longest.
        fresh: When each that was never delivered was accepted, in seconds, in that order.
    """

    def __init__(self) -> None:
        self.ready: OrderedDict[str, float] = OrderedDict()
        self.fresh: OrderedDict[str, float] = OrderedDict()


class Board:
    """One queue: its priorities, and what a rule of comparison has made of its messages."""

    def __init__(self) -> None:
        self.classes: dict[str, Waiting] = {}
        self._keys: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def of(self, label: str) -> Waiting:
        """Return the messages of a priority."""
        found = self.classes.get(label)
        if found is None:
            found = self.classes[label] = Waiting()
        return found

    def others(self, label: str) -> Iterator[tuple[int, Waiting]]:
        """Return every other priority that has something ready."""
        for other, waiting in self.classes.items():
            if other != label and waiting.ready:
                yield RANKS[other], waiting

    def above(self, label: str) -> str:
        """Return a message that is ready and of a higher priority; empty: there is none."""
        own = RANKS[label]
        return next((next(iter(w.ready)) for rank, w in self.others(label) if rank > own), "")

    def below(self, label: str) -> bool:
        """Say whether something of a lower priority is ready."""
        own = RANKS[label]
        return any(rank < own for rank, _ in self.others(label))

    def rank(self, name: str, key: float) -> None:
        """Take notice of what a rule has made of a message."""
        self._keys[name] = key
        heapq.heappush(self._heap, (key, name))

    def forget(self) -> None:
        """Forget what a rule has made of anything: another one holds from now on."""
        self._keys.clear()
        self._heap.clear()

    def lesser(self, name: str) -> str:
        """Return a ready message that should have come before one; empty: there is none."""
        own, heap = self._keys.get(name), self._heap
        if own is None:
            return ""
        while heap and not (self._keys.get(heap[0][1]) == heap[0][0] and self._ready(heap[0][1])):
            heapq.heappop(heap)
        return heap[0][1] if heap and heap[0][0] < own - 5e-7 else ""

    def again(self, name: str) -> None:
        """Take notice that a message a rule knows is ready again."""
        if name in self._keys:
            heapq.heappush(self._heap, (self._keys[name], name))

    def _ready(self, name: str) -> bool:
        return any(name in waiting.ready for waiting in self.classes.values())
