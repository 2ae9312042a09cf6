"""What every consumer of a peek-lock queue promises, with the safeguards that are on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..broker_rules import read_declared
from ..kernel import events as kind
from ..kernel.events import READY_AGAIN, Event
from ..port import Mode
from .outages import UNREACHABLE, track_outage
from .rules import Guarantee, Handler, Rule

OVERLAP = Guarantee(
    "overlap-has-a-cause",
    "Two consumers work on one message only if the earlier lock has run out.",
    source="A4 (1)",
)
BY_ONE = Guarantee(
    "worked-on-by-one",
    "Two consumers never work on one message at the same time.",
    source="A4 (1)",
    hope=True,
)
RENEWAL_HOLDS = Guarantee(
    "renewal-holds",
    "With lock renewal on, no lock runs out under a consumer that is alive, reachable and at work.",
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

    guarantees = (BY_ONE, OVERLAP, RENEWAL_HOLDS, DONE_OR_DEAD)

    def __init__(self, settings: Callable[[], Any], *, passes_on: bool) -> None:
        """Judge consumers; with ``passes_on``, a message sent on, a row or a note is work done."""
        super().__init__()
        self._settings = settings
        self._passes_on = passes_on
        self._work: dict[str, tuple[str, int]] = {}
        self._workers: dict[tuple[str, str], tuple[str, ...]] = {}
        self._lapses: dict[tuple[str, str], int] = {}
        self._forced = False
        self._tokens: dict[str, int] = {}
        self._excused: set[str] = set()
        self._outages: set[tuple[str, str]] = set()
        self._done: set[tuple[str, int]] = set()
        self._taken: dict[str, list[str]] = {}
        self._lanes: dict[str, str] = {}
        self._fixed: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything between receipt and settlement."""
        sends: dict[str, Handler] = {}
        if self._passes_on:
            sends = dict.fromkeys((kind.SENT, kind.STATE, kind.NOTED), self._sent)
            sends[kind.DROPPED] = self._dropped
        return {
            kind.DECLARED: self._declared,
            kind.CHANGED: self._changed,
            kind.WORKING: self._working,
            kind.EFFECT: self._applied,
            kind.EFFECT_SKIPPED: self._applied,
            kind.COMPLETED: self._completed,
            kind.ABANDONED: self._let_go,
            kind.LOCK_LOST: self._let_go,
            kind.LOCK_EXPIRED: self._lock_expired,
            kind.CRASHED: self._crashed,
            **dict.fromkeys((kind.PAUSED, kind.BLOCKED), self._excuse),
            kind.DROPPED: self._let_go,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
            **sends,
        }

    def _declared(self, event: Event) -> None:
        """Excuse who holds a message while lanes are rearranged, or renewing becomes possible."""
        if self._lanes.setdefault(event.queue, event.group) != event.group:
            self._lanes[event.queue] = event.group
            self._excuse_all()
        if not read_declared(event.text).rules.renewable:
            self._fixed.add(event.queue)
        elif event.queue in self._fixed:
            self._fixed.discard(event.queue)
            self._excuse_all()

    def _changed(self, event: Event) -> None:
        if event.message == "renewal":
            self._excuse_all()

    def _excuse_all(self) -> None:
        """Whoever is at work has begun it when there was no renewing."""
        for workers in self._workers.values():
            self._excused.update(workers)

    def _sent(self, event: Event) -> None:
        work = self._work.get(event.actor)
        if work is not None:
            self._done.add(work)

    def _dropped(self, event: Event) -> None:
        if event.text == "acknowledgement lost":
            self._let_go(event)
        else:
            self._sent(event)

    def _working(self, event: Event) -> None:
        actor, copy = event.actor, (event.queue, event.message)
        if self._passes_on:
            self._work[actor] = event.queue, event.token
        self._tokens[actor] = event.token
        if self._taken and actor in self._taken:
            self._took_another(event)
        alone = (actor,)
        workers = self._workers.setdefault(copy, alone)
        if workers is alone:
            return
        if len(workers) > self._lapses.get(copy, 0):
            self.breach("overlap-has-a-cause", event, f"{', '.join(workers)} still held {copy}")
        if actor not in workers:
            what = f"{workers[-1]} still works on {event.message}"
            self.breach("worked-on-by-one", event, what)
            self._workers[copy] = (*workers, actor)

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
        try:
            self._done.remove((event.queue, event.token))
        except KeyError:
            if self._settings().mode is Mode.RECEIVE_AND_DELETE:
                self._taken.setdefault(event.actor, []).append(event.message)
            else:
                what = f"{event.message} was settled before it was done"
                self.breach("done-or-dead", event, what)
        self._let_go(event)

    def _let_go(self, event: Event) -> None:
        copy, actor = (event.queue, event.message), event.actor
        workers = self._workers.pop(copy, None)
        if workers is not None and workers != (actor,):
            self._workers[copy] = tuple(worker for worker in workers if worker != actor)
        if self._excused:
            self._excused.discard(actor)

    def _lock_expired(self, event: Event) -> None:
        copy = event.queue, event.message
        self._lapses[copy] = self._lapses.get(copy, 0) + 1
        forced, self._forced = self._forced, False
        workers = self._workers.get(copy)
        if workers is None:
            return
        holder = event.text
        excused = bool(self._outages) or forced or holder in self._excused
        excused = excused or event.queue in self._fixed
        under_work = holder in workers and self._tokens.get(holder) == event.token
        if self._settings().renewal and under_work and not excused:
            self.breach("renewal-holds", event, f"{holder} was alive and lost {event.message}")

    def _crashed(self, event: Event) -> None:
        for copy in [m for m, workers in self._workers.items() if event.actor in workers]:
            left = tuple(worker for worker in self._workers.pop(copy) if worker != event.actor)
            if left:
                self._workers[copy] = left
        for message in self._taken.pop(event.actor, ()):
            self._lose(event, message)

    def _excuse(self, event: Event) -> None:
        self._excused.add(event.actor)

    def _injected(self, event: Event) -> None:
        track_outage(self._outages, event)
        self._forced = event.message == "expire-lock"

    def _healed(self, event: Event) -> None:
        track_outage(self._outages, event)
        if event.message in UNREACHABLE:
            for workers in self._workers.values():  # word of what they hold may come too late
                self._excused.update(workers)


class Stand:
    """One queue and the consumers that serve it, as :class:`WorkConserving` sees them."""

    __slots__ = ("holding", "idle", "ready", "scheduled")

    def __init__(self) -> None:
        self.idle: set[str] = set()
        self.holding: set[str] = set()
        self.scheduled: set[str] = set()
        self.ready = 0


class WorkConserving(Rule):
    """Between two instants, no consumer is idle while a message is ready on its queue."""

    guarantees = (WORK_CONSERVING,)

    def __init__(self, settings: Callable[[], Any], queues: Sequence[str]) -> None:
        super().__init__()
        self._settings = settings
        self._stands = {queue: Stand() for queue in queues}
        self._now = 0.0
        self._outages: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that makes work or hands."""
        handlers: dict[str, Callable[[Event, Stand], None]] = {
            **dict.fromkeys((kind.SENT, kind.DUE, kind.REDRIVEN, kind.LOCK_EXPIRED), _arrived),
            **dict.fromkeys((kind.LOCK_LOST, kind.DEFERRED), _freed),
            kind.COMPLETED: _completed,
            **dict.fromkeys((kind.SPAWNED, kind.RESTARTED, kind.RESUMED), _joined),
            kind.EXPIRED: _departed,
            kind.DROPPED: _departed,
            kind.DELIVERED: _delivered,
            kind.ABANDONED: _abandoned,
            kind.DEAD_LETTERED: _ended,
            kind.SHELVED: _ended,
        }
        watched: dict[str, Handler] = {
            name: self._on_stand(handler) for name, handler in handlers.items()
        }
        gone = (kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED)
        watched |= dict.fromkeys(gone, self._left)
        watched[kind.SESSION_ACCEPTED] = self._keeps_lanes
        watched |= dict.fromkeys((kind.INJECTED, kind.HEALED), self._switched)
        return watched

    def _on_stand(self, handler: Callable[[Event, Stand], None]) -> Handler:
        stands = self._stands

        def handle(event: Event) -> None:
            if event.t != self._now:
                self._look(event)
            stand = stands.get(event.queue)
            if stand is not None:
                handler(event, stand)

        return handle

    def _keeps_lanes(self, event: Event) -> None:
        """Forget a queue with sessions: a free consumer may not touch a lane that is held."""
        self._stands.pop(event.queue, None)

    def _look(self, event: Event) -> None:
        self._now = event.t
        for queue, stand in self._stands.items():
            if stand.ready > 0 and stand.idle and not self._outages:
                settings = self._settings()
                peeks = settings.mode is Mode.PEEK_LOCK
                near = not settings.latency and not getattr(settings, "store_latency", 0.0)
                if peeks and settings.prefetch == 1 and near and not settings.loss:
                    idle = ", ".join(sorted(stand.idle)[:3])
                    what = f"{idle} idle, {stand.ready} ready on {queue}"
                    self.breach("work-conserving", event, what)

    def _left(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        for stand in self._stands.values():
            stand.idle.discard(event.actor)

    def _switched(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        track_outage(self._outages, event)


def _arrived(event: Event, stand: Stand) -> None:
    if event.until:
        stand.scheduled.add(event.message)
        return
    stand.ready += 1
    if stand.scheduled:
        stand.scheduled.discard(event.message)


def _departed(event: Event, stand: Stand) -> None:
    if event.message in stand.scheduled:
        stand.scheduled.discard(event.message)
    elif event.actor and event.text == kind.TURNED_DOWN:
        _freed(event, stand)
    elif event.kind == kind.EXPIRED or event.text in kind.LEAVES:
        stand.ready -= 1


def _delivered(event: Event, stand: Stand) -> None:
    stand.ready -= 1
    stand.idle.discard(event.actor)
    stand.holding.add(event.actor)


def _freed(event: Event, stand: Stand) -> None:
    stand.idle.add(event.actor)
    stand.holding.discard(event.actor)


def _abandoned(event: Event, stand: Stand) -> None:
    _arrived(event, stand)
    _freed(event, stand)


def _completed(event: Event, stand: Stand) -> None:
    if event.text == READY_AGAIN:
        stand.ready -= 1
    _freed(event, stand)


def _ended(event: Event, stand: Stand) -> None:
    if event.actor:
        _freed(event, stand)
    elif event.text != "TTLExpired":
        stand.ready -= 1


def _joined(event: Event, stand: Stand) -> None:
    if event.text.endswith(" consumer"):
        if event.kind != kind.RESUMED:
            stand.holding.discard(event.actor)
        if event.actor not in stand.holding:
            stand.idle.add(event.actor)


def consuming_rules(
    settings: Callable[[], Any], queues: Sequence[str], *, passes_on: bool = False
) -> tuple[Rule, ...]:
    """Return the rules of peek-lock queues with competing consumers.

    Args:
        settings: The settings as they are now.
        queues: The queues that must not keep an idle consumer waiting.
        passes_on: Whether a consumer's work may consist in sending a message on.
    """
    return (Holding(settings, passes_on=passes_on), WorkConserving(settings, queues))
