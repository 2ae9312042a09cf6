"""The actors, folded from events."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..views import ActorView
from .arms import CRASH, ArmsFold
from .faults import FaultsFold
from .measures import Handler

GONE = frozenset({"crashed", "halted", "stopped"})


class ActorFold(msgspec.Struct, eq=False):
    """One actor, changed only by the fold that owns it."""

    name: str
    owner: object
    role: str = ""
    kind: str = ""
    state: str = "idle"
    before: str = "idle"
    incarnation: int = 1
    working: str = ""
    delivery: int = 0
    began: float = 0.0
    counted: float = 0.0
    takes: float = 0.0
    locks: dict[str, float] = {}
    done: int = 0
    sent: int = 0
    since: float = 0.0
    lived: float = 0.0
    busy: float = 0.0
    slow: float = 1.0
    armed: str = ""
    group: str = ""

    def turn(self, state: str, now: float) -> None:
        """Change state; work that was under way ends here."""
        self.count(now)
        if self.state not in GONE:
            self.lived += now - self.since
        self.state = state
        self.since = now

    def count(self, now: float) -> None:
        """Count the work done since it was last counted."""
        self.busy += self._uncounted(now)
        self.counted = now

    def _uncounted(self, now: float) -> float:
        # Who is asked to leave finishes first what it has begun.
        finishing = self.state == "stopping" and self.working and self.takes
        return max(0.0, now - self.counted) if finishing or self.state == "working" else 0.0

    def copy_for(self, owner: object) -> ActorFold:
        """Return an independent copy that ``owner`` may change."""
        twin = copy.copy(self)
        twin.owner = owner
        twin.locks = dict(self.locks)
        return twin

    def view(self, now: float) -> ActorView:
        """Return the frozen picture."""
        return ActorView(
            name=self.name, role=self.role, kind=self.kind, state=self.state,
            incarnation=self.incarnation, message=self.working, delivery=self.delivery,
            began=self.began, takes=self.takes,
            until=self.locks.get(self.working, 0.0), held=len(self.locks), done=self.done,
            sent=self.sent, since=self.since,
            busy=self.busy + self._uncounted(now),
            lived=self.lived + (0.0 if self.state in GONE else now - self.since),
            slow=self.slow, armed=self.armed, group=self.group,
        )  # fmt: skip


class ActorsFold:
    """Every actor that has ever been, and the faults that are on.

    Copies share the actors until either changes one.
    """

    def __init__(self, poison: Sequence[tuple[str, str]] = ()) -> None:
        self._owner = object()
        self.actors: dict[str, ActorFold] = {}
        self.faults = FaultsFold(poison)
        self.arms = ArmsFold()

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for everything an actor does or suffers."""
        return {
            kind.SPAWNED: self._spawned,
            kind.RESTARTED: self._restarted,
            kind.CRASHED: self._crashed,
            kind.PAUSED: self._paused,
            kind.RESUMED: self._resumed,
            kind.STOPPING: self._stopping,
            kind.STOPPED: self._stopped,
            kind.HALTED: self._halted,
            kind.ARMED: self._armed,
            kind.DISARMED: self._disarmed,
            kind.STRUCK: self._struck,
            kind.SENT: self._sent,
            kind.PUBLISHED: self._published,
            kind.BLOCKED: self._blocked,
            kind.REJECTED: self._turned_away,
            kind.DELIVERED: self._delivered,
            kind.CONTENDED: self._contended,
            kind.WORKING: self._working,
            kind.RENEWED: self._renewed,
            kind.COMPLETED: self._settled,
            kind.ABANDONED: self._settled,
            kind.DEFERRED: self._settled,
            kind.LOCK_LOST: self._settled,
            kind.DEAD_LETTERED: self._settled,
            kind.SHELVED: self._settled,
            kind.DROPPED: self._settled,
            kind.LOCK_EXPIRED: self._lock_expired,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
        }

    def _find(self, name: str) -> ActorFold:
        found = self.actors.get(name)
        if found is None or found.owner is not self._owner:
            owner = self._owner
            found = ActorFold(name, owner) if found is None else found.copy_for(owner)
            self.actors[name] = found
        return found

    def _spawned(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.role, _, actor.kind = event.text.partition(" ")
        actor.since = event.t

    def _restarted(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.incarnation = event.token
        actor.working = ""
        actor.locks.clear()
        actor.turn("idle", event.t)

    def _crashed(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.turn("crashed", event.t)
        actor.armed = ""
        self.arms.crashed(event)

    def _paused(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.before = actor.state
        actor.turn("paused", event.t)

    def _resumed(self, event: Event) -> None:
        actor = self._find(event.actor)
        blocked = actor.before == "blocked"  # still: room came, and this would say working
        actor.turn("working" if actor.working and not blocked else actor.before, event.t)

    def _stopping(self, event: Event) -> None:
        actor = self._find(event.actor)
        if actor.state not in GONE:
            actor.turn("stopping", event.t)

    def _stopped(self, event: Event) -> None:
        actor = self._find(event.actor)
        if actor.state != "halted":  # then it has left because of that, which is what counts
            actor.turn("stopped", event.t)
        actor.working = ""

    def _halted(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.turn("halted", event.t)
        actor.working = ""

    def _armed(self, event: Event) -> None:
        if event.actor and not event.message:
            self._find(event.actor).armed = event.text
        self.arms.armed(event)

    def _disarmed(self, event: Event) -> None:
        if event.actor and event.message == CRASH:
            self._find(event.actor).armed = ""
        self.arms.over(event)

    def _struck(self, event: Event) -> None:
        self.arms.over(event)
        self.faults.struck(event)

    def _sent(self, event: Event) -> None:
        if event.actor:
            # What is published counts once, however many subscriptions of the topic get a copy.
            if not event.text:
                self._find(event.actor).sent += 1
            self._let_in(event)

    def _published(self, event: Event) -> None:
        if event.actor:
            self._find(event.actor).sent += 1

    def _turned_away(self, event: Event) -> None:
        if event.actor:
            self._let_in(event)

    def _let_in(self, event: Event) -> None:
        """A sender that waited for room waits no longer."""
        actor = self._find(event.actor)
        state = "working" if actor.working else "idle"
        if actor.state == "blocked":
            actor.turn(state, event.t)
        elif actor.state == "paused" and actor.before == "blocked":
            actor.before = state

    def _blocked(self, event: Event) -> None:
        self._find(event.actor).turn("blocked", event.t)

    def _delivered(self, event: Event) -> None:
        actor = self._find(event.actor)
        if event.until:
            actor.locks[event.message] = event.until

    def _working(self, event: Event) -> None:
        actor = self._find(event.actor)
        stopping = actor.state == "stopping"
        actor.turn("stopping" if stopping else "working", event.t)
        actor.working, actor.delivery, actor.group = event.message, event.delivery, event.group
        actor.began, actor.takes = event.t, event.value

    def _contended(self, event: Event) -> None:
        actor = self._find(event.actor)
        actor.working, actor.delivery, actor.group = event.message, event.delivery, event.group
        if actor.state != "stopping":
            actor.turn("blocked", event.t)
        actor.began, actor.takes = event.t, 0.0

    def _renewed(self, event: Event) -> None:
        self._find(event.actor).locks[event.message] = event.until

    def _settled(self, event: Event) -> None:
        if not event.actor:
            return
        actor = self._find(event.actor)
        actor.locks.pop(event.message, None)
        if event.kind == kind.COMPLETED:
            actor.done += 1
            if event.text.startswith(kind.HELD_BY):
                self._find(event.text.removeprefix(kind.HELD_BY)).locks.pop(event.message, None)
        if event.kind == kind.DROPPED and event.text == "duplicate":
            self._let_in(event)
        if actor.working == event.message:
            if actor.state == "working":
                actor.turn("idle", event.t)
            elif actor.state == "stopping":
                actor.count(event.t)
            actor.working = ""

    def _lock_expired(self, event: Event) -> None:
        if event.text:
            self._find(event.text).locks.pop(event.message, None)

    def _injected(self, event: Event) -> None:
        self.faults.injected(event)
        if event.message == "slow":
            for actor in self._slowed(event):
                actor.slow = event.value

    def _healed(self, event: Event) -> None:
        self.faults.healed(event)
        if event.message == "slow":
            for actor in self._slowed(event):
                actor.slow = 1.0

    def _slowed(self, event: Event) -> list[ActorFold]:
        if event.actor:
            return [self._find(event.actor)]
        consumers = [name for name, actor in self.actors.items() if actor.kind == "consumer"]
        return [self._find(name) for name in consumers]

    def copy(self) -> ActorsFold:
        """Return an independent copy."""
        twin = ActorsFold()
        twin.actors = self.actors.copy()
        self._owner = object()
        twin.faults = self.faults.copy()
        twin.arms = self.arms.copy()
        return twin
