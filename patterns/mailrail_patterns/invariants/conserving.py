"""No consumer of a queue is idle while a message is ready on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import READY_AGAIN, Event
from ..port import Mode
from .outages import track_outage
from .rules import Guarantee, Handler, Rule

WORK_CONSERVING = Guarantee(
    "work-conserving",
    "No consumer is idle while a message is ready (prefetch 1, no network delay).",
    source="A4 (1)",
)


class Stand:
    """One queue and the consumers that serve it, as :class:`WorkConserving` sees them.

    Attributes:
        idle: Consumers that hold nothing and may be given something.
        away: Those that have left with nothing in their hands, and may be back.
        roaming: Those that take from several queues.
        aside: Messages that are deferred.
    """

    __slots__ = ("aside", "away", "idle", "ready", "roaming", "scheduled")

    def __init__(self) -> None:
        self.idle: set[str] = set()
        self.away: set[str] = set()
        self.scheduled: set[str] = set()
        self.roaming: set[str] = set()
        self.aside: set[str] = set()
        self.ready = 0


class WorkConserving(Rule):
    """Between two instants, no consumer is idle while a message is ready on its queue.

    One whose role names no queue takes from several: it asks one after the other, and while it
    waits for one there may be something on another.
    """

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
            **dict.fromkeys((kind.DUE, kind.REDRIVEN, kind.LOCK_EXPIRED), _arrived),
            kind.LOCK_LOST: _freed,
            kind.DEFERRED: _set_aside,
            **dict.fromkeys((kind.RESTARTED, kind.RESUMED), _joined),
            kind.EXPIRED: _departed,
            kind.DROPPED: _departed,
            kind.ABANDONED: _abandoned,
            kind.DEAD_LETTERED: _ended,
            kind.SHELVED: _ended,
        }
        watched: dict[str, Handler] = {
            name: self._on_stand(handler) for name, handler in handlers.items()
        }
        watched |= {
            kind.SENT: self._sent, kind.DELIVERED: self._delivered,
            kind.WORKING: self._working, kind.COMPLETED: self._completed,
        }  # fmt: skip
        gone = (kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED)
        watched |= dict.fromkeys(gone, self._left)
        watched[kind.SPAWNED] = self._spawned
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

    def _spawned(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        stand = self._stands.get(event.queue)
        if stand is not None:
            _joined(event, stand)
        elif not event.queue and event.text.endswith(" consumer"):
            for each in self._stands.values():
                each.roaming.add(event.actor)

    # Every message goes through these four: they are written out.

    def _sent(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        stand = self._stands.get(event.queue)
        if stand is not None:
            if event.until:
                stand.scheduled.add(event.message)
            else:
                stand.ready += 1

    def _delivered(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        stand = self._stands.get(event.queue)
        if stand is not None:
            if stand.aside and event.message in stand.aside:
                stand.aside.discard(event.message)  # fetched by its number, it was never ready
            else:
                stand.ready -= 1
            stand.idle.discard(event.actor)
            if stand.away:
                stand.away.discard(event.actor)

    def _working(self, event: Event) -> None:
        """Whoever has settled one message of several and works on the next is not idle."""
        if event.t != self._now:
            self._look(event)
        stand = self._stands.get(event.queue)
        if stand is not None and stand.idle:
            stand.idle.discard(event.actor)

    def _completed(self, event: Event) -> None:
        if event.t != self._now:
            self._look(event)
        stand = self._stands.get(event.queue)
        if stand is not None:
            if event.text == READY_AGAIN:
                stand.ready -= 1
            if event.actor not in stand.roaming:
                stand.idle.add(event.actor)

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
            if event.actor in stand.idle:
                stand.idle.discard(event.actor)
                stand.away.add(event.actor)

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
    if event.message in stand.scheduled or event.message in stand.aside:
        stand.scheduled.discard(event.message)
        stand.aside.discard(event.message)
    elif event.actor and event.text == kind.TURNED_DOWN:
        _freed(event, stand)
    elif event.kind == kind.EXPIRED or event.text in kind.LEAVES:
        stand.ready -= 1


def _freed(event: Event, stand: Stand) -> None:
    if event.actor not in stand.roaming:
        stand.idle.add(event.actor)


def _set_aside(event: Event, stand: Stand) -> None:
    stand.aside.add(event.message)
    _freed(event, stand)


def _abandoned(event: Event, stand: Stand) -> None:
    _arrived(event, stand)
    _freed(event, stand)


def _ended(event: Event, stand: Stand) -> None:
    if event.actor:
        _freed(event, stand)
    elif event.text != "TTLExpired":
        stand.ready -= 1


def _joined(event: Event, stand: Stand) -> None:
    if event.text.endswith(" consumer"):
        if event.kind != kind.RESUMED or event.actor in stand.away:
            _freed(event, stand)
        stand.away.discard(event.actor)
