"""The metrics every pattern has."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler, Measure, Meter, Number, tidy
from .queues import QueuesFold
from .samples import Sampled, Samples

COUNTED = {
    kind.SENT: ("sent", "messages accepted by a queue"),
    kind.DELIVERED: ("delivered", "deliveries to a consumer"),
    kind.COMPLETED: ("completed", "messages settled for good"),
    kind.ABANDONED: ("abandoned", "deliveries given back by a consumer"),
    kind.DEAD_LETTERED: ("dead_lettered", "messages sent to the dead-letter queue"),
    kind.SHELVED: ("shelved", "messages that stay where they are and are delivered no more"),
    kind.EXPIRED: ("expired", "messages that outlived their time to live"),
    kind.REJECTED: ("rejected", "sends refused by a full queue"),
    kind.DROPPED: ("dropped", "messages or acknowledgements lost"),
    kind.LOCK_EXPIRED: ("lock_expired", "locks that ended without a settlement"),
    kind.LOCK_LOST: ("lock_lost", "settlements that came with a stale lock"),
    kind.CRASHED: ("crashes", "processes that died"),
    kind.EFFECT: ("effects", "changes made to the world outside"),
    kind.EFFECT_SKIPPED: ("effects_skipped", "changes an inbox prevented"),
}
WORSE = {
    "abandoned",
    "dead_lettered",
    "shelved",
    "expired",
    "rejected",
    "dropped",
    "lock_expired",
    "lock_lost",
}


class CommonMeter(Meter):
    """Counts, waits, depth and age. A wait is from ready to first delivery, in seconds.

    Depth is measured between instants: a message that arrives and is handed over at the same
    instant never counts as waiting.
    """

    measures = (
        *(
            Measure(name, about, "messages" if name == "sent" else "", 1 if name in WORSE else 0)
            for name, about in COUNTED.values()
        ),
        Measure("redelivered", "deliveries beyond a message's first", "", 1),
        Measure("duplicate_effects", "effects applied again for the same message", "", 1),
        Measure("depth", "messages ready now", "messages", 1),
        Measure("depth_max", "most messages ready at a time", "messages", 1),
        Measure("depth_max_at", "when that was first", "s"),
        Measure("wait_p50", "median wait for the first delivery", "s", 1),
        Measure("wait_p95", "95th percentile of that wait", "s", 1),
        Measure("wait_max", "longest such wait", "s", 1),
        Measure("age_max", "greatest age a ready message reached", "s", 1),
        Measure("age_oldest", "age of the oldest ready message now", "s", 1),
        Measure("last_completed_at", "when the last message was completed", "s"),
        Measure("last_effect_at", "when the last effect was applied", "s"),
    )

    def __init__(self, queues: QueuesFold) -> None:
        """Measure what ``queues`` folds; it must be fed each event before this meter is."""
        self._queues = queues
        self._counts = dict.fromkeys(COUNTED, 0)
        self._redelivered = 0
        self._applied: dict[tuple[str, str], int] = {}
        self._duplicates = 0
        self._waits = Samples()
        self._taken_back: set[tuple[str, str]] = set()
        self._now = 0.0
        self._depth = 0
        self._depth_max = 0
        self._depth_max_at: float | None = None
        self._age_max = 0.0
        self._last_completed: float | None = None
        self._last_effect: float | None = None

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for every kind that is counted or moves a message."""
        handlers: dict[str, Handler] = dict.fromkeys(COUNTED, self._count)
        handlers |= {
            kind.SENT: self._moved,
            kind.DUE: self._moved,
            kind.REDRIVEN: self._redriven,
            kind.ABANDONED: self._returned,
            kind.LOCK_EXPIRED: self._moved,
            kind.DELIVERED: self._delivered,
            kind.COMPLETED: self._completed,
            kind.DEAD_LETTERED: self._moved,
            kind.SHELVED: self._moved,
            kind.EXPIRED: self._moved,
            kind.DROPPED: self._moved,
            kind.EFFECT: self._effect,
        }
        return handlers

    def _count(self, event: Event) -> None:
        self._counts[event.kind] += 1

    def _settle_instant(self, now: float) -> None:
        if now != self._now:
            if self._depth > self._depth_max:
                self._depth_max = self._depth
                self._depth_max_at = self._now
            self._now = now

    def _moved(self, event: Event) -> None:
        self._settle_instant(event.t)
        if event.kind in self._counts:
            self._counts[event.kind] += 1
        self._depth = self._queues.depth
        if event.kind == kind.EXPIRED:
            oldest = self._queues.queue(event.queue).gone
            if oldest:
                self._age_max = max(self._age_max, event.t - oldest[-1].since)

    def _returned(self, event: Event) -> None:
        self._moved(event)
        if not event.delivery:  # as if it had never been delivered: its session was closed
            self._taken_back.add((event.queue, event.message))

    def _redriven(self, event: Event) -> None:
        self._moved(event)
        self._taken_back.discard((event.queue, event.message))

    def _again(self, event: Event) -> bool:
        """Say whether a first delivery, by its count, was made before and not counted."""
        return (event.queue, event.message) in self._taken_back

    def _delivered(self, event: Event) -> None:
        self._settle_instant(event.t)
        self._counts[kind.DELIVERED] += 1
        self._depth = self._queues.depth
        view = self._queues.queues[event.queue].locked[event.message]
        age = event.t - view.since
        if age > self._age_max:
            self._age_max = age
        if event.delivery == 1 and not (self._taken_back and self._again(event)):
            self._waits.append(view.waited)
        else:
            self._redelivered += 1

    def _completed(self, event: Event) -> None:
        self._counts[kind.COMPLETED] += 1
        self._last_completed = event.t
        if event.text:  # late: it may have been ready again
            self._settle_instant(event.t)
            self._depth = self._queues.depth

    def _effect(self, event: Event) -> None:
        self._counts[kind.EFFECT] += 1
        self._last_effect = event.t
        name = event.message.partition("~")[0]
        if self._applied.setdefault((event.queue, name), event.n) < event.n:
            self._duplicates += 1

    def values(self, now: float) -> Mapping[str, Number]:
        """Return every metric as of ``now`` seconds."""
        self._settle_instant(now)
        depth, peak, peak_at = self._depth, self._depth_max, self._depth_max_at
        if depth > peak:
            peak, peak_at = depth, now
        oldest = self._queues.oldest()
        age = 0.0 if oldest is None else now - oldest
        waits = self._waits
        values: dict[str, Number] = {
            name: self._counts[what] for what, (name, _) in COUNTED.items()
        }
        values |= {
            "redelivered": self._redelivered,
            "duplicate_effects": self._duplicates,
            "depth": depth,
            "depth_max": peak,
            "depth_max_at": peak_at,
            "wait_p50": waits.percentile(0.50),
            "wait_p95": waits.percentile(0.95),
            "wait_max": waits.longest,
            "age_max": tidy(max(self._age_max, age)),
            "age_oldest": tidy(age),
            "last_completed_at": self._last_completed,
            "last_effect_at": self._last_effect,
        }
        return values

    def sampled(self) -> Iterable[Sampled]:
        """Return the waits, of which there is one a first delivery."""
        first = self._counts[kind.DELIVERED] - self._redelivered
        return (Sampled("wait", self._waits.length, first, "first deliveries"),)

    def copy_onto(self, queues: QueuesFold) -> CommonMeter:
        """Return an independent copy that measures a copy of the queues.

        Effects seen are shared: their event numbers tell which copy has seen them.
        """
        twin = copy.copy(self)
        twin._queues = queues
        twin._counts = dict(self._counts)
        twin._waits = self._waits.copy()
        twin._taken_back = set(self._taken_back)
        return twin
