"""Depth, age and rates over time, sampled at fixed steps."""

from __future__ import annotations

from ..kernel import events as kind
from ..kernel.events import Event
from ..views import SeriesView
from .measures import Handler
from .queues import QueuesFold
from .tape import Tape

SAMPLES = 240
"""Samples in the planned duration of a run."""

LONGEST = 100_000
"""Steps that are closed at the most: a run that goes on for long after what was planned has one
open step at its end."""


def step_of(duration: float) -> float:
    """Return the step, in seconds, at which a run of so many seconds is sampled."""
    return max(duration / SAMPLES, 1e-3)


class SeriesFold:
    """Closes one step after the other as time passes."""

    def __init__(self, queues: QueuesFold, step: float) -> None:
        self._queues = queues
        self._step = step
        self._depth: Tape[int] = Tape()
        self._age: Tape[float] = Tape()
        self._arrived: Tape[int] = Tape()
        self._served: Tape[int] = Tape()
        self._arrivals = 0
        self._services = 0
        self._deepest = 0

    def before(self, now: float) -> None:
        """Close every step that ends before ``now`` seconds; call it before feeding an event."""
        while (end := (self._depth.length + 1) * self._step) < now and self._depth.length < LONGEST:
            self._age.append(self._aged(end))
            self._depth.append(self._queues.depth)
            self._deepest = max(self._deepest, self._queues.deepest)
            self._arrived.append(self._arrivals)
            self._served.append(self._services)
            self._arrivals = self._services = 0

    def _aged(self, now: float) -> float:
        oldest = self._queues.oldest()
        return 0.0 if oldest is None else now - oldest

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers that count what comes and goes."""
        return {
            kind.SENT: self._came,
            kind.REJECTED: self._came,
            kind.COMPLETED: self._went,
        }

    def _came(self, event: Event) -> None:
        self._arrivals += 1

    def _went(self, event: Event) -> None:
        self._services += 1

    def view(self, now: float) -> SeriesView:
        """Return the frozen samples up to ``now`` seconds, the open step last.

        Steps that have ended since the last event stay open in the fold: it may be looked at
        earlier again.
        """
        number, ended = self._depth.length, list[float]()
        while (end := (number + 1) * self._step) < now and number < LONGEST:
            ended.append(end)
            number += 1
        nothing = (0,) * len(ended)
        return SeriesView(
            self._step,
            (*self._depth.since(0), *(self._queues.depth for _ in ended), self._queues.depth),
            (*self._age.since(0), *map(self._aged, ended), self._aged(now)),
            (*self._arrived.since(0), self._arrivals, *nothing),
            (*self._served.since(0), self._services, *nothing),
            max(self._deepest, self._queues.deepest),
        )

    def copy_onto(self, queues: QueuesFold) -> SeriesFold:
        """Return an independent copy that samples a copy of the queues."""
        twin = SeriesFold(queues, self._step)
        twin._depth, twin._age = self._depth.copy(), self._age.copy()
        twin._arrived, twin._served = self._arrived.copy(), self._served.copy()
        twin._arrivals, twin._services = self._arrivals, self._services
        twin._deepest = self._deepest
        return twin
