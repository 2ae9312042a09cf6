"""What every consumer of a peek-lock queue promises, with the safeguards that are on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..port import Mode
from .rules import Guarantee, Handler, Rule

OVERLAP = Guarantee(
    "overlap-has-a-cause",
    "Two consumers work on one message only if the earlier lock has run out.",
    source="A4 (1)",
)
RENEWAL_HOLDS = Guarantee(
    "renewal-holds",
    "With lock renewal on, no lock runs out under a consumer that is alive and reachable.",
    source="A4 (1)",
)
DONE_OR_DEAD = Guarantee(
    "done-or-dead",
    "No message is settled before its work is done.",
    source="A4 rule 1",
)
WORK_CONSERVING = Guarantee(
    "work-conserving",
    "No consumer is idle while a message is ready (prefetch 1, no network delay).",
    source="A4 (1)",
)


class Holding(Rule):
    """Who works on what, and whether they may."""

    guarantees = (OVERLAP, RENEWAL_HOLDS, DONE_OR_DEAD)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._workers: dict[str, tuple[str, ...]] = {}
        self._lapses: dict[str, int] = {}
        self._forced = False
        self._tokens: dict[str, int] = {}
        self._excused: set[str] = set()
        self._unreachable = False
        self._done: set[tuple[str, int]] = set()
        self._taken: dict[str, list[str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything between receipt and settlement."""
        return {
            kind.WORKING: self._working,
            kind.EFFECT: self._applied,
            kind.EFFECT_SKIPPED: self._applied,
            kind.COMPLETED: self._completed,
            kind.ABANDONED: self._let_go,
            kind.LOCK_LOST: self._let_go,
            kind.LOCK_EXPIRED: self._lock_expired,
            kind.CRASHED: self._crashed,
            kind.PAUSED: self._excuse,
            kind.DROPPED: self._let_go,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
        }

    def _working(self, event: Event) -> None:
        actor, message = event.actor, event.message
        self._tokens[actor] = event.token
        if self._taken and actor in self._taken:
            self._took_another(event)
        workers = self._workers.get(message)
        if workers is None:
            self._workers[message] = (actor,)
            return
        if len(workers) > self._lapses.get(message, 0):
            self.breach("overlap-has-a-cause", event, f"{', '.join(workers)} still held {message}")
        if actor not in workers:
            self._workers[message] = (*workers, actor)

    def _took_another(self, event: Event) -> None:
        taken = self._taken[event.actor]
        while taken and taken[0] != event.message and event.message in taken:
            self._lose(event, taken.pop(0))

    def _lose(self, event: Event, message: str) -> None:
        self.breach("done-or-dead", event, f"{message} was deleted on receipt, never done")

    def _applied(self, event: Event) -> None:
        self._done.add((event.queue, event.token))
        if self._taken and event.message in self._taken.get(event.actor, ()):
            self._taken[event.actor].remove(event.message)

    def _completed(self, event: Event) -> None:
        key = event.queue, event.token
        if key in self._done:
            self._done.remove(key)
        elif self._settings().mode is Mode.RECEIVE_AND_DELETE:
            self._taken.setdefault(event.actor, []).append(event.message)
        else:
            self.breach("done-or-dead", event, f"{event.message} was settled before it was done")
        self._let_go(event)

    def _let_go(self, event: Event) -> None:
        message = event.message
        workers = self._workers.get(message)
        if workers is not None and event.actor in workers:
            if len(workers) == 1:
                del self._workers[message]
            else:
                self._workers[message] = tuple(w for w in workers if w != event.actor)
        if self._excused:
            self._excused.discard(event.actor)

    def _lock_expired(self, event: Event) -> None:
        self._lapses[event.message] = self._lapses.get(event.message, 0) + 1
        forced, self._forced = self._forced, False
        workers = self._workers.get(event.message)
        if workers is None:
            return
        holder = event.text
        excused = self._unreachable or forced or holder in self._excused
        under_work = holder in workers and self._tokens.get(holder) == event.token
        if self._settings().renewal and under_work and not excused:
            self.breach("renewal-holds", event, f"{holder} was alive and lost {event.message}")

    def _crashed(self, event: Event) -> None:
        for message in [m for m, workers in self._workers.items() if event.actor in workers]:
            left = tuple(worker for worker in self._workers.pop(message) if worker != event.actor)
            if left:
                self._workers[message] = left
        for message in self._taken.pop(event.actor, ()):
            self._lose(event, message)

    def _excuse(self, event: Event) -> None:
        self._excused.add(event.actor)

    def _injected(self, event: Event) -> None:
        if event.message == "broker-down":
            self._unreachable = True
        self._forced = event.message == "expire-lock"

    def _healed(self, event: Event) -> None:
        if event.message == "broker-down":
            self._unreachable = False


class WorkConserving(Rule):
    """Between two instants, no consumer is idle while a message is ready."""

    guarantees = (WORK_CONSERVING,)

    def __init__(self, settings: Callable[[], Any], queue: str) -> None:
        super().__init__()
        self._settings = settings
        self._queue = queue
        self._idle: set[str] = set()
        self._holding: set[str] = set()
        self._scheduled: set[str] = set()
        self._ready = 0
        self._now = 0.0
        self._suspended = False

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that makes work or hands."""
        more = dict.fromkeys((kind.SENT, kind.DUE, kind.REDRIVEN), self._arrived)
        less = dict.fromkeys((kind.EXPIRED, kind.DROPPED), self._departed)
        freed = dict.fromkeys((kind.COMPLETED, kind.LOCK_LOST), self._freed)
        hands = dict.fromkeys((kind.SPAWNED, kind.RESTARTED, kind.RESUMED), self._joined)
        gone = dict.fromkeys((kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED), self._left)
        return {
            **more, **less, **freed, **hands, **gone,
            kind.ABANDONED: self._abandoned,
            kind.LOCK_EXPIRED: self._arrived,
            kind.DELIVERED: self._delivered,
            kind.DEAD_LETTERED: self._dead_lettered,
            kind.DEFERRED: self._freed,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
        }  # fmt: skip

    def _look(self, event: Event) -> None:
        if self._ready > 0 and self._idle and not self._suspended:
            settings = self._settings()
            peeks = settings.mode is Mode.PEEK_LOCK
            if peeks and settings.prefetch == 1 and not settings.latency and not settings.loss:
                idle = ", ".join(sorted(self._idle)[:3])
                self.breach("work-conserving", event, f"{idle} idle, {self._ready} ready")
        self._now = event.t

    def _arrived(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.queue == self._queue:
            if event.until:
                self._scheduled.add(event.message)
            else:
                self._ready += 1
                if self._scheduled:
                    self._scheduled.discard(event.message)

    def _departed(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.queue != self._queue:
            return
        if event.message in self._scheduled:
            self._scheduled.discard(event.message)
        elif event.kind == kind.EXPIRED or event.text == "QueueFull":
            self._ready -= 1

    def _delivered(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.queue == self._queue:
            self._ready -= 1
            self._idle.discard(event.actor)
            self._holding.add(event.actor)

    def _freed(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.queue == self._queue:
            self._idle.add(event.actor)
            self._holding.discard(event.actor)

    def _abandoned(self, event: Event) -> None:
        self._arrived(event)
        self._freed(event)

    def _dead_lettered(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.queue == self._queue:
            if event.actor:
                self._freed(event)
            elif event.text != "TTLExpired":
                self._ready -= 1

    def _joined(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.text.endswith(" consumer") and event.queue == self._queue:
            if event.kind != kind.RESUMED:
                self._holding.discard(event.actor)
            if event.actor not in self._holding:
                self._idle.add(event.actor)

    def _left(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        self._idle.discard(event.actor)

    def _injected(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.message == "broker-down":
            self._suspended = True

    def _healed(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        if event.message == "broker-down":
            self._suspended = False


def consuming_rules(settings: Callable[[], Any], queue: str) -> tuple[Rule, ...]:
    """Return the rules of one peek-lock queue with competing consumers."""
    return (Holding(settings), WorkConserving(settings, queue))
