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
from .delays import FEW, Delays
from .events import STALLED
from .journal import Journal
from .routines import longest_round

END_OF_INSTANT: Final = 1 << 60
"""Sequence numbers from here on come after everything else that happens at their instant."""

PATIENCE: Final = 200_000
"""Steps without the clock moving before a run is held to be going in circles; grows with the
work that was asked for (see :attr:`Agenda.patience`)."""

NO_LIMIT: Final = 1 << 62

Action = Callable[[Any], None]


class Timer(msgspec.Struct, order=True):
    """Something that will happen; ``action`` is None once it is cancelled or has fired.

    Timers are ordered by time, then by sequence, which is unique. Of those that stand in a
    ``line``, only the first is in the heap.
    """

    time: float
    sequence: int
    action: Action | None
    argument: Any
    line: Delays | None = None


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
        self._heap: list[Timer] = []
        self._sequence = 0
        self._last = END_OF_INSTANT
        self._cancelled = 0
        self._instant_began = 0

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        return self.journal.now

    def at(
        self, time: float, action: Action, argument: Any = None, line: Delays | None = None
    ) -> Timer:
        """Carry out ``action(argument)`` at ``time`` seconds, on the grid and never in the past.

        Args:
            time: When, in seconds.
            action: What to do.
            argument: What to do it with.
            line: Timers of the same length; where it stands changes nothing but the cost.
        """
        time = round(time * GRID) / GRID
        now = self.journal.now
        self._sequence = sequence = self._sequence + 1
        timer = Timer(time if time > now else now, sequence, action, argument, line)
        if line is None or line.join(timer):
            heappush(self._heap, timer)
        return timer

    def reserve(self) -> int:
        """Return a place in the order of insertion, to be used later by :meth:`at_as_of`."""
        self._sequence += 1
        return self._sequence

    def at_as_of(self, sequence: int, time: float, action: Action, argument: Any = None) -> Timer:
        """Carry out ``action(argument)`` at ``time``, as if it had been inserted long ago.

        Args:
            sequence: A reserved place; at most one timer may use it at a time.
            time: When, in seconds; not in the past.
            action: What to do.
            argument: What to do it with.
        """
        timer = Timer(round(time * GRID) / GRID, sequence, action, argument)
        heappush(self._heap, timer)
        return timer

    def at_end_of(self, time: float, action: Action, argument: Any = None) -> Timer:
        """Carry out ``action(argument)`` after everything else that happens at ``time``."""
        self._last += 1
        timer = Timer(time, self._last, action, argument)
        heappush(self._heap, timer)
        return timer

    def at_once(self, action: Action, argument: Any = None) -> None:
        """Carry out ``action(argument)`` now that all else of this instant has happened.

        It is a step as any other, so that a run which has it from :meth:`at_end_of` comes to
        the same end of its patience. One that raises is none.
        """
        action(argument)
        self.steps += 1

    def cancel(self, timer: Timer) -> None:
        """Take a timer back; harmless if it has fired or been cancelled."""
        if timer.action is None:
            return
        timer.action = timer.argument = None
        line = timer.line
        if line is not None:
            line.cancelled += 1
            if line.cancelled > FEW:
                line.forget()
            return
        self._cancelled = cancelled = self._cancelled + 1
        if cancelled > FEW and cancelled * 2 > len(self._heap):
            self._heap[:] = [
                each for each in self._heap if each.action is not None or each.line is not None
            ]
            heapify(self._heap)
            self._cancelled = 0

    def next_time(self) -> float | None:
        """Return when the next thing happens, or None if nothing ever will."""
        if self.ready:
            return self.journal.now
        heap = self._heap
        while heap and heap[0].action is None:
            self._gone(heappop(heap))
        return heap[0].time if heap else None

    def routine(self) -> float | None:
        """Return how long the longest round is, in seconds, if only routines are left.

        0: not even those; None: something else is due.
        """
        return None if self.ready else longest_round(self._heap)

    def _gone(self, timer: Timer) -> None:
        """Take notice that a timer has left the heap, fired or cancelled."""
        if timer.line is None:
            self._cancelled -= 1
            return
        following = timer.line.move_up()
        if following is not None:
            heappush(self._heap, following)

    def advance(self, until: float, limit: int | None = None) -> bool:
        """Carry out everything up to and including ``until``, at most ``limit`` steps of it.

        Returns:
            True if the clock has arrived at ``until``; False if the limit came first or the
            instant would not end (see ``stalled``).
        """
        if self.stalled:
            return False
        ready, journal, heap = self.ready, self.journal, self._heap
        steps = self.steps
        budget = steps + limit if limit is not None else NO_LIMIT
        bound = min(budget, self._instant_began + self.patience)
        try:
            while True:
                while ready and steps < bound:
                    steps += 1
                    action, argument = ready.popleft()
                    action(argument)
                if steps >= bound:
                    bound = min(budget, self._instant_began + self.patience)
                    if steps >= bound:
                        return self._give_up(until, steps, budget)
                    continue
                if not heap or heap[0].time > until:
                    self._arrive(until, steps)
                    return True
                timer = heappop(heap)
                act = timer.action
                if act is None or timer.line is not None:
                    self._gone(timer)
                    if act is None:
                        continue
                timer.action = None
                now = timer.time
                if now != journal.now:
                    journal.now = now
                    self._instant_began = steps
                    bound = steps + self.patience
                    if bound > budget:
                        bound = budget
                steps += 1
                act(timer.argument)
        finally:
            self.steps = steps

    def _give_up(self, until: float, steps: int, budget: int) -> bool:
        """Answer for a limit that was reached: has the clock arrived all the same?"""
        if steps < budget:
            self.stalled = True
            self.journal.emit(STALLED, text="an instant that would not end")
            return False
        due = self.next_time()
        if due is not None and due <= until:
            return False
        self._arrive(until, steps)
        return True

    def _arrive(self, until: float, steps: int) -> None:
        if until > self.journal.now:
            self.journal.now = until
            self._instant_began = steps

    def step(self) -> bool:
        """Carry out the very next thing, moving the clock to it; False if nothing is left."""
        time = self.next_time()
        if time is None or self.stalled:
            return False
        self.advance(time, limit=1)
        return True
