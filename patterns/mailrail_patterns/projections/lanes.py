"""The lanes of a queue with sessions: who holds which, since when, and what waits for what."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from typing import Final

from ..window import Window
from .chain import Chain
from .convoy_scene import (
    DELAYED,
    EMPTY,
    FROZEN,
    GAP,
    HELD,
    HIDDEN,
    LOOSE,
    OPEN,
    WAITING,
    LaneView,
)
from .group_names import called

LABELS: Final = 24
"""Messages of a lane that a view names at most."""


def queue_of_places() -> Chain[int]:
    """Return an empty queue of messages, each with its place among those of all lanes."""
    return Chain()


class LaneFold:
    """One lane."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.ready = queue_of_places()
        self.current: dict[str, str] = {}
        self.away: set[str] = set()
        self.aside: dict[str, int] = {}
        self.missing: tuple[str, int, float] = ("", 0, 0.0)
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
        twin.dead, twin.aside = self.dead.copy(), dict(self.aside)
        return twin

    def unsettled(self) -> Iterator[str]:
        """Yield its messages that are not settled."""
        yield from (*self.ready, *self.current, *self.away)

    def takes_up(self) -> Iterator[str]:
        """Yield the same, and those that are set aside."""
        yield from (*self.unsettled(), *self.aside)

    def judge(self, *, silent: bool, on: bool, window: Window | None = None) -> str:
        """Return its state.

        Args:
            silent: Whether its holder is asleep or cut off.
            on: Whether the queue has sessions.
            window: The messages of the queue that can be seen; None: all.
        """
        if not on:
            return LOOSE if self.current or self.ready else EMPTY
        if self.token:
            if silent or not self.alive:
                return FROZEN
            return HELD if self.current or self.ready or self.away else OPEN
        if self.away or self.current:
            return DELAYED
        if not self.ready:
            return GAP if self.missing[0] else EMPTY
        seen = window is None or window.sees(next(iter(self.ready)))
        return WAITING if seen else HIDDEN

    def view(self) -> LaneView:
        """Return the frozen picture."""
        group, number, since = self.missing
        return LaneView(
            self.key, self.state, self.since, self.holder, self.until, self.accepted, self.token,
            self.waited, len(self.ready), tuple(islice(self.ready, LABELS)), tuple(self.current),
            self.done, tuple(self.dead.values()), self.parked, len(self.groups),
            tuple(sorted(self.aside, key=lambda name: self.aside[name])),
            called(group, number) if group else "", since,
        )  # fmt: skip
