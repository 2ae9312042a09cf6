"""The queues, folded from events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice
from operator import attrgetter

from msgspec.structs import replace

from ..broker_rules import PLAIN, Rules, read_declared
from ..kernel import events as kind
from ..kernel.events import Event
from ..quantities import on_grid
from ..views import MessageView, QueueView
from .chain import Chain
from .groups import SINCE, Groups
from .measures import Handler

SHOWN = 256
"""Messages of each kind that a view lists at most."""

NEXT = 32
"""Scheduled messages that a view lists at most, those due next."""

GONE = 32
"""Messages that have just left and are remembered for motion."""


class QueueFold:
    """One queue."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = 0.0
        self.limit = 0
        self.capacity: int | None = None
        self.ready: Chain[MessageView] = Chain(SINCE)
        self.locked: dict[str, MessageView] = {}
        self.aside: dict[str, MessageView] = {}
        self.dead: dict[str, MessageView] = {}
        self.shelved: dict[str, MessageView] = {}
        self.dropped: dict[str, MessageView] = {}
        self.returned: dict[str, None] = {}
        self.gone: deque[MessageView] = deque(maxlen=GONE)
        self.groups = Groups()
        self.completed = self.expired = 0
        self.lanes = False
        self.mode = "peek-lock"
        self.at_head = False
        self.newest = -1.0
        self.redelivery = "head"
        self.rules: Rules = PLAIN

    def find(self, name: str) -> MessageView | None:
        """Return a message that is not finished, wherever it is."""
        return (
            self.locked.get(name)
            or self.ready.get(name)
            or self.aside.get(name)
            or self.dead.get(name)
        )

    def remove(self, name: str, now: float) -> MessageView:
        """Take a message from wherever it is."""
        found = self.locked.pop(name, None)
        if found is None:
            found = self.ready.pop(name)
            if found is not None:
                self.returned.pop(name, None)
                if found.group:
                    self.groups.discard(found)
        if found is None:
            found = self.aside.pop(name, None) or self.dead.pop(name, None)
        return found or MessageView(name, "ready", 0, now)

    def make_ready(self, view: MessageView, *, head: bool, returned: bool = False) -> None:
        """Put a message at the tail, where it is next, or behind what was returned before it."""
        returned = returned and self.redelivery == "returns"
        head = returned or (head and not self._turned(view.moved))
        self.ready.enter(view.name, view, head=head)
        if head:
            for other in reversed(self.returned):
                self.ready.lead(other)
        if returned:
            self.returned[view.name] = None
        if view.group:
            self.groups.add(view, head=head)

    def _turned(self, now: float) -> bool:
        """Say whether the newest are served first, so that the tail is what is next."""
        if self.newest <= 0:
            return self.newest == 0
        line = (view for view in self.ready.values() if view.name not in self.returned)
        oldest = next(line, None)
        return oldest is not None and oldest.since <= on_grid(now - self.newest)

    def rank(self, view: MessageView) -> None:
        """Note what its queue makes of a ready message; it stays where it stands."""
        self.ready.change(view.name, view)
        if view.group:
            self.groups.change(view)

    def copy(self) -> QueueFold:
        """Return an independent copy."""
        twin = QueueFold(self.name)
        twin.lock, twin.limit, twin.capacity = self.lock, self.limit, self.capacity
        twin.ready = self.ready.copy()
        twin.locked = self.locked.copy()
        twin.aside = self.aside.copy()
        twin.dead, twin.shelved = self.dead.copy(), self.shelved.copy()
        twin.dropped, twin.returned = self.dropped.copy(), self.returned.copy()
        twin.gone = self.gone.copy()
        twin.groups = self.groups.copy()
        twin.completed, twin.expired = self.completed, self.expired
        twin.redelivery, twin.rules = self.redelivery, self.rules
        twin.lanes, twin.mode, twin.at_head = self.lanes, self.mode, self.at_head
        twin.newest = self.newest
        return twin

    def view(self, now: float) -> QueueView:
        """Return the frozen picture."""
        oldest = self.ready.oldest()
        later = [view for view in self.aside.values() if view.stage == "scheduled"]
        return QueueView(
            name=self.name,
            lock=self.lock,
            limit=self.limit,
            capacity=self.capacity,
            depth=len(self.ready),
            ready=_first(self.ready.values()),
            locked=_first(self.locked.values()),
            scheduled=len(later),
            deferred=sum(1 for view in self.aside.values() if view.stage == "deferred"),
            dead_count=len(self.dead),
            dead=_last(self.dead),
            shelved_count=len(self.shelved),
            shelved=_last(self.shelved),
            dropped_count=len(self.dropped),
            dropped=_last(self.dropped),
            expired=self.expired,
            at_limit=self.rules.at_limit.value,
            counts=self.rules.counts.value,
            renewable=self.rules.renewable,
            completed=self.completed,
            age=0.0 if oldest is None else now - oldest,
            gone=tuple(self.gone),
            groups=self.groups.views(now, 2 * SHOWN),
            later=tuple(nsmallest(NEXT, later, key=attrgetter("until"))) if later else (),
        )


def _first(views: Iterable[MessageView]) -> tuple[MessageView, ...]:
    return tuple(islice(views, SHOWN))


def _last(views: dict[str, MessageView]) -> tuple[MessageView, ...]:
    return tuple(islice(reversed(views.values()), SHOWN))[::-1]


class QueuesFold:
    """Every queue of a run."""

    def __init__(self) -> None:
        self.queues: dict[str, QueueFold] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for everything that moves a message."""
        return {
            kind.DECLARED: self._declared,
            kind.SENT: self._sent,
            kind.RANKED: self._ranked,
            kind.DUE: self._due,
            kind.REDRIVEN: self._redriven,
            kind.DELIVERED: self._delivered,
            kind.RENEWED: self._renewed,
            kind.COMPLETED: self._completed,
            kind.ABANDONED: self._returned,
            kind.LOCK_EXPIRED: self._returned,
            kind.DEFERRED: self._deferred,
            kind.DEAD_LETTERED: self._dead_lettered,
            kind.SHELVED: self._shelved,
            kind.EXPIRED: self._left,
            kind.DROPPED: self._dropped,
        }

    @property
    def depth(self) -> int:
        """Ready messages on all queues."""
        depth = 0
        for queue in self.queues.values():
            depth += queue.ready.length
        return depth

    @property
    def deepest(self) -> int:
        """Ready messages on the queue that has most."""
        return max((queue.ready.length for queue in self.queues.values()), default=0)

    @property
    def size(self) -> int:
        """Steps a copy costs: one for a link of what is ready or for any other message kept."""
        return sum(
            q.ready.size
            + q.groups.size
            + len(q.locked)
            + len(q.aside)
            + len(q.dead)
            + len(q.shelved)
            + len(q.dropped)
            for q in self.queues.values()
        )

    def oldest(self) -> float | None:
        """Return when the oldest ready message was accepted, in seconds; None if none is ready."""
        found = [t for q in self.queues.values() if (t := q.ready.oldest()) is not None]
        return min(found, default=None)

    def queue(self, name: str) -> QueueFold:
        """Return the queue of that name, made on first mention."""
        found = self.queues.get(name)
        if found is None:
            found = self.queues[name] = QueueFold(name)
        return found

    def _declared(self, event: Event) -> None:
        queue = self.queue(event.queue)
        queue.lock = event.value
        queue.limit = event.delivery
        queue.capacity = None if event.token < 0 else event.token
        declared = read_declared(event.text)
        queue.redelivery, queue.rules = declared.redelivery, declared.rules
        queue.mode, queue.at_head = declared.mode, declared.at_head
        queue.newest = declared.newest
        lanes = bool(event.group)
        if lanes != queue.lanes:
            queue.lanes = lanes
            queue.returned.clear()
        if lanes:
            queue.redelivery = "head"

    def _sent(self, event: Event) -> None:
        queue = self.queue(event.queue)
        stage = "scheduled" if event.until else "ready"
        view = MessageView(
            event.message,
            stage,
            0,
            event.t,
            event.until,
            "",
            "",
            event.t,
            "producer",
            event.actor,
            0.0,
            event.group,
        )
        if event.until:
            queue.aside[event.message] = view
        else:
            queue.make_ready(view, head=event.token == 1)

    def _ranked(self, event: Event) -> None:
        queue = self.queue(event.queue)
        view = queue.ready.get(event.message)
        if view is not None:
            queue.rank(replace(view, rank=event.value))

    def _due(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        again = event.delivery > 0
        ready = _moved(old, event, "ready")
        queue.make_ready(ready, head=queue.lanes and again, returned=again and not queue.lanes)

    def _redriven(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.make_ready(_moved(old, event, "ready"), head=False)

    def _delivered(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.locked[event.message] = MessageView(
            old.name, "locked", event.delivery, old.since, event.until, event.actor, "",
            event.t, old.stage, old.sender, event.t - old.moved, old.group,
        )  # fmt: skip

    def _renewed(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.locked.get(event.message)
        if old is not None:
            queue.locked[event.message] = MessageView(
                old.name, "locked", old.delivery, old.since, event.until, old.owner, "",
                old.moved, old.came_from, old.sender, old.waited, old.group, old.rank,
            )  # fmt: skip

    def _completed(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.completed += 1
        queue.gone.append(_moved(old, event, "completed", owner=event.actor))

    def _returned(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        if event.until:
            queue.aside[event.message] = _moved(old, event, "scheduled", until=event.until)
        else:
            view = _moved(old, event, "ready")
            queue.make_ready(view, head=queue.redelivery == "head", returned=True)

    def _deferred(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.aside[event.message] = _moved(old, event, "deferred")

    def _dead_lettered(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.dead[event.message] = _moved(old, event, "dead", reason=event.text)

    def _shelved(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        queue.shelved[event.message] = _moved(old, event, "shelved", reason=event.text)

    def _dropped(self, event: Event) -> None:
        if event.text == kind.RETENTION:
            self.queue(event.queue).dead.pop(event.message, None)
        elif event.text in kind.LEAVES:
            self._left(event)
            if event.text != "QueueFull":
                queue = self.queue(event.queue)
                queue.dropped[event.message] = queue.gone[-1]

    def _left(self, event: Event) -> None:
        queue = self.queue(event.queue)
        old = queue.remove(event.message, event.t)
        if not (event.kind == kind.EXPIRED and event.text):
            queue.gone.append(_moved(old, event, event.kind, reason=event.text))
            queue.expired += event.kind == kind.EXPIRED
        else:
            queue.aside[event.message] = _moved(old, event, "expired")

    def copy(self) -> QueuesFold:
        """Return an independent copy."""
        twin = QueuesFold()
        twin.queues = {name: queue.copy() for name, queue in self.queues.items()}
        return twin


_ENDS = frozenset({"dead", "shelved", "dropped"})


def _moved(
    old: MessageView,
    event: Event,
    stage: str,
    until: float = 0.0,
    reason: str = "",
    owner: str = "",
) -> MessageView:
    came_from = old.owner or old.stage
    if old.moved == event.t and stage in _ENDS:
        came_from = old.came_from  # given back and buried at one instant: one move to the eye
    return MessageView(
        old.name, stage, event.delivery, old.since, until, owner, reason, event.t, came_from,
        old.sender, old.waited, old.group, old.rank,
    )  # fmt: skip
