"""What a percentile is taken from, and how many of what it is about."""

from __future__ import annotations

import msgspec

from .measures import percentile, tidy
from .tape import Tape


class Sampled(msgspec.Struct, frozen=True):
    """A distribution, and what is known of it from elsewhere.

    Attributes:
        name: What the metrics taken from it begin with: ``wait`` of ``wait_p95``.
        samples: How many values it holds.
        described: How many things it is about, as a count of their own tells.
        things: What these are, in the plural.
    """

    name: str
    samples: int
    described: int
    things: str


class Samples(Tape[float]):
    """The values behind a percentile, kept one by one, so that it is exact."""

    __slots__ = ("_ordered",)

    def __init__(self, items: list[float] | None = None, length: int = 0) -> None:
        super().__init__(items, length)
        self._ordered: list[float] = []

    def ordered(self) -> list[float]:
        """Return every value so far, the smallest first; read it, do not change it."""
        ordered = self._ordered
        if len(ordered) < self.length:
            ordered.extend(self.since(len(ordered)))
            ordered.sort()
        return ordered

    def percentile(self, share: float) -> float | None:
        """Return the nearest-rank percentile in whole microseconds; None if there is no value."""
        found = percentile(self.ordered(), share)
        return None if found is None else tidy(found)

    @property
    def longest(self) -> float | None:
        """The greatest value, in whole microseconds; None if there is none."""
        return tidy(self.ordered()[-1]) if self.length else None

    def copy(self) -> Samples:
        """Return a copy that shares the past."""
        return Samples(self.items, self.length)
