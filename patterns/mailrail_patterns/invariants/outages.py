"""What keeps participants apart from the broker and the store."""

from __future__ import annotations

from typing import Final

from ..kernel import events as kind
from ..kernel.events import Event

UNREACHABLE: Final = frozenset({"broker-down", "partition", "store-down"})
"""Faults in which somebody waits for the broker or the store, alive and unable to act."""


def track_outage(outages: set[tuple[str, str]], event: Event) -> None:
    """Keep a set of what cannot be reached: broker, store, or who a partition has cut off."""
    if event.message not in UNREACHABLE:
        return
    if event.kind == kind.INJECTED:
        outages.add((event.message, event.actor))
    elif event.actor:
        outages.discard((event.message, event.actor))
    else:
        outages -= {each for each in outages if each[0] == event.message}
