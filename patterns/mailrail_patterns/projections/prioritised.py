"""Metrics of a priority queue: who waited how long, who starved, who was overtaken unduly."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..ranks import CLASSES as CLASS_OF
from ..ranks import NUMBERED
from .chain import Chain
from .measures import Handler, Measure, Meter, Number, tidy
from .samples import Sampled, Samples

CLASSES = ("high", "low")
FAVOURS = ("aging", "share", "deadline", "shortest")
"""The policies that may let a low message go before a ready high one."""


class Class:
    """One priority's running figures.

    Attributes:
        ready: Since when each ready message has been, in seconds.
        since: When each message that was not begun yet was accepted, in seconds.
        waits: How long each waited for its first delivery, in seconds.
        offered: How many were accepted.
        started: How many were begun.
        gap: Longest time between two starts, in seconds.
        last_start: When one was last begun, in seconds; None: never.
    """

    def __init__(self) -> None:
        self.ready: Chain[float] = Chain(float)
        self.since: Chain[float] = Chain(float)
        self.waits = Samples()
        self.offered = self.started = 0
        self.gap = 0.0
        self.last_start: float | None = None
        self._waited_from = 0.0

    def add(self, name: str, now: float) -> None:
        """Take notice that a message is ready."""
        if not self.ready.length:
            self._waited_from = now
        self.ready.enter(name, now)

    def waiting(self, label: str, now: float) -> dict[str, Number]:
        """Return what is told of a class and of a number alike, each after its label."""
        waits, oldest = self.waits, self.ready.oldest()
        return {
            f"{label}_served": waits.length,
            f"{label}_wait_p50": waits.percentile(0.50),
            f"{label}_wait_max": waits.longest,
            f"{label}_ready": self.ready.length,
            f"{label}_oldest": tidy(now - (now if oldest is None else oldest)),
        }

    def starved(self, now: float) -> float:
        """Return for how long none has been started while some wait, in seconds."""
        if not self.ready.length:
            return 0.0
        return now - (self._waited_from if self.last_start is None else self.last_start)

    def copy(self) -> Class:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.ready, twin.since = self.ready.copy(), self.since.copy()
        twin.waits = self.waits.copy()
        return twin


BY_NUMBER = tuple(
    measure
    for number in NUMBERED
    for measure in (
        Measure(f"p{number}_served", f"messages of priority {number} whose delivery has begun"),
        Measure(f"p{number}_wait_p50", f"median wait of priority {number}", "s", 1),
        Measure(f"p{number}_wait_max", f"longest wait of priority {number}", "s", 1),
        Measure(f"p{number}_ready", f"messages of priority {number} ready now"),
        Measure(f"p{number}_oldest", f"how long the oldest of them has been ready: {number}", "s",
                1),
    )
)  # fmt: skip
"""The metrics of each number, where messages are stamped with numbers."""


class Prioritised(Meter):
    """Waits, gaps and shares by class. A gap is the time between two starts of one class.

    Where messages are stamped with numbers, also waits, depth and age by number.
    """

    slim = True
    measures = (
        *(
            measure
            for name in CLASSES
            for measure in (
                Measure(f"{name}_offered", f"{name} messages accepted", "messages"),
                Measure(f"{name}_served", f"{name} messages whose first delivery has begun"),
                Measure(f"{name}_started", f"{name} messages whose work has begun"),
                Measure(f"{name}_wait_p50", f"median wait of {name}", "s", 1),
                Measure(f"{name}_wait_p95", f"95th percentile of the wait of {name}", "s", 1),
                Measure(f"{name}_wait_max", f"longest wait of {name}", "s", 1),
                Measure(f"{name}_ready", f"{name} messages ready now"),
                Measure(
                    f"{name}_oldest",
                    f"how long the {name} message that is ready longest has been",
                    "s",
                    1,
                ),
                Measure(f"{name}_unbegun", f"age of the oldest {name} message not begun", "s", 1),
                Measure(
                    f"{name}_starved",
                    f"time since the last {name} start, while {name} waits",
                    "s",
                    1,
                ),
                Measure(f"{name}_gap_max", f"longest time between two {name} starts", "s", 1),
            )
        ),
        Measure("sla_misses", "high messages not begun by when it was agreed", "messages", 1),
        Measure("promotions", "low messages delivered before a ready high one, by policy"),
        Measure("inversions", "high messages that waited behind prefetched low ones", "", 1),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._classes = {name: Class() for name in CLASSES}
        ten = settings().priorities.value == "ten"
        self._numbers = {number: Class() for number in NUMBERED if ten}
        if ten:
            self.measures = (*self.measures, *BY_NUMBER)
        self._folds = self._by_label()
        self._label: dict[str, str] = {}
        self._misses = self._inversions = self._promotions = self._first = 0
        self._held: dict[str, set[str]] = {}  # low messages prefetched and not begun

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that becomes or ceases to be ready."""
        back = (kind.DUE, kind.REDRIVEN, kind.ABANDONED, kind.LOCK_EXPIRED)
        gone = (kind.EXPIRED, kind.DROPPED, kind.DEAD_LETTERED, kind.SHELVED)
        return {
            kind.SENT: self._sent,
            **dict.fromkeys(back, self._back),
            **dict.fromkeys(gone, self._gone),
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            kind.COMPLETED: self._completed,
            kind.EFFECT_SKIPPED: self._skipped,
            kind.RESTARTED: self._restarted,
            kind.CRASHED: self._restarted,
        }

    def _sent(self, event: Event) -> None:
        found = self._folds.get(event.group, ())
        if found:
            self._label[event.message] = event.group
            found[0].offered += 1
            found[0].since.enter(event.message, event.t)
        if not event.until:
            for each in found:
                each.add(event.message, event.t)

    def _by_label(self) -> Mapping[str, Sequence[Class]]:
        """Return for each label its class first, and its number where that is counted too.

        When work was begun is told of a class only.
        """
        numbers = self._numbers
        return {
            label: (self._classes[name], *((numbers[label],) if label in numbers else ()))
            for label, name in CLASS_OF.items()
        }

    def _of(self, event: Event) -> Sequence[Class]:
        return self._folds.get(self._label.get(event.message, ""), ())

    def _back(self, event: Event) -> None:
        if not event.until:
            for each in self._of(event):
                each.add(event.message, event.t)

    def _gone(self, event: Event) -> None:
        found = self._of(event)
        for each in found:
            each.ready.pop(event.message)
        for its_class in found[:1]:
            since = its_class.since.pop(event.message)
            self._misses += self._late(its_class, since, event.t)

    def _delivered(self, event: Event) -> None:
        self._first += event.delivery == 1
        found = self._of(event)
        if not found:
            return
        for each in found:
            since = each.ready.pop(event.message)
            if event.delivery == 1:
                each.waits.append(event.t - (event.t if since is None else since))
        held = self._held.setdefault(event.actor, set())
        settings = self._settings()
        if found[0] is self._classes["high"]:
            self._inversions += bool(held)
        else:
            held.add(event.message)
            favoured = settings.policy.value in FAVOURS
            self._promotions += favoured and bool(self._classes["high"].ready.length)

    def _working(self, event: Event) -> None:
        found = self._of(event)
        if not found:
            return
        its_class = found[0]
        since = its_class.since.pop(event.message)
        if since is not None:
            its_class.started += 1
            self._misses += self._late(its_class, since, event.t)
        if its_class.last_start is not None:
            its_class.gap = max(its_class.gap, event.t - its_class.last_start)
        its_class.last_start = event.t
        self._settled(event)

    def _late(self, its_class: Class, since: float | None, now: float) -> bool:
        """Say whether a message accepted then and not begun until now misses what was agreed."""
        if since is None or its_class is not self._classes["high"]:
            return False
        return since < now - self._agreed()

    def _agreed(self) -> float:
        """Return how long a high message may wait to be begun, in seconds, and half a tick."""
        agreed: float = self._settings().sla
        return agreed + 5e-7

    def _skipped(self, event: Event) -> None:
        for its_class in self._of(event)[:1]:
            its_class.since.pop(event.message)

    def _completed(self, event: Event) -> None:
        if event.text:  # late: it may have been ready again
            self._gone(event)
        self._settled(event)

    def _settled(self, event: Event) -> None:
        held = self._held.get(event.actor)
        if held is not None:
            held.discard(event.message)

    def _restarted(self, event: Event) -> None:
        self._held.pop(event.actor, None)  # what it had prefetched died with it

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        values: dict[str, Number] = {}
        for name, found in self._classes.items():
            unbegun = found.since.oldest()
            values |= found.waiting(name, now) | {
                f"{name}_offered": found.offered,
                f"{name}_started": found.started,
                f"{name}_wait_p95": found.waits.percentile(0.95),
                f"{name}_unbegun": tidy(now - (now if unbegun is None else unbegun)),
                f"{name}_starved": tidy(found.starved(now)),
                f"{name}_gap_max": tidy(found.gap),
            }
        waiting = self._classes["high"].since.before(now - self._agreed())
        values |= {
            "sla_misses": self._misses + waiting,
            "promotions": self._promotions,
            "inversions": self._inversions,
        }
        for number, found in self._numbers.items():
            values |= found.waiting(f"p{number}", now)
        return {each.name: values[each.name] for each in self.measures}

    def sampled(self) -> Iterable[Sampled]:
        """Return the waits of all classes together: each message is of one."""
        waits = sum(found.waits.length for found in self._classes.values())
        return (Sampled("high_wait and low_wait", waits, self._first, "first deliveries"),)

    def copy(self) -> Prioritised:
        """Return an independent copy; what class a message is of never changes and is shared."""
        twin = copy.copy(self)
        twin._classes = {name: found.copy() for name, found in self._classes.items()}
        twin._numbers = {number: found.copy() for number, found in self._numbers.items()}
        twin._folds = twin._by_label()
        twin._held = {name: set(held) for name, held in self._held.items()}
        return twin
