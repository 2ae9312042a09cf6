"""Metrics of load leveling: what was offered, what was served, and what was served in vain."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from ..batching import per_message
from ..kernel import events as kind
from ..kernel.events import Event
from .contention import CONTENTION, Contention
from .crew import Crew
from .measures import Handler, Measure, Meter, Number, tidy
from .tape import Tape

RECENT = 2.0
"""Least stretch over which the present rate is measured, in seconds: the end of a burst shows."""

FEWEST = 3
"""Arrivals the stretch reaches back to at least, or what comes seldom would seem to have ended."""


class Leveling(Meter):
    """Offered, served, refused, wasted; and how long the backlog will take to drain."""

    slim = True
    measures = (
        Measure("offered", "requests clients made, not counting repetitions", "messages"),
        Measure("resent", "requests made again for want of an answer", "messages", 1),
        Measure("amplification", "requests and repetitions over requests", "", 1),
        Measure("served", "requests the service finished", "messages", -1),
        Measure("wasted", "requests finished after the client had stopped waiting", "messages", 1),
        Measure("in_time", "requests finished while the client still waited", "messages", -1),
        Measure("drained_at", "when a worker first found the queue empty after its peak", "s", 1),
        Measure("drain_eta", "seconds until the queue is empty, at the present rates", "s", 1),
        Measure("concurrency_max", "most requests the service worked on at a time", "requests"),
        Measure("utilisation", "share of their lives the workers spent working"),
        *CONTENTION,
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._sent = self._rejected = self._resent = self._served = self._wasted = 0
        self._depth = self._peak = 0
        self._drained: float | None = None
        self._down = False
        self._contention = Contention()
        self._working: set[str] = set()
        self._crew = Crew()
        self._scheduled: set[str] = set()
        self._busy = self._lives = 0.0
        self._most = 0
        self._last = 0.0
        self._arrivals: Tape[float] = Tape()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of requests and of workers."""
        arrivals = (kind.SENT, kind.DUE, kind.REDRIVEN, kind.LOCK_EXPIRED)
        idle = (kind.LOCK_LOST, kind.DEFERRED)
        gone = (kind.EXPIRED, kind.DROPPED)
        return {
            **dict.fromkeys(arrivals, self._arrived),
            **dict.fromkeys(idle, self._idle),
            **dict.fromkeys(gone, self._gone),
            kind.ABANDONED: self._abandoned,
            kind.DEAD_LETTERED: self._buried,
            kind.SHELVED: self._buried,
            kind.REJECTED: self._refused,
            kind.RESENT: self._asked_again,
            kind.DELIVERED: self._delivered,
            kind.CONTENDED: self._waits,
            kind.WORKING: self._began,
            kind.COMPLETED: self._finished,
            kind.LATE: self._late,
            kind.SPAWNED: self._born,
            kind.RESTARTED: self._born,
            kind.CRASHED: self._died,
            kind.STOPPED: self._died,
            kind.PAUSED: self._frozen,
            kind.RESUMED: self._frozen,
            kind.INJECTED: self._switched,
            kind.HEALED: self._switched,
        }

    def _pass(self, now: float) -> None:
        span = now - self._last
        if span:
            if self._depth > self._peak:
                self._peak, self._drained = self._depth, None
            idle = len(self._working) + self._contention.waiting < len(self._crew.alive)
            if idle and self._depth == 0 and self._peak and self._drained is None:
                self._drained = self._last
            self._most = max(self._most, len(self._working))
            self._busy += span * self._crew.at_work(self._working)
            self._lives += span * len(self._crew.alive)
            self._last = now

    def _arrived(self, event: Event) -> None:
        self._pass(event.t)
        if event.kind == kind.SENT:
            self._sent += 1
            self._arrivals.append(event.t)
        if event.until:
            self._scheduled.add(event.message)
        else:
            self._scheduled.discard(event.message)
            self._depth += 1

    def _refused(self, event: Event) -> None:
        self._pass(event.t)
        self._rejected += 1

    def _asked_again(self, event: Event) -> None:
        self._resent += 1

    def _delivered(self, event: Event) -> None:
        self._pass(event.t)
        self._depth -= 1

    def _gone(self, event: Event) -> None:
        self._pass(event.t)
        if event.message in self._scheduled:
            self._scheduled.discard(event.message)
        elif event.kind == kind.EXPIRED or (event.text in kind.LEAVES and not event.actor):
            self._depth -= 1
        else:  # the acknowledgement was lost; the worker knows nothing of it and goes on
            self._working.discard(event.actor)

    def _buried(self, event: Event) -> None:
        self._pass(event.t)
        if not event.actor and event.text != "TTLExpired":
            self._depth -= 1

    def _waits(self, event: Event) -> None:
        self._pass(event.t)
        self._contention.waits(event)

    def _began(self, event: Event) -> None:
        self._pass(event.t)
        self._contention.begins(event)
        self._working.add(event.actor)

    def _finished(self, event: Event) -> None:
        self._pass(event.t)
        self._served += 1
        self._depth -= event.text == kind.READY_AGAIN
        self._working.discard(event.actor)

    def _abandoned(self, event: Event) -> None:
        self._arrived(event)
        self._working.discard(event.actor)

    def _idle(self, event: Event) -> None:
        self._pass(event.t)
        self._working.discard(event.actor)

    def _late(self, event: Event) -> None:
        self._wasted += 1

    def _born(self, event: Event) -> None:
        self._pass(event.t)
        self._crew.joins(event)

    def _died(self, event: Event) -> None:
        self._pass(event.t)
        self._crew.leaves(event)
        self._contention.dies(event)
        self._working.discard(event.actor)

    def _frozen(self, event: Event) -> None:
        self._pass(event.t)
        (self._crew.freezes if event.kind == kind.PAUSED else self._crew.thaws)(event)

    def _switched(self, event: Event) -> None:
        self._crew.slows(event)
        if event.message == "database-down":
            self._down = event.kind == kind.INJECTED

    def _eta(self, now: float) -> float | None:
        if not self._depth:
            return 0.0
        settings = self._settings()
        mean = settings.service.mean * per_message(settings.batch, settings.batch_share)
        if mean <= 0 or self._down:
            return None
        drain = self._crew.rate(mean, settings.database) - self._rate(now)
        return self._depth / drain if drain > 0 else None

    def _rate(self, now: float) -> float:
        """Return how many messages a second have arrived of late."""
        times, most = self._arrivals.items, self._arrivals.length
        start = now - RECENT
        if most >= FEWEST:
            start = min(start, times[most - FEWEST])
        return (most - bisect_right(times, start, hi=most)) / (now - start)

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        self._pass(now)
        attempts = self._sent + self._rejected
        offered = attempts - self._resent
        eta = self._eta(now)
        return {
            "offered": offered,
            "resent": self._resent,
            "amplification": tidy(attempts / offered) if offered else None,
            "served": self._served,
            "wasted": self._wasted,
            "in_time": self._served - self._wasted,
            "drained_at": self._drained,
            "drain_eta": None if eta is None else tidy(eta),
            "concurrency_max": self._most,
            "utilisation": tidy(self._busy / self._lives) if self._lives else None,
            **self._contention.values(),
        }

    def copy(self) -> Leveling:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._contention = self._contention.copy()
        twin._working = set(self._working)
        twin._crew = self._crew.copy()
        twin._scheduled = set(self._scheduled)
        twin._arrivals = self._arrivals.copy()
        return twin
