"""The matrix of events and subscriptions: what became of each copy."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import msgspec

from ..items import item_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..subjects import told, untold
from ..subscribed import wish_of
from ..terms import told_terms
from .feed import Line
from .measures import Handler

KEPT: Final = 160
"""Events of which the matrix remembers what became of their copies."""

FILTERED: Final = "filtered"
BUFFERED: Final = "buffered"
HELD: Final = "held"
DONE: Final = "done"
TWICE: Final = "twice"
MISSED: Final = "missed"
DROPPED: Final = "dropped"
DEAD: Final = "dead"
LOST: Final = "lost"
"""What can have become of a copy."""


class EventView(msgspec.Struct, frozen=True):
    """One published event.

    Attributes:
        name: The message.
        about: Its subject.
        at: When it was published, in seconds.
        copies: How many subscriptions it was for; 0: nobody listened.
        sender: Who published it.
    """

    name: str
    about: str
    at: float
    copies: int
    sender: str


class LineView(msgspec.Struct, frozen=True):
    """One subscription.

    Attributes:
        name: Its name.
        filter: What it matches.
        durable: Whether it lives on while nobody is connected.
        policy: What happens when its buffer is full: ``buffer drop-oldest drop-newest
            disconnect block``.
        state: ``connected``, ``offline`` (it buffers), ``away`` (it does not exist meanwhile)
            or ``ended`` (nobody wants it any more).
        instances: Who subscribed to it and has not left for good.
        cells: What became of its copy of each event of the scene, and who has it in hand or has
            dealt with it: ``done billing-1``; empty: it was not there.
        received: Copies completed.
        filtered: Events that its filter kept out.
        missed: Events it would have matched while it was away.
        dropped: Copies its policy cost it.
        lost: Copies deleted on receipt of which nothing came: who had them died, or failed.
        twice: How often an event was handled that had been handled here before.
        oldest: When the oldest copy that is not settled was published, in seconds; None: none.
        why: Why it is away.
        terms: What holds for its copies only, in words; none: what holds for all.
    """

    name: str
    filter: str
    durable: bool
    policy: str
    state: str
    instances: tuple[str, ...]
    cells: tuple[str, ...]
    received: int
    filtered: int
    missed: int
    dropped: int
    lost: int
    twice: int
    oldest: float | None
    why: str
    terms: tuple[str, ...] = ()


class FanOut(msgspec.Struct, frozen=True):
    """The matrix.

    Attributes:
        events: The latest events, oldest first.
        lines: The subscriptions, in the order in which they first began.
        published: Events published in all.
        unrouted: Events nobody subscribed to.
        blocked: For each publisher that waits, since when, in seconds, and for which queue.
    """

    events: tuple[EventView, ...]
    lines: tuple[LineView, ...]
    published: int
    unrouted: int
    blocked: tuple[tuple[str, float, str], ...]


class Matrix:
    """Folds what is published, copied, settled, missed and dropped."""

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self.lines: dict[str, Line] = {}
        self.events: OrderedDict[str, EventView] = OrderedDict()
        self.cells: dict[str, dict[str, str]] = {}
        self.published = self.unrouted = 0
        self.blocked: dict[str, tuple[float, str]] = {}
        self.blocked_for = 0.0
        self._policies: dict[str, str] = {}
        self._now = 0.0

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that befalls a copy."""
        back = (kind.ABANDONED, kind.LOCK_EXPIRED, kind.REDRIVEN, kind.DUE)
        return {
            kind.DECLARED: self._declared,
            kind.SUBSCRIBED: self._subscribed,
            kind.UNSUBSCRIBED: self._unsubscribed,
            kind.PUBLISHED: self._published,
            kind.UNROUTED: self._published,
            kind.SENT: self._sent,
            kind.REJECTED: self._dropped,
            kind.DELIVERED: self._delivered,
            kind.COMPLETED: self._completed,
            kind.DROPPED: self._dropped,
            kind.EXPIRED: self._dropped,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._dead),
            **dict.fromkeys(back, self._back),
            kind.BLOCKED: self._blocked,
            kind.WORKING: self._working,
            **dict.fromkeys((kind.EFFECT, kind.EFFECT_SKIPPED), self._worked),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._left),
            kind.RESTARTED: self._returned,
        }

    # --- subscriptions --------------------------------------------------------------------

    def _declared(self, event: Event) -> None:
        overflow = event.text.split()[1]
        policy = {"reject": "drop-newest"}.get(overflow, overflow)
        self._policies[event.queue] = "buffer" if event.token < 0 else policy

    def _subscribed(self, event: Event) -> None:
        line = self.lines.get(event.message)
        if line is None:
            line = self.lines[event.message] = Line(event.message)
        line.wish, line.state, line.why = wish_of(event), "connected", ""
        policy = self._policies.get(line.name, "buffer")
        line.policy = "disconnect" if line.wish.disconnect and policy != "buffer" else policy
        line.instances[event.actor] = True

    def _unsubscribed(self, event: Event) -> None:
        line = self.lines.get(event.message)
        if line is not None:
            line.state, line.why = ("away" if event.text else "ended"), event.text

    def _left(self, event: Event) -> None:
        self._let_go(event)
        for line in self.lines.values():
            if event.actor in line.instances:
                for message in [m for m, holder in line.deleted.items() if holder == event.actor]:
                    self._lose(line, message)
                line.instances[event.actor] = False
                if line.state == "connected" and not any(line.instances.values()):
                    line.state = "offline"

    def _returned(self, event: Event) -> None:
        for line in self.lines.values():
            if event.actor in line.instances and line.state == "offline":
                line.instances[event.actor] = True
                line.state = "connected"

    # --- events and copies ----------------------------------------------------------------

    def _published(self, event: Event) -> None:
        self._let_go(event)
        self.published += 1
        copies = int(event.value)
        self.unrouted += not copies
        name, subject = event.message, untold(event.text)[0]
        self.events[name] = EventView(name, subject, event.t, copies, event.actor)
        self.events.move_to_end(name)
        cells = self.cells[name] = {}
        while len(self.events) > KEPT:
            old, _ = self.events.popitem(last=False)
            del self.cells[old]
            for line in self.lines.values():
                line.forget(old)
        grammar = self._settings().grammar
        for line in self.lines.values():
            if line.state == "ended":
                continue
            if line.wish.matches(event.text, grammar):
                if line.state == "away":
                    line.missed += 1
                    cells[line.name] = MISSED
            else:
                line.filtered += 1
                cells[line.name] = FILTERED

    def settle(self, now: float) -> None:
        """Measure depths between instants: what is handed over at once never waited."""
        if now != self._now:
            self._now = now
            for line in self.lines.values():
                line.depth_max = max(line.depth_max, len(line.ready))

    def _mark(self, event: Event, what: str, *, ready: bool = False) -> Line | None:
        self.settle(event.t)
        line = self.lines.get(event.queue)
        if line is not None:
            cells = self.cells.get(item_of(event.message))
            if cells is not None:
                cells[line.name] = what
            (line.ready.add if ready else line.ready.discard)(event.message)
        return line

    def _sent(self, event: Event) -> None:
        line = self._mark(event, BUFFERED, ready=not event.until)
        if line is not None:
            line.sent += 1
            line.kept += line.state == "offline"
            line.pending[event.message] = event.t

    def _back(self, event: Event) -> None:
        line = self._mark(event, BUFFERED, ready=not event.until)
        if line is not None and event.kind == kind.REDRIVEN:
            line.dead -= 1
            line.pending[event.message] = event.t

    def _delivered(self, event: Event) -> None:
        line = self._mark(event, f"{HELD} {event.actor}")
        if line is not None:
            if not event.until:  # without a lock: it is deleted before its work begins
                line.deleted[event.message] = event.actor
            line.redelivered += event.delivery > 1
            line.waited(event.message, event.t)

    def _completed(self, event: Event) -> None:
        line = self.lines.get(event.queue)
        if line is not None:
            if event.message not in line.deleted:
                self._done(line, event)
            line.received += 1
            line.pending.pop(event.message, None)

    def _working(self, event: Event) -> None:
        line = self.lines.get(event.queue)
        if line is not None and event.message in line.deleted:
            before = line.at_work.get(event.actor, "")
            if before in line.deleted:  # it failed, and no broker knows of it any more
                self._lose(line, before)
            line.at_work[event.actor] = event.message

    def _worked(self, event: Event) -> None:
        line = self.lines.get(event.queue)
        if line is not None:
            if event.kind == kind.EFFECT:
                line.handles(item_of(event.message))
            if line.deleted.pop(event.message, ""):
                self._done(line, event)

    def _done(self, line: Line, event: Event) -> None:
        what = TWICE if line.handled[item_of(event.message)] > 1 else DONE
        self._mark(event, f"{what} {event.actor}")

    def _lose(self, line: Line, message: str) -> None:
        del line.deleted[message]
        line.lost += 1
        cells = self.cells.get(item_of(message))
        if cells is not None:
            cells[line.name] = LOST

    def _dropped(self, event: Event) -> None:
        gone = event.kind == kind.REJECTED or event.text in kind.LEAVES
        if gone or (event.kind == kind.EXPIRED and not event.text):
            line = self._mark(event, DROPPED)
            if line is not None:
                line.dropped += 1
                line.waited(event.message, event.t)
                line.pending.pop(event.message, None)

    def _dead(self, event: Event) -> None:
        line = self._mark(event, DEAD)
        if line is not None:
            line.dead += event.kind == kind.DEAD_LETTERED
            line.pending.pop(event.message, None)

    def _blocked(self, event: Event) -> None:
        if event.queue in self.lines:
            self.blocked[event.actor] = event.t, event.queue

    def _let_go(self, event: Event) -> None:
        since = self.blocked.pop(event.actor, None)
        if since is not None:
            self.blocked_for += event.t - since[0]

    def blocked_until(self, now: float) -> float:
        """Return how long publishers have waited for room in all, in seconds."""
        return self.blocked_for + sum(now - since for since, _ in self.blocked.values())

    # --- what is seen ---------------------------------------------------------------------

    def view(self) -> FanOut:
        """Return the frozen matrix."""
        names = tuple(self.events)
        return FanOut(
            tuple(self.events.values()),
            tuple(self._line(line, names) for line in self.lines.values()),
            self.published,
            self.unrouted,
            tuple((name, *since) for name, since in self.blocked.items()),
        )

    def _line(self, line: Line, names: tuple[str, ...]) -> LineView:
        return LineView(
            line.name, told(line.wish.filter, line.wish.content), line.wish.durable, line.policy,
            line.state, tuple(line.instances),
            tuple(self.cells[name].get(line.name, "") for name in names),
            line.received, line.filtered, line.missed, line.dropped, line.lost, line.twice,
            min(line.pending.values(), default=None), line.why,
            told_terms(self._settings().terms, line.name),
        )  # fmt: skip

    def copy(self) -> Matrix:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.lines = {name: line.copy() for name, line in self.lines.items()}
        twin.events = self.events.copy()
        twin.cells = {name: dict(cells) for name, cells in self.cells.items()}
        twin.blocked, twin._policies = dict(self.blocked), dict(self._policies)
        return twin
