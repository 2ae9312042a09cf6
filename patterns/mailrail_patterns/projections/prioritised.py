"""Metrics of a priority queue: who waited how long, who starved, who was overtaken unduly."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler, Measure, Meter, Number, percentile, tidy
from .tape import Tape

CLASSES = ("high", "low")


class Class:
    """One priority's running figures."""

    def __init__(self) -> None:
        self.ready: dict[str, float] = {}
        self.waits: Tape[float] = Tape()
        self.offered = 0
        self.gap = 0.0
        self.last_start: float | None = None

    def copy(self) -> Class:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.ready, twin.waits = dict(self.ready), self.waits.copy()
        return twin


class Prioritised(Meter):
    """Waits, gaps and shares by class. A gap is the time between two starts of one class."""

    measures = (
        *(
            measure
            for name in CLASSES
            for measure in (
                Measure(f"{name}_offered", f"{name} messages accepted", "messages"),
                Measure(f"{name}_served", f"{name} messages whose first delivery has begun"),
                Measure(f"{name}_wait_p50", f"median wait of {name}", "s", 1),
                Measure(f"{name}_wait_p95", f"95th percentile of the wait of {name}", "s", 1),
                Measure(f"{name}_wait_max", f"longest wait of {name}", "s", 1),
                Measure(f"{name}_oldest", f"age of the oldest ready {name} message", "s", 1),
                Measure(f"{name}_gap_max", f"longest time between two {name} starts", "s", 1),
            )
        ),
        Measure("sla_misses", "high messages served later than agreed", "messages", 1),
        Measure("inversions", "high messages that waited behind prefetched low ones", "", 1),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._classes = {name: Class() for name in CLASSES}
        self._class: dict[str, str] = {}
        self._misses = self._inversions = 0
        self._held: dict[str, dict[str, str]] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that becomes or ceases to be ready."""
        back = (kind.DUE, kind.REDRIVEN, kind.ABANDONED, kind.LOCK_EXPIRED)
        gone = (kind.EXPIRED, kind.DROPPED, kind.DEAD_LETTERED)
        return {
            kind.SENT: self._sent,
            **dict.fromkeys(back, self._back),
            **dict.fromkeys(gone, self._gone),
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
        }

    def _sent(self, event: Event) -> None:
        found = self._classes.get(event.group)
        if found is not None:
            self._class[event.message] = event.group
            found.offered += 1
            if not event.until:
                found.ready[event.message] = event.t

    def _of(self, event: Event) -> Class | None:
        return self._classes.get(self._class.get(event.message, ""))

    def _back(self, event: Event) -> None:
        found = self._of(event)
        if found is not None and not event.until:
            found.ready[event.message] = event.t

    def _gone(self, event: Event) -> None:
        found = self._of(event)
        if found is not None:
            found.ready.pop(event.message, None)

    def _delivered(self, event: Event) -> None:
        found = self._of(event)
        if found is None:
            return
        since = found.ready.pop(event.message, event.t)
        held = self._held.setdefault(event.actor, {})
        if event.delivery == 1:
            held[event.message] = self._class[event.message]
            found.waits.append(event.t - since)
            if found is self._classes["high"] and event.t - since > self._settings().sla:
                self._misses += 1
        if self._class[event.message] == "high":
            self._inversions += any(name == "low" for name in held.values())

    def _working(self, event: Event) -> None:
        found = self._of(event)
        if found is None:
            return
        self._held.get(event.actor, {}).pop(event.message, None)
        if found.last_start is not None:
            found.gap = max(found.gap, event.t - found.last_start)
        found.last_start = event.t

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        values: dict[str, Number] = {}
        for name, found in self._classes.items():
            waits = sorted(found.waits.since(0))
            oldest = min(found.ready.values(), default=now)
            values |= {
                f"{name}_offered": found.offered,
                f"{name}_served": len(waits),
                f"{name}_wait_p50": _tidy(percentile(waits, 0.50)),
                f"{name}_wait_p95": _tidy(percentile(waits, 0.95)),
                f"{name}_wait_max": _tidy(waits[-1] if waits else None),
                f"{name}_oldest": tidy(now - oldest),
                f"{name}_gap_max": tidy(found.gap),
            }
        values |= {"sla_misses": self._misses, "inversions": self._inversions}
        return values

    def copy(self) -> Prioritised:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._classes = {name: found.copy() for name, found in self._classes.items()}
        twin._class = dict(self._class)
        twin._held = {name: dict(held) for name, held in self._held.items()}
        return twin


def _tidy(seconds: float | None) -> float | None:
    return None if seconds is None else tidy(seconds)
