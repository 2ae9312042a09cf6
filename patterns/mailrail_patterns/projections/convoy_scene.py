"""What the picture of a convoy shows besides queue and actors: its lanes, frozen at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

EMPTY: Final = "empty"
WAITING: Final = "waiting"
HIDDEN: Final = "hidden"
HELD: Final = "held"
OPEN: Final = "open"
FROZEN: Final = "frozen"
DELAYED: Final = "delayed"
GAP: Final = "gap"
LOOSE: Final = "loose"
STATES: Final = (EMPTY, WAITING, HIDDEN, HELD, OPEN, FROZEN, DELAYED, GAP, LOOSE)
"""Nothing in it; a message and nobody to take it; a message too far back in the queue to be seen;
its holder works; its holder waits in it; its holder is dead, asleep or cut off; nothing may go on
before a message is due, or before a missing one comes; no sessions."""


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
        aside: Messages set aside, by name, in the order of their numbers.
        missing: What they wait for and has not come, by label; empty: nothing is missing.
        since_gap: Since when it has been missing, in seconds.
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
    aside: tuple[str, ...] = ()
    missing: str = ""
    since_gap: float = 0.0


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


class GroupProgress(msgspec.Struct, frozen=True):
    """How far one group has come.

    Attributes:
        group: The group.
        sent: Messages of it that were accepted.
        done: Those that were completed.
    """

    group: str
    sent: int
    done: int


class ConvoyScene(msgspec.Struct, frozen=True):
    """What the picture of a convoy needs besides queue and actors.

    Attributes:
        lanes: The lanes, in order of first mention.
        labels: What messages are called within their groups: ``A3``.
        frozen: The latest stretches in which lanes were frozen, oldest first.
        on: Whether the queue has sessions at present.
        more: Lanes that are not listed.
        scan: Messages that are looked through for a free lane; 0: all.
        rebalancing: Since when no lane is handed out, in seconds; None: they are.
        progress: How far the groups have come, those that came first.
    """

    lanes: tuple[LaneView, ...]
    labels: Mapping[str, str]
    frozen: tuple[SpanView, ...]
    on: bool
    more: int = 0
    scan: int = 0
    rebalancing: float | None = None
    progress: tuple[GroupProgress, ...] = ()
