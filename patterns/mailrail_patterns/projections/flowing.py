"""Metrics of a pipeline: where it is slow, what waits before it, and what comes out when."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

import msgspec

from ..items import is_copy, item_of
from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler, Measure, Meter, Number, joined, tidy
from .samples import Sampled, Samples
from .sink import MEASURES as OF_THE_SINK
from .sink import Sink, SinkGap
from .stages import MEASURES as OF_THE_STAGES
from .stages import STAGES, Stage

FIRST = "to-decode"
"""The pipe the sources put items into."""


class Belt(msgspec.Struct, frozen=True):
    """What the picture of a pipeline needs beside the pipes.

    Attributes:
        passed: Items that a filter handed on as they came.
        gaps: The keys that do not go on at the sink, where it goes by numbers.
    """

    passed: frozenset[str]
    gaps: tuple[SinkGap, ...]


class Flowing(Meter):
    """How fast items flow, and which stage holds them up.

    Attributes:
        passed: Items that a filter handed on as they came.
    """

    measures = (
        Measure("items_in", "items the source sent", "messages"),
        Measure("items_out", "items published, repetitions not counted", "messages", -1),
        Measure(
            "passed_through", "items a filter gave up and handed on as they came", "messages", 1
        ),
        Measure("out_of_order", "items published after a later one of their key", "messages", 1),
        Measure("halted", "filters that take nothing more", "actors", 1),
        Measure("published_twice", "items published more than once", "messages", 1),
        Measure("duplicates_dropped", "copies the broker or an inbox kept out", "messages"),
        Measure("first_out_at", "when the first item was published", "s", 1),
        Measure("last_out_at", "when the last item was published", "s", 1),
        Measure("item_p50", "median time of an item through the pipeline", "s", 1),
        Measure("item_p95", "95th percentile of that time", "s", 1),
        *OF_THE_STAGES,
        Measure("predicted_rate", "items a second the slowest stage can do", "/s"),
        Measure("measured_rate", "items a second between first and last out", "/s"),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._stages = {stage: Stage() for stage in STAGES}
        self._monoliths: set[str] = set()
        self._slow: dict[str, float] = {}
        self._role: dict[str, str] = {}
        self._started: dict[str, float] = {}
        self._in = self._dropped = 0
        self._out: dict[str, int] = {}
        self._twice = 0
        self._first: float | None = None
        self._last_out: float | None = None
        self.passed: frozenset[str] = frozenset()
        self._halted: set[str] = set()
        self._places: dict[str, tuple[str, int]] = {}
        self._newest: dict[str, int] = {}
        self._late = 0
        self._times = Samples()
        self._last = 0.0
        self._sink = Sink(settings) if settings().keys else None
        if self._sink is not None:
            self.measures = (*self.measures, *OF_THE_SINK)

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of items and of filters."""
        idle = (kind.ABANDONED, kind.LOCK_LOST, kind.COMPLETED)
        gone = (kind.CRASHED, kind.STOPPED)
        own: dict[str, Handler] = {
            kind.SPAWNED: self._born,
            kind.RESTARTED: self._born,
            kind.INJECTED: self._slowed,
            kind.HEALED: self._slowed,
            kind.PAUSED: self._paused,
            kind.RESUMED: self._resumed,
            **dict.fromkeys(gone, self._died),
            kind.SENT: self._sent,
            kind.BLOCKED: self._blocked,
            kind.REJECTED: self._turned_away,
            kind.LOCK_EXPIRED: self._returned,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            **dict.fromkeys(idle, self._idle),
            kind.EFFECT: self._published,
            kind.EFFECT_SKIPPED: self._kept_out,
            kind.NOTED: self._noted,
            kind.HALTED: self._halts,
            kind.DROPPED: self._lost,
            kind.DEAD_LETTERED: self._ended,
            kind.SHELVED: self._ended,
        }
        return own if self._sink is None else joined(own, self._sink.handlers())

    def _pass(self, now: float) -> None:
        span = now - self._last
        if span:
            for stage in self._stages.values():
                stage.passes(span)
            self._last = now

    def _of(self, event: Event) -> Stage | None:
        return self._stages.get(self._role.get(event.actor, ""))

    def _before(self, event: Event) -> Stage | None:
        return self._stages.get(event.queue.removeprefix("to-"))

    def _born(self, event: Event) -> None:
        self._pass(event.t)
        self._halted.discard(event.actor)
        role = event.text.partition(" ")[0]
        self._role[event.actor] = role
        if role in self._stages:
            self._stages[role].alive.add(event.actor)
        elif role == "monolith":
            self._monoliths.add(event.actor)

    def _died(self, event: Event) -> None:
        self._pass(event.t)
        self._monoliths.discard(event.actor)
        stage = self._of(event)
        if stage is not None:
            stage.alive.discard(event.actor)
            stage.working.discard(event.actor)
            stage.blocked.discard(event.actor)
            stage.paused.discard(event.actor)

    def _slowed(self, event: Event) -> None:
        if event.message != "slow":
            return
        factor = event.value if event.kind == kind.INJECTED else 1.0
        for name in [event.actor] if event.actor else self._role:
            self._slow[name] = factor

    def _paused(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.paused.add(event.actor)

    def _resumed(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.paused.discard(event.actor)

    def _sent(self, event: Event) -> None:
        self._pass(event.t)
        before, own = self._before(event), self._of(event)
        if before is not None:
            before.depth += 1
            before.arrivals.append(event.t)
        if own is not None:
            own.blocked.discard(event.actor)
        if event.queue == FIRST and not is_copy(event.message):
            self._in += 1
            self._started[event.message] = event.t
            self._places[event.message] = event.group, self._in

    def _blocked(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.blocked.add(event.actor)

    def _turned_away(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.blocked.discard(event.actor)

    def _returned(self, event: Event) -> None:
        self._pass(event.t)
        before = self._before(event)
        if before is not None:
            before.depth += 1

    def _delivered(self, event: Event) -> None:
        self._pass(event.t)
        before = self._before(event)
        if before is not None:
            before.depth -= 1

    def _working(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.working.add(event.actor)

    def _idle(self, event: Event) -> None:
        self._pass(event.t)
        stage = self._of(event)
        if stage is not None:
            stage.working.discard(event.actor)
        if event.kind == kind.ABANDONED:
            self._returned(event)
        elif event.kind == kind.COMPLETED:
            before = self._before(event)
            if before is not None:
                before.departures.append(event.t)
            if event.text == kind.READY_AGAIN:
                self._delivered(event)

    def _published(self, event: Event) -> None:
        self._last_out = event.t
        if self._first is None:
            self._first = event.t
        name = item_of(event.message)
        count = self._out[name] = self._out.get(name, 0) + 1
        if count == 2:
            self._twice += 1
        elif count == 1:
            self._times.append(event.t - self._started.get(name, event.t))
            key, place = self._places.pop(name, ("", self._in))
            self._late += place < self._newest.get(key, 0)
            self._newest[key] = max(place, self._newest.get(key, 0))

    def _noted(self, event: Event) -> None:
        if event.text.startswith(kind.PASSED_THROUGH):
            self.passed |= {item_of(event.message)}

    def _halts(self, event: Event) -> None:
        self._halted.add(event.actor)

    def _kept_out(self, event: Event) -> None:
        self._dropped += 1

    def _ended(self, event: Event) -> None:
        if not event.actor and event.text != "TTLExpired":  # it had come back before
            self._delivered(event)

    def _lost(self, event: Event) -> None:
        if event.text == kind.LIMIT:
            self._ended(event)
        if event.text == "duplicate":
            self._dropped += 1
            self._pass(event.t)
            stage = self._of(event)
            if stage is not None:  # it may have waited for room only to hear this
                stage.blocked.discard(event.actor)

    def _predicted(self) -> float | None:
        settings = self._settings()
        if not settings.split:
            return self._rate(self._monoliths, settings.service.mean)
        able = [self._stages[stage].alive - self._stages[stage].paused for stage in settings.line]
        times = [settings.time_of(stage).mean for stage in settings.line]
        found = [self._rate(names, mean) for names, mean in zip(able, times, strict=True)]
        return min((rate for rate in found if rate is not None), default=None)

    def _rate(self, names: Set[str], mean: float) -> float | None:
        """Return what so many instances can do, in items per second; None: no time at all."""
        if mean <= 0:
            return None
        if not self._slow:
            return len(names) / mean
        # fsum: the sum must not depend on the order in which a set is walked.
        return math.fsum(1 / (mean * self._slow.get(name, 1.0)) for name in names)

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        self._pass(now)
        rate = None
        if self._first is not None and self._last_out is not None and len(self._out) > 1:
            span = self._last_out - self._first
            rate = tidy((len(self._out) - 1) / span) if span else None
        predicted = self._predicted()
        values: dict[str, Number] = {
            "items_in": self._in,
            "items_out": len(self._out),
            "passed_through": len(self.passed),
            "out_of_order": self._late,
            "halted": len(self._halted),
            "published_twice": self._twice,
            "duplicates_dropped": self._dropped,
            "first_out_at": self._first,
            "last_out_at": self._last_out,
            "item_p50": self._times.percentile(0.50),
            "item_p95": self._times.percentile(0.95),
            "predicted_rate": None if predicted is None else tidy(predicted),
            "measured_rate": rate,
        }
        for name, stage in self._stages.items():
            values.update(stage.values(name, now))
        if self._sink is not None:
            values.update(self._sink.values(now))
        return {measure.name: values[measure.name] for measure in self.measures}

    def sampled(self) -> Iterable[Sampled]:
        """Return how long each item was on its way."""
        return (Sampled("item", self._times.length, len(self._out), "items that came out"),)

    def scene(self, now: float) -> Belt:
        """Return what has become of items that their names do not tell."""
        return Belt(self.passed, () if self._sink is None else self._sink.gaps())

    def copy(self) -> Flowing:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._stages = {name: stage.copy() for name, stage in self._stages.items()}
        twin._monoliths, twin._slow = set(self._monoliths), dict(self._slow)
        twin._role = dict(self._role)
        twin._started = dict(self._started)
        twin._places, twin._newest = dict(self._places), dict(self._newest)
        twin._out, twin._halted = dict(self._out), set(self._halted)
        twin._times = self._times.copy()
        twin._sink = self._sink and self._sink.copy()
        return twin
