"""Where handlers pass their crash points, read off the events of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .commands import CrashPoint
from .kernel import events as kind
from .kernel.events import Event

BEGINS: Final = frozenset({kind.SPAWNED, kind.RESTARTED, kind.RESUMED})
"""Events after which an actor is there."""

_FINISHES: Final = frozenset({kind.SENT, kind.EFFECT, kind.COMPLETED, kind.LOCK_LOST})
_GIVES_UP: Final = frozenset({kind.ABANDONED, kind.CRASHED})


def consumers_of(events: Iterable[Event]) -> frozenset[str]:
    """Return the names of all actors that consume."""
    return frozenset(e.actor for e in events if e.kind in BEGINS and e.text.endswith(" consumer"))


def points_of(events: Iterable[Event], consumers: frozenset[str]) -> list[CrashPoint]:
    """Return the crash points at which a handler leaves a state of its own behind."""
    published: set[str] = set()
    publishes = publishes_first = False
    for event in events:
        if event.kind == kind.WORKING:
            published.discard(event.actor)
        elif event.kind == kind.SENT and event.actor in consumers:
            published.add(event.actor)
            publishes = True
        elif event.kind == kind.EFFECT and event.actor in published:
            publishes_first = True
    found = [CrashPoint.K5, CrashPoint.K6]
    if publishes_first:
        found.insert(0, CrashPoint.K4)
    if publishes:
        found.insert(0, CrashPoint.K3)
    return found


def passages(
    events: Sequence[Event], consumers: frozenset[str]
) -> Iterator[tuple[str, float, float]]:
    """Yield who finished a message, when to arm a crash for it, and when it was finished.

    A crash is armed at the end of the instant at which the work begins; if it takes no time,
    at the end of the instant before.
    """
    armed: dict[str, float] = {}
    now, before = 0.0, -1.0
    for event in events:
        if event.t != now:
            now, before = event.t, now
        actor = event.actor
        if event.kind == kind.WORKING:
            at = now if event.value > 0 else before
            if at >= 0:
                armed[actor] = at
        elif event.kind in _GIVES_UP:
            armed.pop(actor, None)
        elif event.kind in _FINISHES and actor in armed and actor in consumers:
            yield actor, armed.pop(actor), now
