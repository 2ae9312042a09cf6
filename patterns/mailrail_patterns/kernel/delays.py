"""Timers of one length: they come due in the order in which they are set."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .agenda import Timer

FEW: Final = 512
"""So many cancelled timers are not worth tidying up."""


class Delays:
    """A line of timers that are mostly cancelled before they are due, such as leases.

    Only the first has a place in the agenda's heap; the next moves up when the clock has come
    to it, fired or cancelled. Everything happens in the order in which it would happen if each
    had a place of its own, and a lease that is settled in time costs the heap nothing.

    Attributes:
        cancelled: How many of those that stand here have been cancelled.
    """

    __slots__ = ("_timers", "cancelled")

    def __init__(self) -> None:
        self._timers: deque[Timer] = deque()
        self.cancelled = 0

    def __len__(self) -> int:
        return len(self._timers)

    def join(self, timer: Timer) -> bool:
        """Put a timer at the end; say whether it needs a place in the heap.

        One that is due before the last of the line needs its own: the length has changed.
        """
        timers = self._timers
        if not timers:
            timers.append(timer)
            return True
        if timer.time < timers[-1].time:
            timer.line = None
            return True
        timers.append(timer)
        return False

    def move_up(self) -> Timer | None:
        """Drop the first and return the next that is not cancelled; None: there is none."""
        timers = self._timers
        if timers.popleft().action is None:
            self.cancelled -= 1
        while timers:
            timer = timers[0]
            if timer.action is not None:
                return timer
            timers.popleft()
            self.cancelled -= 1
        return None

    def forget(self) -> None:
        """Let go of the cancelled timers if they are more than half of all.

        The first stays, whatever became of it: its place in the heap is that of the line.
        """
        timers = self._timers
        if self.cancelled * 2 > len(timers):
            first = timers.popleft()
            left = [timer for timer in timers if timer.action is not None]
            timers.clear()
            timers.append(first)
            timers.extend(left)
            self.cancelled = int(first.action is None)
