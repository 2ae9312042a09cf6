"""The lanes of a queue with sessions: who holds which, since when, and what waits for what."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Mapping
from itertools import islice
from typing import Final

import msgspec

LABELS: Final = 24
"""Messages of a lane that a view names at most."""

EMPTY: Final = "empty"
WAITING: Final = "waiting"
HELD: Final = "held"
OPEN: Final = "open"
FROZEN: Final = "frozen"
DELAYED: Final = "delayed"
LOOSE: Final = "loose"
STATES: Final = (EMPTY, WAITING, HELD, OPEN, FROZEN, DELAYED, LOOSE)
"""Nothing in it; a message and nobody to take it; its holder works; its holder waits in it; its
holder is dead, asleep or cut off; nothing may go on before a message is due; no sessions."""


class LaneView(msgspec.Struct, frozen=True):
    """One lane.

    Attributes:
        key: The group, or the partition.
        state: One of :data:`STATES`.
        since: Since when, in seconds.
        holder: Who holds its lock; empty: nobody.
        until: When that lock runs out, in seconds.
        accepted: When it was accepted, in seconds.
        token: The session's token.
        waited: How long it waited for a consumer before it was last accepted, in seconds.
        depth: Messages ready.
        ready: The first of them by name, next to be delivered first.
        current: Messages in process.
        done: Messages completed.
        dead: Dead letters by label.
        parked: Whether what comes now is dead-lettered with those before it.
        groups: Groups that have used it.
    """

    key: str
    state: str
    since: float
    holder: str = ""
    until: float = 0.0
    accepted: float = 0.0
    token: int = 0
    waited: float = 0.0
    depth: int = 0
    ready: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    done: int = 0
    dead: tuple[str, ...] = ()
    parked: bool = False
    groups: int = 1


class SpanView(msgspec.Struct, frozen=True):
    """A stretch of time in which a lane was frozen.

    Attributes:
        lane: The lane.
        start: When it began, in seconds.
        end: When it ended; None: not yet.
    """

    lane: str
    start: float
    end: float | None = None


class ConvoyScene(msgspec.Struct, frozen=True):
    """What the picture of a convoy needs besides queue and actors.

    Attributes:
        lanes: The lanes, in order of first mention.
        labels: What messages are called within their groups: ``A3``.
        frozen: The latest stretches in which lanes were frozen, oldest first.
        on: Whether the queue has sessions at present.
        more: Lanes that are not listed.
    """

    lanes: tuple[LaneView, ...]
    labels: Mapping[str, str]
    frozen: tuple[SpanView, ...]
    on: bool
    more: int = 0


class LaneFold:
    """One lane."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.ready: OrderedDict[str, int] = OrderedDict()
        self.current: dict[str, str] = {}
        self.away: set[str] = set()
        self.holder = ""
        self.alive = True
        self.until = self.accepted = self.waited = self.since = 0.0
        self.token = self.done = 0
        self.dead: OrderedDict[str, str] = OrderedDict()
        self.parked = False
        self.groups: set[str] = set()
        self.state = EMPTY
        self.behind = False

    def copy(self) -> LaneFold:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.ready, twin.current = self.ready.copy(), dict(self.current)
        twin.away, twin.groups = set(self.away), set(self.groups)
        twin.dead = self.dead.copy()
        return twin

    def judge(self, *, silent: bool, on: bool) -> str:
        """Return its state; ``silent``: its holder is asleep or cut off."""
        if not on:
            return LOOSE if self.current or self.ready else EMPTY
        if self.token:
            if silent or not self.alive:
                return FROZEN
            return HELD if self.current or self.ready or self.away else OPEN
        if self.away or self.current:
            return DELAYED
        return WAITING if self.ready else EMPTY

    def view(self) -> LaneView:
        """Return the frozen picture."""
        return LaneView(
            self.key, self.state, self.since, self.holder, self.until, self.accepted, self.token,
            self.waited, len(self.ready), tuple(islice(self.ready, LABELS)), tuple(self.current),
            self.done, tuple(self.dead.values()), self.parked, len(self.groups),
        )  # fmt: skip


class Spells:
    """How many lanes are in which state, and for how long they have been altogether.

    Attributes:
        now: How many are in each state.
        time: Lane-seconds spent in each state so far.
    """

    def __init__(self) -> None:
        self.now = dict.fromkeys((*STATES, "behind"), 0)
        self.time = dict.fromkeys((*STATES, "behind"), 0.0)
        self._last = 0.0

    def move_to(self, now: float) -> None:
        """Let time pass."""
        span = now - self._last
        if span > 0:
            self._last = now
            for name, number in self.now.items():
                if number:
                    self.time[name] += number * span

    def copy(self) -> Spells:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.now, twin.time = dict(self.now), dict(self.time)
        return twin
