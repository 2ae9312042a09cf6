"""What a lane may wait for: its own lock, what was put off, or a free consumer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..partitioning import lane_of, partitions_of
from ..port import Mode
from .outages import track_outage
from .rules import Guarantee, Handler, Rule

SERVED = Guarantee(
    "lanes-served",
    "A lane waits only for its own lock, a message that was put off, a rebalance, or a consumer.",
    source="A11 (1)",
)


class Lane:
    """What the rule knows of one lane."""

    __slots__ = ("away", "held", "locked", "ready")

    def __init__(self) -> None:
        self.ready: set[str] = set()
        self.away: set[str] = set()
        self.locked: set[str] = set()
        self.held = False

    def waits(self, *, on: bool) -> bool:
        """Say whether somebody could take from it now."""
        if not on:
            return bool(self.ready)
        return bool(self.ready) and not (self.held or self.away or self.locked)


class Serving(Rule):
    """Between two instants, no consumer is idle while there is a lane it could have."""

    guarantees = (SERVED,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._partitions: int | None = None
        self._lanes: dict[str, Lane] = {}
        self._of: dict[str, str] = {}
        self._open: dict[str, None] = {}
        self._there: set[str] = set()
        self._hands: dict[str, set[str]] = {}
        self._asleep: set[str] = set()
        self._outages: set[tuple[str, str]] = set()
        self._held_back = False
        self._now = 0.0

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that makes work or hands."""
        handlers: dict[str, Handler] = {
            kind.DECLARED: self._declared,
            **dict.fromkeys((kind.SENT, kind.DUE, kind.REDRIVEN), self._came),
            **dict.fromkeys((kind.ABANDONED, kind.LOCK_EXPIRED), self._came),
            **dict.fromkeys(
                (kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED), self._left
            ),
            **dict.fromkeys((kind.DROPPED, kind.DEFERRED), self._left),
            kind.LOCK_LOST: self._let_go,
            kind.DELIVERED: self._delivered,
            kind.SESSION_ACCEPTED: self._accepted,
            **dict.fromkeys((kind.SESSION_EXPIRED, kind.SESSION_CLOSED), self._ended),
            **dict.fromkeys((kind.SPAWNED, kind.RESTARTED), self._joined),
            **dict.fromkeys((kind.CRASHED, kind.STOPPING, kind.STOPPED), self._gone),
            **dict.fromkeys((kind.REBALANCING, kind.REBALANCED), self._rebalanced),
            kind.PAUSED: self._paused,
            kind.RESUMED: self._resumed,
            **dict.fromkeys((kind.INJECTED, kind.HEALED), self._switched),
        }
        return {name: self._at_its_instant(handler) for name, handler in handlers.items()}

    def _at_its_instant(self, handler: Handler) -> Handler:
        def handle(event: Event) -> None:
            if event.t != self._now:
                if self._open:
                    self._judge(event)
                self._now = event.t
            handler(event)

        return handle

    def _judge(self, event: Event) -> None:
        settings = self._settings()
        plain = settings.prefetch == 1 and settings.mode is Mode.PEEK_LOCK
        slow = settings.latency or settings.loss
        if self._held_back or self._outages or slow or not (plain or self._partitions is not None):
            return
        idle = sorted(n for n in self._there - self._asleep if not self._hands.get(n))
        lane = next((key for key in self._open if self._lanes[key].waits(on=self._on)), None)
        if idle and lane is not None:
            self.breach("lanes-served", event, f"{lane} waited while {idle[0]} was idle")

    @property
    def _on(self) -> bool:
        return self._partitions is not None

    def _declared(self, event: Event) -> None:
        before, self._partitions = self._partitions, partitions_of(event.group)
        if before != self._partitions:
            old, self._lanes, self._open = self._lanes, {}, {}
            for lane in old.values():
                for was in ("ready", "away", "locked"):
                    for name in sorted(getattr(lane, was)):
                        getattr(self._lane(name), was).add(name)
            for key in self._lanes:
                self._look(key)

    def _lane(self, message: str) -> Lane:
        key = self._key(message)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = Lane()
        return found

    def _key(self, message: str) -> str:
        return lane_of(self._of.get(message, ""), self._partitions or 0)

    def _look(self, key: str) -> None:
        lane = self._lanes[key]
        if lane.waits(on=self._on):
            self._open.setdefault(key)
        else:
            self._open.pop(key, None)
            if not (lane.ready or lane.away or lane.locked or lane.held):
                del self._lanes[key]

    def _came(self, event: Event) -> None:
        name = event.message
        if event.kind == kind.SENT:
            self._of[name] = event.group
        lane = self._lane(name)
        lane.locked.discard(name)
        lane.away.discard(name)
        if not event.until:
            lane.ready.add(name)
        elif event.kind != kind.SENT:
            lane.away.add(name)
        self._look(self._key(name))
        if event.kind == kind.ABANDONED:
            self._let_go(event)

    def _left(self, event: Event) -> None:
        self._let_go(event)
        if event.kind == kind.DROPPED and event.text not in kind.LEAVES:
            return
        name = event.message
        lane = self._lane(name)
        for names in (lane.ready, lane.away, lane.locked):
            names.discard(name)
        self._look(self._key(name))
        if event.kind == kind.COMPLETED:
            self._of.pop(name, None)

    def _delivered(self, event: Event) -> None:
        lane = self._lane(event.message)
        lane.ready.discard(event.message)
        lane.locked.add(event.message)
        self._hands.setdefault(event.actor, set()).add(event.message)
        self._look(self._key(event.message))

    def _let_go(self, event: Event) -> None:
        self._hands.get(event.actor, set()).discard(event.message)

    def _accepted(self, event: Event) -> None:
        lane = self._lanes.setdefault(event.group, Lane())
        lane.held = True
        self._hands.setdefault(event.actor, set()).add(f"session {event.token}")
        self._look(event.group)

    def _ended(self, event: Event) -> None:
        for hands in self._hands.values():
            hands.discard(f"session {event.token}")
        if event.group in self._lanes:
            self._lanes[event.group].held = False
            self._look(event.group)

    def _joined(self, event: Event) -> None:
        if event.text.endswith(" consumer"):
            self._there.add(event.actor)
            self._hands[event.actor] = set()

    def _gone(self, event: Event) -> None:
        self._there.discard(event.actor)
        self._asleep.discard(event.actor)

    def _rebalanced(self, event: Event) -> None:
        self._held_back = event.kind == kind.REBALANCING

    def _paused(self, event: Event) -> None:
        self._asleep.add(event.actor)

    def _resumed(self, event: Event) -> None:
        self._asleep.discard(event.actor)

    def _switched(self, event: Event) -> None:
        track_outage(self._outages, event)
