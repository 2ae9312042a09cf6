"""Metrics of competing consumers: utilisation, overlap, what prefetching holds back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from .contention import CONTENTION, Contention
from .crew import Crew
from .measures import Handler, Measure, Meter, Number, tidy


class Consuming(Meter):
    """How well, and how wastefully, the consumers were used."""

    slim = True
    measures = (
        Measure("throughput", "messages completed a second of the run", "/s", -1),
        Measure("utilisation", "share of its life a consumer spent working, all together"),
        Measure("parallelism_max", "most consumers at work at a time", "consumers"),
        Measure("parallelism", "consumers at work at a time, on average", "consumers"),
        Measure(
            "redelivery_rate", "share of the deliveries that were not a message's first", "", 1
        ),
        Measure("deferred", "times a message was set aside, to be fetched by its number"),
        Measure("overlap_seconds", "time two consumers worked on the same message", "s", 1),
        Measure(
            "last_lock_ends_at", "when the last lock that was granted ends, used up or not", "s"
        ),
        Measure("dead_letters", "messages in the dead-letter queue now", "messages", 1),
        Measure("redriven", "dead letters returned to their queue", "messages"),
        Measure("prefetch_held_max", "most messages locked and not started", "messages", 1),
        *CONTENTION,
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._contention = Contention()
        self._completed = 0
        self._dead = 0
        self._last_lock: float | None = None
        self._redriven = 0
        self._deferred = 0
        self._delivered = self._again = 0
        self._working: dict[str, str] = {}
        self._workers: dict[str, int] = {}
        self._overlapping = 0
        self._overlap = 0.0
        self._busy = 0.0
        self._crew = Crew()
        self._lives = 0.0
        self._held = 0
        self._held_max = 0
        self._parallel_max = 0
        self._last = 0.0

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of work and of lives."""
        ends = (kind.COMPLETED, kind.ABANDONED, kind.LOCK_LOST, kind.DEFERRED)
        deaths = (kind.CRASHED, kind.STOPPED)
        return {
            kind.SPAWNED: self._born,
            kind.RESTARTED: self._born,
            kind.PAUSED: self._frozen,
            kind.RESUMED: self._frozen,
            kind.DELIVERED: self._handed_over,
            kind.CONTENDED: self._contention.waits,
            kind.WORKING: self._began,
            kind.RENEWED: self._renewed,
            kind.LOCK_EXPIRED: self._lapsed,
            kind.DROPPED: self._lost,
            kind.DEAD_LETTERED: self._buried,
            kind.SHELVED: self._turned_down,
            kind.REDRIVEN: self._revived,
            **dict.fromkeys(ends, self._ended),
            **dict.fromkeys(deaths, self._died),
        }

    def _pass(self, now: float) -> None:
        span = now - self._last
        if span:
            self._parallel_max = max(self._parallel_max, len(self._working))
            self._busy += span * self._crew.at_work(self._working)
            self._lives += span * len(self._crew.alive)
            self._overlap += span * self._overlapping
            self._held_max = max(self._held_max, self._held - len(self._working))
            self._last = now

    def _born(self, event: Event) -> None:
        self._pass(event.t)
        self._crew.joins(event)

    def _died(self, event: Event) -> None:
        self._pass(event.t)
        self._crew.leaves(event)
        self._contention.dies(event)
        self._stop(event.actor)

    def _frozen(self, event: Event) -> None:
        self._pass(event.t)
        (self._crew.freezes if event.kind == kind.PAUSED else self._crew.thaws)(event)

    def _handed_over(self, event: Event) -> None:
        self._pass(event.t)
        self._delivered += 1
        self._again += event.delivery > 1
        if event.until:
            self._held += 1
            self._last_lock = event.until

    def _renewed(self, event: Event) -> None:
        self._last_lock = event.until

    def _lapsed(self, event: Event) -> None:
        self._pass(event.t)
        self._held -= 1

    def _began(self, event: Event) -> None:
        self._pass(event.t)
        self._contention.begins(event)
        self._working[event.actor] = event.message
        count = self._workers.get(event.message, 0) + 1
        self._workers[event.message] = count
        if count == 2:
            self._overlapping += 1

    def _ended(self, event: Event) -> None:
        self._pass(event.t)
        if event.kind != kind.LOCK_LOST and event.text != kind.READY_AGAIN:
            self._held -= 1
        if event.kind == kind.COMPLETED:
            self._completed += 1
        elif event.kind == kind.DEFERRED:
            self._deferred += 1
        self._stop(event.actor)

    def _lost(self, event: Event) -> None:
        self._pass(event.t)
        if event.text == kind.RETENTION:
            self._dead -= 1
        elif (
            event.text not in kind.LEAVES or event.text == kind.TURNED_DOWN
        ):  # for the consumer it is done: told, or told in vain
            self._stop(event.actor)
            self._held -= event.text == kind.TURNED_DOWN

    def _turned_down(self, event: Event) -> None:
        self._pass(event.t)
        if event.actor:  # at the consumer's word; at the limit it has been let go before
            self._held -= 1
            self._stop(event.actor)

    def _stop(self, actor: str) -> None:
        message = self._working.pop(actor, None)
        if message is not None:
            count = self._workers[message] - 1
            if count == 1:
                self._overlapping -= 1
            if count:
                self._workers[message] = count
            else:
                del self._workers[message]

    def _buried(self, event: Event) -> None:
        self._turned_down(event)
        self._dead += 1

    def _revived(self, event: Event) -> None:
        self._dead -= 1
        self._redriven += 1

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        self._pass(now)
        return {
            "throughput": tidy(self._completed / now) if now else None,
            "utilisation": tidy(self._busy / self._lives) if self._lives else None,
            "parallelism_max": self._parallel_max,
            "parallelism": tidy(self._busy / now) if now else None,
            "redelivery_rate": tidy(self._again / self._delivered) if self._delivered else None,
            "deferred": self._deferred,
            "overlap_seconds": tidy(self._overlap),
            "last_lock_ends_at": self._last_lock,
            "dead_letters": self._dead,
            "redriven": self._redriven,
            "prefetch_held_max": self._held_max,
            **self._contention.values(),
        }

    def copy(self) -> Consuming:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._contention = self._contention.copy()
        twin._working = dict(self._working)
        twin._workers = dict(self._workers)
        twin._crew = self._crew.copy()
        return twin
