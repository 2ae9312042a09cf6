"""Metrics of a pipeline whose items have a size: how they flow, and what carries them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from .checking import Checking
from .cloakroom import Cloakroom
from .flowing import Belt, Flowing
from .measures import Handler, Meter, Number, joined
from .relayed import Relayed

TAKEN: Final = (
    "too_large", "bus_bytes", "saved_ratio", "stored", "fetched", "lockers", "store_bytes",
    "store_bytes_max", "orphans", "orphan_age", "leftovers", "dangling", "swept", "not_found",
    "get_failed", "put_failed",
)  # fmt: skip
"""The metrics of claim checks that say something of a pipeline."""


class LadenBelt(Belt, frozen=True):
    """What the picture needs where items have a size.

    Attributes:
        cloakroom: The store and the bus.
    """

    cloakroom: Cloakroom


class Carrying(Meter):
    """The metrics of pipes and filters, and those of claim checks at every hop."""

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._flowing = Flowing(settings)
        self._checking = Checking(settings, Relayed())
        taken = (each for each in self._checking.measures if each.name in TAKEN)
        self.measures = (*self._flowing.measures, *taken)

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of both."""
        return joined(self._flowing.handlers(), self._checking.handlers())

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        values = {**self._flowing.values(now), **self._checking.values(now)}
        return {measure.name: values[measure.name] for measure in self.measures}

    def scene(self, now: float) -> LadenBelt:
        """Return the store and the bus, and what the items' names do not tell."""
        belt = self._flowing.scene(now)
        return LadenBelt(belt.passed, belt.gaps, self._checking.scene(now))

    def copy(self) -> Carrying:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._flowing, twin._checking = self._flowing.copy(), self._checking.copy()
        return twin
