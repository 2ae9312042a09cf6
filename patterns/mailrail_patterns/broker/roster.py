"""Receivers that wait for a message, or for a lane, in the order in which they began to."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .receiver import InMemoryReceiver


class Roster(deque["InMemoryReceiver"]):
    """The receivers whose turn it is one after the other.

    Who is cut off keeps its turn until it can be reached again; who is dead loses it.
    """

    __slots__ = ()

    def next(self) -> InMemoryReceiver | None:
        """Take out whose turn it is; None: nobody who waits can be handed anything."""
        if not self or self[0].network.down:
            return None
        aside: list[InMemoryReceiver] = []
        found = None
        while self and found is None:
            receiver = self.popleft()
            if receiver.process.reachable:
                found = receiver
            elif receiver.process.cut_off:
                aside.append(receiver)
        if aside:
            self.extendleft(reversed(aside))
        return found

    def next_with_credit(self) -> InMemoryReceiver | None:
        """Return whose turn it is of those that prefetch, and put it behind the others."""
        for _ in range(len(self)):
            receiver = self.popleft()
            if receiver.process.reachable or receiver.process.cut_off:
                self.append(receiver)
                if receiver.reachable and receiver.has_credit():
                    return receiver
        return None
