"""Metrics of a convoy: what ran in parallel, what stood still and why, what got out of order."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from ..invariants.outages import UNREACHABLE, track_outage
from ..kernel import events as kind
from ..kernel.events import Event
from ..partitioning import lane_of, partitions_of
from ..sequences import Sequences
from .convoy_scene import FROZEN, HELD, OPEN, WAITING, ConvoyScene, SpanView
from .lanes import LaneFold, Spells
from .measures import Handler, Measure, Meter, Number, tidy

SHOWN = 64
"""Lanes a scene lists at most."""

GRAVES = 8
"""Dead letters of a lane that are named at most, the latest."""

SPANS = 8
"""Stretches of standing still that are remembered."""

PARKED = "GroupParked"


class Convoying(Meter):
    """Lanes, their holders, and the order of what was begun."""

    measures = (
        Measure("order_violations", "messages begun before an earlier one of their group was over",
                "messages", 1),
        Measure("parallel", "lanes that are being worked on now"),
        Measure("parallel_max", "most lanes worked on at a time"),
        Measure("lanes_waiting", "lanes that wait for a consumer now", "", 1),
        Measure("lane_wait_max", "longest time a lane waited for a consumer", "s", 1),
        Measure("waited_for_consumer", "time lanes waited for a consumer, all added up", "s", 1),
        Measure("waited_for_lock", "time lanes had messages behind the one in process, added up",
                "s"),
        Measure("frozen", "lanes whose holder is dead, asleep or cut off now", "", 1),
        Measure("frozen_time", "time lanes were frozen, all added up", "s", 1),
        Measure("idle_held", "time empty lanes were kept locked, all added up", "s", 1),
        Measure("sessions_accepted", "session locks granted: how often consumers changed lanes"),
        Measure("sessions_renewed", "session locks extended"),
        Measure("sessions_expired", "session locks that ran out", "", 1),
        Measure("fenced", "effects refused because a later session had been there", ""),
        Measure("holes", "dead letters that later messages of their group went past", "", 1),
        Measure("parked", "messages dead-lettered because one before them was", "", 1),
        Measure("hot_group_share", "share of the largest group among the messages accepted"),
        Measure("group_done_min", "messages completed of the group with the fewest"),
        Measure("group_done_max", "messages completed of the group with the most"),
    )  # fmt: skip

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._lanes: dict[str, LaneFold] = {}
        self._order = Sequences()
        self._partitions: int | None = None
        self._spells = Spells()
        self._silent: set[str] = set()
        self._cut: set[tuple[str, str]] = set()
        self._first = self._last = 0
        self._gone: deque[str] = deque()
        self._hands: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._of: dict[str, str] = {}
        self._sent: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._lost: dict[str, frozenset[str]] = {}
        self._spans: list[SpanView] = []
        self._violations = self._holes = self._parked = self._fenced = 0
        self._accepted = self._renewed = self._expired = 0
        self._parallel_max = 0
        self._wait_max = 0.0
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
            kind.DEFERRED: self._left,
            kind.EFFECT_SKIPPED: self._skipped,
            kind.SESSION_ACCEPTED: self._locked,
            kind.SESSION_RENEWED: self._extended,
            kind.SESSION_EXPIRED: self._ended,
            kind.SESSION_CLOSED: self._ended,
            kind.CRASHED: self._silenced,
            kind.PAUSED: self._silenced,
            kind.RESUMED: self._silenced,
            kind.INJECTED: self._cut_off,
            kind.HEALED: self._cut_off,
        }
        return own

    # --- messages -------------------------------------------------------------------------

    def _declared(self, event: Event) -> None:
        before, self._partitions = self._partitions, partitions_of(event.group)
        if before == self._partitions or not self._lanes:
            return
        ready = [
            (place, name) for lane in self._lanes.values() for name, place in lane.ready.items()
        ]
        held = {n: a for lane in self._lanes.values() for n, a in lane.current.items()}
        away = {n for lane in self._lanes.values() for n in lane.away}
        for lane in self._lanes.values():
            lane.ready.clear()
            lane.current.clear()
            lane.away.clear()
            self._look(lane, event.t)
        for place, name in sorted(ready):
            self._lane(name).ready[name] = place
        for name, actor in held.items():
            self._lane(name).current[name] = actor
        for name in away:
            self._lane(name).away.add(name)
        for lane in self._lanes.values():
            self._look(lane, event.t)

    def _lane(self, message: str) -> LaneFold:
        group = self._of.get(message, "")
        key = lane_of(group, self._partitions or 0)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = LaneFold(key)
            self._spells.now[found.state] += 1
        found.groups.add(group)
        return found

    def _came(self, event: Event) -> None:
        name = event.message
        if event.kind == kind.SENT:
            self._name(event)
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
            group = self._of.get(name, "")
            self._lost[group] = self._lost.get(group, frozenset()) - {name}
            lane.parked = bool(lane.dead) and lane.parked
        self._look(lane, event.t)

    def _queue_up(self, lane: LaneFold, event: Event) -> None:
        if event.kind == kind.SENT:
            head = event.token == 1
        else:
            head = event.delivery > 0 or event.kind in (kind.ABANDONED, kind.LOCK_EXPIRED)
        if head:
            self._first -= 1
            lane.ready[event.message] = self._first
            lane.ready.move_to_end(event.message, last=False)
        else:
            self._last += 1
            lane.ready[event.message] = self._last

    def _name(self, event: Event) -> None:
        group, name = event.group, event.message
        self._of[name] = group
        original, copied, _ = name.partition("~")
        if copied and original in self._labels:
            self._labels[name] = f"{self._labels[original]}'"
        else:
            number = self._sent[group] = self._sent.get(group, 0) + 1
            self._done.setdefault(group, 0)
            gap = "." if group[-1:].isdigit() else ""
            self._labels[name] = f"{group}{gap}{number}" if group else name

    def _delivered(self, event: Event) -> None:
        self._order.follow(event)
        lane = self._lane(event.message)
        lane.ready.pop(event.message, None)
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
        name, group = event.message, self._of.get(event.message, "")
        lane = self._lane(name)
        lane.ready.pop(name, None)
        lane.current.pop(name, None)
        lane.away.discard(name)
        if event.kind == kind.COMPLETED:
            lane.done += 1
            self._done[group] = self._done.get(group, 0) + 1
            self._holes += len(self._lost.pop(group, ()))
            self._forget(name)
        elif event.kind in (kind.DEAD_LETTERED, kind.SHELVED):
            lane.dead[name] = self._labels.get(name, name)
            parked = event.text == PARKED
            self._parked += parked
            lane.parked = lane.parked or parked
            if not parked:
                self._lost[group] = self._lost.get(group, frozenset()) | {name}
        self._look(lane, event.t)

    def _forget(self, name: str) -> None:
        """Forget a message that is completed, but not what it was called just yet."""
        self._of.pop(name, None)
        self._gone.append(name)
        if len(self._gone) > SHOWN:
            self._labels.pop(self._gone.popleft(), None)

    def _skipped(self, event: Event) -> None:
        self._fenced += event.text == "fenced"

    # --- sessions -------------------------------------------------------------------------

    def _locked(self, event: Event) -> None:
        self._accepted += 1
        lane = self._lanes[event.group]
        lane.waited = event.t - lane.since if lane.state == WAITING else 0.0
        self._wait_max = max(self._wait_max, lane.waited)
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
        cut = any(actor in ("", lane.holder) for _, actor in self._cut)
        silent = cut or lane.holder in self._silent
        state = lane.judge(silent=silent, on=self._partitions is not None)
        behind = bool(lane.token and lane.ready)
        spells = self._spells
        spells.move_to(now)
        spells.now["behind"] += behind - lane.behind
        lane.behind = behind
        if state == lane.state:
            return
        spells.now[lane.state] -= 1
        spells.now[state] += 1
        if state == FROZEN:
            self._spans = [*self._spans, SpanView(lane.key, now)][-SPANS:]
        elif lane.state == FROZEN:
            self._spans = [
                SpanView(span.lane, span.start, now)
                if span.lane == lane.key and span.end is None
                else span
                for span in self._spans
            ]
        lane.state, lane.since = state, now
        self._parallel_max = max(self._parallel_max, spells.now[HELD])

    # --- answers --------------------------------------------------------------------------

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        spells = self._spells.copy()
        spells.move_to(now)
        total = sum(self._sent.values())
        waiting = (now - lane.since for lane in self._lanes.values() if lane.state == WAITING)
        return {
            "order_violations": self._violations,
            "parallel": spells.now[HELD],
            "parallel_max": self._parallel_max,
            "lanes_waiting": spells.now[WAITING],
            "lane_wait_max": tidy(max((self._wait_max, *waiting))),
            "waited_for_consumer": tidy(spells.time[WAITING]),
            "waited_for_lock": tidy(spells.time["behind"]),
            "frozen": spells.now[FROZEN],
            "frozen_time": tidy(spells.time[FROZEN]),
            "idle_held": tidy(spells.time[OPEN]),
            "sessions_accepted": self._accepted,
            "sessions_renewed": self._renewed,
            "sessions_expired": self._expired,
            "fenced": self._fenced,
            "holes": self._holes,
            "parked": self._parked,
            "hot_group_share": tidy(max(self._sent.values()) / total) if total else None,
            "group_done_min": min(self._done.values(), default=None),
            "group_done_max": max(self._done.values(), default=None),
        }

    def scene(self, now: float) -> ConvoyScene:
        """Return the lanes as of ``now`` seconds."""
        busy = sorted(self._lanes.values(), key=_worth)[:SHOWN]
        shown = {lane.key for lane in busy}
        lanes = tuple(lane.view() for lane in self._lanes.values() if lane.key in shown)
        named = (
            *(n for lane in lanes for n in (*lane.ready, *lane.current)),
            *self._gone,
            *self._hands.values(),
        )
        labels = {name: self._labels.get(name, name) for name in named}
        for lane in busy:
            labels |= dict(islice(reversed(lane.dead.items()), GRAVES))
        return ConvoyScene(
            lanes, labels, tuple(self._spans), self._partitions is not None,
            len(self._lanes) - len(lanes),
        )  # fmt: skip

    def copy(self) -> Convoying:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._lanes = {key: lane.copy() for key, lane in self._lanes.items()}
        twin._order, twin._spells = self._order.copy(), self._spells.copy()
        twin._silent, twin._cut = set(self._silent), set(self._cut)
        twin._gone, twin._hands = self._gone.copy(), dict(self._hands)
        twin._labels, twin._of = dict(self._labels), dict(self._of)
        twin._sent, twin._done, twin._lost = dict(self._sent), dict(self._done), dict(self._lost)
        return twin


def _worth(lane: LaneFold) -> bool:
    """Put lanes in which something happens before those in which nothing does."""
    return lane.state == "empty"
