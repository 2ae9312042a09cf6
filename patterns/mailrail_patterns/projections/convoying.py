"""Metrics of a convoy: what ran in parallel, what stood still and why, what got out of order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from ..broker_rules import read_declared
from ..debatching import apart_from_ledger
from ..invariants.outages import UNREACHABLE, track_outage
from ..kernel import events as kind
from ..kernel.events import Event
from ..partitioning import lane_of, partitions_of
from ..progress import PROGRESS
from ..resequencing import TOO_LATE
from ..sequences import Sequences
from ..window import Window
from .convoy_measures import MEASURES
from .convoy_scene import ConvoyScene
from .group_names import GroupNames
from .lane_times import MISSING, LaneTimes
from .lanes import LaneFold, queue_of_places
from .measures import Handler, Meter, Number, tidy
from .rebalanced import Rebalances
from .resequenced import Resequenced

SHOWN = 64
"""Lanes a scene lists at most."""

GRAVES = 8
"""Dead letters of a lane that are named at most, the latest."""

PARKED = "GroupParked"


class Convoying(Meter):
    """Lanes, their holders, and the order of what was begun."""

    measures = MEASURES
    slim = True

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._lanes: dict[str, LaneFold] = {}
        self._order = Sequences()
        self._partitions: int | None = None
        self._window: Window | None = None
        self._times = LaneTimes()
        self._silent: set[str] = set()
        self._cut: set[tuple[str, str]] = set()
        self._first = self._last = 0
        self._hands: dict[str, str] = {}
        self._names = GroupNames(SHOWN)
        self._sequences = Resequenced(self._names)
        self._lost: dict[str, frozenset[str]] = {}
        self._violations = self._holes = self._parked = self._fenced = 0
        self._accepted = self._renewed = self._expired = 0
        self._rebalances = Rebalances()
        self._now = 0.0

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of messages, sessions and holders."""
        own: dict[str, Handler] = {
            kind.DECLARED: self._declared,
            kind.SENT: self._came,
            kind.DUE: self._came,
            kind.REDRIVEN: self._came,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            kind.COMPLETED: self._left,
            kind.ABANDONED: self._came,
            kind.LOCK_EXPIRED: self._came,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._left),
            kind.EXPIRED: self._left,
            kind.DROPPED: self._left,
            kind.DEFERRED: self._deferred,
            kind.STATE: self._written,
            kind.EFFECT: self._applied,
            kind.EFFECT_SKIPPED: self._skipped,
            kind.SESSION_ACCEPTED: self._locked,
            kind.SESSION_RENEWED: self._extended,
            kind.SESSION_EXPIRED: self._ended,
            kind.SESSION_CLOSED: self._ended,
            **dict.fromkeys((kind.REBALANCING, kind.REBALANCED), self._rebalanced),
            kind.CRASHED: self._silenced,
            kind.PAUSED: self._silenced,
            kind.RESUMED: self._silenced,
            kind.INJECTED: self._cut_off,
            kind.HEALED: self._cut_off,
        }
        return apart_from_ledger(own) if self._settings().ledger else own

    # --- messages -------------------------------------------------------------------------

    def _declared(self, event: Event) -> None:
        before, self._partitions = self._partitions, partitions_of(event.group)
        self._scan(read_declared(event.text).scan)
        if before == self._partitions or not self._lanes:
            return
        ready = [
            (place, name)
            for lane in self._lanes.values()
            for name, place in zip(lane.ready, lane.ready.values(), strict=True)
        ]
        held = {n: a for lane in self._lanes.values() for n, a in lane.current.items()}
        away = {n for lane in self._lanes.values() for n in lane.away}
        aside = {n: k for lane in self._lanes.values() for n, k in lane.aside.items()}
        for lane in self._lanes.values():
            lane.ready = queue_of_places()
            lane.current.clear()
            lane.away.clear()
            lane.aside.clear()
            self._look(lane, event.t)
        for place, name in sorted(ready):
            self._lane(name).ready.enter(name, place)
        for name, actor in held.items():
            self._lane(name).current[name] = actor
        for name in away:
            self._lane(name).away.add(name)
        for name, number in aside.items():
            self._lane(name).aside[name] = number
        for lane in self._lanes.values():
            self._look(lane, event.t)

    def _scan(self, size: int) -> None:
        """Let so many messages be seen; 0: all of them."""
        if size == (self._window.size if self._window else 0):
            return
        self._window = Window(size) if size else None
        here = {name for lane in self._lanes.values() for name in lane.takes_up()}
        for name in [name for name in self._names.unfinished() if name in here]:
            self._see(name)
        for lane in self._lanes.values():
            self._look(lane, self._now)

    def _see(self, name: str, *, first: bool = False) -> None:
        if self._window is not None:
            self._window.enter(name, first=first)

    def _moves_up(self, name: str, now: float) -> None:
        """Let one message more be seen instead of one that is settled."""
        up = self._window.leave(name) if self._window is not None else ""
        if up:
            self._look(self._lane(up), now)

    def _lane(self, message: str) -> LaneFold:
        group = self._names.of(message)
        found = self._lane_at(lane_of(group, self._partitions or 0))
        found.groups.add(group)
        return found

    def _lane_at(self, key: str) -> LaneFold:
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = LaneFold(key)
            self._times.appears(found)
        return found

    def _came(self, event: Event) -> None:
        name = event.message
        if event.kind == kind.SENT:
            self._names.add(event)
        self._order.follow(event)
        lane = self._lane(name)
        lane.current.pop(name, None)
        lane.away.discard(name)
        if event.until and event.kind != kind.SENT:
            lane.away.add(name)
        elif not event.until:
            self._queue_up(lane, event)
        if event.kind == kind.REDRIVEN:
            lane.dead.pop(name, None)
            group = self._names.of(name)
            self._lost[group] = self._lost.get(group, frozenset()) - {name}
            lane.parked = bool(lane.dead) and lane.parked
        self._look(lane, event.t)

    def _queue_up(self, lane: LaneFold, event: Event) -> None:
        if event.kind == kind.SENT:
            head = event.token == 1
        else:
            head = event.delivery > 0 or event.kind in (kind.ABANDONED, kind.LOCK_EXPIRED)
        self._see(event.message, first=head)
        if head:
            self._first -= 1
            lane.ready.enter(event.message, self._first, head=True)
        else:
            self._last += 1
            lane.ready.enter(event.message, self._last)

    def _delivered(self, event: Event) -> None:
        self._order.follow(event)
        lane = self._lane(event.message)
        lane.ready.pop(event.message)
        if lane.aside:
            self._sequences.fetched(lane, event.message)
        if event.until:
            lane.current[event.message] = event.actor
        self._look(lane, event.t)

    def _working(self, event: Event) -> None:
        self._hands[event.actor] = event.message
        if self._order.before(event.message):
            self._violations += 1

    def _left(self, event: Event) -> None:
        if event.kind == kind.DROPPED and event.text not in kind.LEAVES:
            return
        self._order.follow(event)
        name, group = event.message, self._names.of(event.message)
        lane = self._lane(name)
        lane.ready.pop(name)
        lane.current.pop(name, None)
        lane.away.discard(name)
        if lane.aside:
            self._sequences.fetched(lane, name)
        if event.kind == kind.COMPLETED:
            lane.done += 1
            self._holes += len(self._lost.pop(group, ()))
            self._names.completed(event)
        elif event.kind in (kind.DEAD_LETTERED, kind.SHELVED):
            lane.dead[name] = self._names.label(name)
            self._sequences.too_late += event.text == TOO_LATE
            parked = event.text == PARKED
            self._parked += parked
            lane.parked = lane.parked or parked
            if not parked:
                self._lost[group] = self._lost.get(group, frozenset()) | {name}
        self._look(lane, event.t)
        self._moves_up(name, event.t)

    def _deferred(self, event: Event) -> None:
        self._order.follow(event)
        lane = self._lane(event.message)
        lane.current.pop(event.message, None)
        self._sequences.set_aside(lane, event.message)
        self._look(lane, event.t)

    def _written(self, event: Event) -> None:
        if event.queue == PROGRESS:
            self._sequences.written(event)
            lane = self._lanes.get(lane_of(event.message, self._partitions or 0))
            if lane is not None and lane.aside:
                self._look(lane, event.t)

    def _applied(self, event: Event) -> None:
        self._sequences.applied(self._names.group(event.message), event.message)

    def _skipped(self, event: Event) -> None:
        self._fenced += event.text == kind.FENCED

    # --- sessions -------------------------------------------------------------------------

    def _locked(self, event: Event) -> None:
        self._accepted += 1
        lane = self._lane_at(event.group)
        self._times.accepted(lane, event.t)
        lane.holder, lane.token, lane.until = event.actor, event.token, event.until
        lane.accepted, lane.alive = event.t, True
        self._look(lane, event.t)

    def _extended(self, event: Event) -> None:
        self._renewed += 1
        self._lanes[event.group].until = event.until

    def _ended(self, event: Event) -> None:
        self._expired += event.kind == kind.SESSION_EXPIRED
        lane = self._lanes[event.group]
        lane.holder, lane.token, lane.until = "", 0, 0.0
        self._look(lane, event.t)

    def _rebalanced(self, event: Event) -> None:
        self._rebalances.follow(event)

    def _silenced(self, event: Event) -> None:
        if event.kind == kind.PAUSED:
            self._silent.add(event.actor)
        else:
            self._silent.discard(event.actor)
        for lane in self._lanes.values():
            if lane.token and lane.holder == event.actor:
                lane.alive = lane.alive and event.kind != kind.CRASHED
                self._look(lane, event.t)

    def _cut_off(self, event: Event) -> None:
        if event.message not in UNREACHABLE:
            return
        track_outage(self._cut, event)
        for lane in self._lanes.values():
            if lane.token:
                self._look(lane, event.t)

    def _look(self, lane: LaneFold, now: float) -> None:
        """Take notice of what has become of a lane."""
        self._now = max(self._now, now)
        missed = bool(lane.missing[0])
        if lane.aside or missed:
            lane.missing = self._sequences.missing(lane)
        cut = any(actor in ("", lane.holder) for _, actor in self._cut)
        silent = cut or lane.holder in self._silent
        state = lane.judge(silent=silent, on=self._partitions is not None, window=self._window)
        self._times.enter(lane, state, now, missed=missed)

    # --- answers --------------------------------------------------------------------------

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        spells = self._times.until(now)
        return {
            "order_violations": self._violations,
            **self._times.values(spells, now, self._lanes.values()),
            "sessions_accepted": self._accepted,
            "sessions_renewed": self._renewed,
            "sessions_expired": self._expired,
            "fenced": self._fenced,
            "holes": self._holes,
            "parked": self._parked,
            **self._rebalances.values(now),
            **self._sequences.values(tidy(spells.time[MISSING])),
            **self._names.values(),
        }

    def scene(self, now: float) -> ConvoyScene:
        """Return the lanes as of ``now`` seconds."""
        lanes_by_worth = sorted(self._lanes.values(), key=lambda lane: lane.state == "empty")
        busy = lanes_by_worth[:SHOWN]
        shown = {lane.key for lane in busy}
        lanes = tuple(lane.view() for lane in self._lanes.values() if lane.key in shown)
        named = (name for lane in lanes for name in (*lane.ready, *lane.current, *lane.aside))
        labels = dict(self._names.labels(named, self._hands.values()))
        for lane in busy:
            labels |= dict(islice(reversed(lane.dead.items()), GRAVES))
        return ConvoyScene(
            lanes, labels, self._times.spans, self._partitions is not None,
            len(self._lanes) - len(lanes), self._window.size if self._window else 0,
            self._rebalances.since, self._names.progress(SHOWN),
        )  # fmt: skip

    def copy(self) -> Convoying:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._lanes = {key: lane.copy() for key, lane in self._lanes.items()}
        twin._order, twin._times = self._order.copy(), self._times.copy()
        twin._rebalances = self._rebalances.copy()
        twin._window = self._window and self._window.copy()
        twin._silent, twin._cut = set(self._silent), set(self._cut)
        twin._names, twin._hands, twin._lost = (
            self._names.copy(), dict(self._hands), dict(self._lost)
        )  # fmt: skip
        twin._sequences = self._sequences.copy(twin._names)
        return twin
