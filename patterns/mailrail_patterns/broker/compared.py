"""Delivery by a rule that compares messages: the earliest deadline, or the shortest job, first.

Priorities by number are one rule of comparison. These two are others that queues in practice
are given: what must be begun soonest, and what is done soonest.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from math import inf
from typing import Final

from ..kernel import events as kind
from ..kernel.journal import Journal
from ..port import Order, QueueSpec
from .entry import READY, Entry
from .places import Places, in_order


def _deadline(entry: Entry) -> float:
    """Return when a message has to be begun, in seconds; one without a deadline comes last."""
    within = entry.message.within
    return entry.since + within if within else inf


def _length(entry: Entry) -> float:
    """Return how long a message says it takes, in seconds; one that does not say comes last."""
    work = entry.message.work
    return work if work >= 0 else inf


COMPARED: Final[dict[Order, Callable[[Entry], float]]] = {
    Order.DEADLINE: _deadline,
    Order.SHORTEST: _length,
}
"""The orders that compare messages, and what of a message each compares: the least is next."""


class Compared:
    """Ready messages by what a rule makes of them; of equals the one that came first is next.

    What the rule makes of a message is recorded, for it is in no other event.
    """

    def __init__(self, spec: QueueSpec, journal: Journal) -> None:
        self._rule = COMPARED[spec.order]
        self._spec = spec
        self._journal = journal
        self._heap: list[tuple[float, int, Entry]] = []
        self._told: set[str] = set()
        self._places = Places()

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message behind, or with ``head`` before, those that compare equal."""
        self._places.give(entry, head=head)
        found = self._rule(entry)
        heapq.heappush(self._heap, (found, entry.place, entry))
        if entry.name not in self._told and found < inf:
            self._told.add(entry.name)
            self._journal.emit(
                kind.RANKED, queue=self._spec.name, message=entry.name, cause=entry.cause,
                value=found, text=self._spec.order.value,
            )  # fmt: skip

    def take(self) -> Entry | None:
        """Take the next message; None if there is none."""
        return heapq.heappop(self._heap)[2] if self.peek() is not None else None

    def peek(self) -> Entry | None:
        """Return the next message without taking it; None if there is none."""
        heap = self._heap
        while heap and (heap[0][2].stage is not READY or heap[0][2].place != heap[0][1]):
            heapq.heappop(heap)
        return heap[0][2] if heap else None

    def shed(self) -> Entry | None:
        """Take the next message, to drop it."""
        return self.take()

    def leave(self) -> Sequence[Entry]:
        """Return all messages in the order in which they came."""
        return in_order(each[2] for each in self._heap if each[2].stage is READY)
