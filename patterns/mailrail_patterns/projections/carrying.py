"""Metrics of a pipeline whose items have a size: how they flow, and what carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from .checking import Checking
from .cloakroom import Cloakroom
from .flowing import Belt, Flowing
from .measures import Handler, Meter, Number
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

    measures = (*Flowing.measures, *(each for each in Checking.measures if each.name in TAKEN))

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._flowing = Flowing(settings)
        self._checking = Checking(settings, Relayed())

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of both."""
        flowing, checking = self._flowing.handlers(), self._checking.handlers()
        both = {name: _each(flowing[name], checking[name]) for name in flowing if name in checking}
        return {**flowing, **checking, **both}

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        values = {**self._flowing.values(now), **self._checking.values(now)}
        return {measure.name: values[measure.name] for measure in self.measures}

    def scene(self, now: float) -> LadenBelt:
        """Return the store and the bus, and what the items' names do not tell."""
        return LadenBelt(self._flowing.passed, self._checking.scene(now))

    def copy(self) -> Carrying:
        """Return an independent copy."""
        twin = Carrying.__new__(Carrying)
        twin._flowing, twin._checking = self._flowing.copy(), self._checking.copy()
        return twin


def _each(first: Handler, then: Handler) -> Handler:
    def handle(event: Any) -> None:
        first(event)
        then(event)

    return handle
