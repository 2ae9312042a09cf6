"""What the sink of a pipeline has set aside, what is missing before it, and for how long."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..progress import PROGRESS
from ..resequencing import TOO_LATE
from .group_names import GroupNames, called
from .lane_times import MISSING, Spells
from .lanes import LaneFold
from .measures import Handler, Measure, Number, tidy
from .resequenced import MEASURES as OF_GROUPS
from .resequenced import Resequenced

TAKEN = ("buffered", "buffered_max", "gaps", "gap_time", "given_up", "too_late")
"""The metrics of a resequencer that say something of items."""

REMEMBERED = 64
"""Published items whose key and number are remembered."""

MEASURES = (
    *(each for each in OF_GROUPS if each.name in TAKEN),
    Measure("buffered_longest", "longest time an item was set aside at the sink", "s", 1),
)


class SinkGap(msgspec.Struct, frozen=True):
    """A key that does not go on at the sink.

    Attributes:
        key: The key.
        missing: The item that is missing; where no pipe ever took it, ``k1.3``: the third of k1.
        since: Since when it is waited for, in seconds.
        waiting: The items that are set aside until it comes, in order, as the pipe calls them.
    """

    key: str
    missing: str
    since: float
    waiting: tuple[str, ...]


class Sink:
    """The items at the sink, key by key; where it does not go by numbers there are none."""

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._names = GroupNames(REMEMBERED)
        self._sequences = Resequenced(self._names)
        self._lanes: dict[str, LaneFold] = {}
        self._spells = Spells()
        self._items: dict[tuple[str, int], str] = {}
        self._aside: dict[str, float] = {}
        self._longest = 0.0

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of numbered items in the last pipe, and of how far a key has come."""
        gone = (kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED)
        return {
            kind.SENT: self._came,
            kind.DELIVERED: self._fetched,
            kind.DEFERRED: self._set_aside,
            kind.STATE: self._written,
            kind.DROPPED: self._dropped,
            **dict.fromkeys(gone, self._gone),
        }

    def _came(self, event: Event) -> None:
        if not event.sequence:
            return
        self._items.setdefault((event.group, event.sequence), event.message)
        if event.queue != self._settings().sink:
            return
        self._names.add(event)
        lane = self._lanes.get(event.group)
        if lane is None:
            lane = self._lanes[event.group] = LaneFold(event.group)
        lane.away.add(event.message)
        self._look(lane, event.t)

    def _lane(self, event: Event) -> LaneFold | None:
        return self._lanes.get(self._names.of(event.message)) if self._lanes else None

    def _set_aside(self, event: Event) -> None:
        lane = self._lane(event)
        if lane is not None:
            lane.away.discard(event.message)
            self._sequences.set_aside(lane, event.message)
            self._aside[event.message] = event.t
            self._look(lane, event.t)

    def _fetched(self, event: Event) -> None:
        lane = self._lane(event) if self._aside else None
        if lane is not None and event.message in lane.aside:
            self._takes(lane, event)
            lane.away.add(event.message)
            self._look(lane, event.t)

    def _takes(self, lane: LaneFold, event: Event) -> None:
        self._sequences.fetched(lane, event.message)
        since = self._aside.pop(event.message, event.t)
        self._longest = max(self._longest, event.t - since)

    def _gone(self, event: Event) -> None:
        lane = self._lane(event)
        if lane is None:
            return
        lane.away.discard(event.message)
        self._takes(lane, event)
        self._sequences.too_late += event.text == TOO_LATE
        if event.kind == kind.COMPLETED:
            self._items.pop((lane.key, self._names.number(event.message)), None)
            self._names.completed(event)
        self._look(lane, event.t)

    def _dropped(self, event: Event) -> None:
        if event.text in kind.LEAVES:
            self._gone(event)

    def _written(self, event: Event) -> None:
        if event.queue == PROGRESS:
            self._sequences.written(event)
            lane = self._lanes.get(event.message)
            if lane is not None:
                self._look(lane, event.t)

    def _look(self, lane: LaneFold, now: float) -> None:
        missed = bool(lane.missing[0])
        if not lane.aside and not missed:
            return
        self._spells.move_to(now)
        lane.missing = self._sequences.missing(lane)
        self._spells.now[MISSING] += bool(lane.missing[0]) - missed

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        spells = self._spells.copy()
        spells.move_to(now)
        found = self._sequences.values(tidy(spells.time[MISSING]))
        waits = (now - since for since in self._aside.values())
        longest = tidy(max((self._longest, *waits)))
        return {**{name: found[name] for name in TAKEN}, "buffered_longest": longest}

    def gaps(self) -> tuple[SinkGap, ...]:
        """Return the keys that do not go on, those that have waited longest first."""
        found = (
            SinkGap(
                lane.key, self._items.get(lane.missing[:2]) or called(*lane.missing[:2]),
                lane.missing[2],
                tuple(sorted(lane.aside, key=lane.aside.__getitem__)),
            )
            for lane in self._lanes.values()
            if lane.missing[0]
        )  # fmt: skip
        return tuple(sorted(found, key=lambda gap: (gap.since, gap.key)))

    def copy(self) -> Sink:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._names, twin._spells = self._names.copy(), self._spells.copy()
        twin._sequences = self._sequences.copy(twin._names)
        twin._lanes = {key: lane.copy() for key, lane in self._lanes.items()}
        twin._aside, twin._items = dict(self._aside), dict(self._items)
        return twin
