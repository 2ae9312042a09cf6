"""What keeps participants apart from the broker, the store and the database."""

from __future__ import annotations

from typing import Final

from ..kernel import events as kind
from ..kernel.events import Event

UNREACHABLE: Final = frozenset({"broker-down", "database-down", "partition", "store-down"})
"""Faults in which somebody waits for what all share, alive and unable to act."""


def track_outage(outages: set[tuple[str, str]], event: Event) -> None:
    """Keep a set of what cannot be reached: broker, store, database, or who is cut off."""
    if event.message not in UNREACHABLE:
        return
    if event.kind == kind.INJECTED:
        outages.add((event.message, event.actor))
    elif event.actor:
        outages.discard((event.message, event.actor))
    else:
        outages -= {each for each in outages if each[0] == event.message}
