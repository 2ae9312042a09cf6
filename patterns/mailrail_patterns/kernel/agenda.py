"""Virtual time: a heap of timers by ``(time, sequence)`` and a FIFO of what is ready now.

Ties are broken by insertion order, always. A cancelled timer does not move the clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any, Final

import msgspec

from ..quantities import GRID
from .journal import Journal

END_OF_INSTANT: Final = 1 << 60
"""Sequence numbers from here on come after everything else that happens at their instant."""

PATIENCE: Final = 200_000
"""Steps without the clock moving before a run is held to be going in circles; grows with the
work that was asked for (see :attr:`Agenda.patience`)."""

Action = Callable[[Any], None]


class Timer(msgspec.Struct):
    """Something that will happen; ``action`` is None once it is cancelled or has fired."""

    time: float
    action: Action | None
    argument: Any


class Agenda:
    """What is due when.

    Attributes:
        journal: Holds the present instant (``journal.now``), so that emitting needs no look-up.
        ready: Actions to carry out at the present instant, first in, first out.
        steps: How many actions have been carried out; identifies a place in the run.
        patience: Steps one instant may take; whoever brings new work in raises it.
        stalled: True once an instant has been given up as endless.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.ready: deque[tuple[Action, Any]] = deque()
        self.steps = 0
        self.patience = PATIENCE
        self.stalled = False
        self._heap: list[tuple[float, int, Timer]] = []
        self._sequence = 0
        self._last = END_OF_INSTANT
        self._cancelled = 0
        self._instant_began = 0

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        return self.journal.now

    def at(self, time: float, action: Action, argument: Any = None) -> Timer:
        """Carry out ``action(argument)`` at ``time`` seconds, moved to the grid, never in the past."""
        time = round(time * GRID) / GRID
        if time < self.journal.now:
            time = self.journal.now
        timer = Timer(time, action, argument)
        self._sequence = sequence = self._sequence + 1
        heappush(self._heap, (time, sequence, timer))
        return timer

    def at_end_of(self, time: float, action: Action, argument: Any = None) -> Timer:
        """Carry out ``action(argument)`` after everything else that happens at ``time``."""
        timer = Timer(time, action, argument)
        self._last += 1
        heappush(self._heap, (time, self._last, timer))
        return timer

    def cancel(self, timer: Timer) -> None:
        """Take a timer back; harmless if it has fired or been cancelled."""
        if timer.action is None:
            return
        timer.action = timer.argument = None
        self._cancelled = cancelled = self._cancelled + 1
        if cancelled > 512 and cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapify(self._heap)
            self._cancelled = 0

    def next_time(self) -> float | None:
        """Return when the next thing happens, or None if nothing ever will."""
        if self.ready:
            return self.journal.now
        heap = self._heap
        while heap and heap[0][2].action is None:
            heappop(heap)
            self._cancelled -= 1
        return heap[0][0] if heap else None

    def advance(self, until: float, limit: int | None = None) -> bool:
        """Carry out everything up to and including ``until``, at most ``limit`` steps of it.

        Returns:
            True if the clock has arrived at ``until``; False if the limit came first or the
            instant would not end (see ``stalled``).
        """
        ready, journal = self.ready, self.journal
        pop = heappop
        budget = self.steps + limit if limit is not None else -1
        while not self.stalled:
            while ready:
                if self.steps == budget:
                    return False
                self.steps += 1
                if self.steps - self._instant_began > self.patience:
                    self.stalled = True
                    return False
                action, argument = ready.popleft()
                action(argument)
            heap = self._heap
            if not heap or heap[0][0] > until:
                if self.next_time() is None or self._heap[0][0] > until:
                    if until > journal.now:
                        journal.now = until
                        self._instant_began = self.steps
                    return True
                continue
            due = heap[0][2].action
            if due is None:
                pop(heap)
                self._cancelled -= 1
                continue
            if self.steps == budget:
                return False
            time, _, timer = pop(heap)
            if time != journal.now:
                journal.now = time
                self._instant_began = self.steps
            self.steps += 1
            timer.action = None
            due(timer.argument)
        return False

    def step(self) -> bool:
        """Carry out the very next thing, moving the clock to it; False if nothing is left."""
        time = self.next_time()
        if time is None or self.stalled:
            return False
        self.advance(time, limit=1)
        return True
