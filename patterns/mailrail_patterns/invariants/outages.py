"""What keeps participants apart from the broker, the store and the database."""

from __future__ import annotations

from typing import Final

from ..kernel import events as kind
from ..kernel.events import Event

UNREACHABLE: Final = frozenset({"broker-down", "database-down", "partition", "store-down"})
"""Faults in which somebody waits for what all share, alive and unable to act."""


def track_outage(
    outages: set[tuple[str, str]], event: Event, faults: frozenset[str] = UNREACHABLE
) -> None:
    """Keep a set of the faults that are on, each with whom it befalls; empty: all.

    Args:
        outages: The set.
        event: An injection or a healing.
        faults: Which faults count: by default, those in which broker, store or database cannot
            be reached, or somebody is cut off.
    """
    if event.message not in faults:
        return
    if event.kind == kind.INJECTED:
        outages.add((event.message, event.actor))
    elif event.actor:
        outages.discard((event.message, event.actor))
    else:
        outages -= {each for each in outages if each[0] == event.message}
