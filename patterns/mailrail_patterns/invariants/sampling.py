"""U10: what a percentile is taken from is as many as what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..projections.samples import Sampled
from .rules import Breach, Guarantee, Rule

ALL_SAMPLED = Guarantee(
    "all-sampled",
    "The distribution behind a percentile holds one sample for each thing it describes.",
    True,
    "U10",
)


class Sampling(Rule):
    """Compares the distributions of the metrics with counts kept apart from them.

    It watches no event of its own: a sample too many or too few stays, so the end will tell.
    """

    guarantees = (ALL_SAMPLED,)

    def __init__(self, sampled: Callable[[], Iterable[Sampled]], begun: Callable[[], int]) -> None:
        """Judge the metrics.

        Args:
            sampled: Tells each distribution and how many things it is about.
            begun: Tells how many messages have been delivered at all, as another fold counts.
        """
        super().__init__()
        self._sampled = sampled
        self._begun = begun

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report each distribution that is not of the size it should be."""
        found = []
        for each in self._sampled():
            described = {each.described}
            if each.name == "wait":
                described.add(self._begun())
            if described != {each.samples}:
                counts = " and ".join(str(count) for count in sorted(described))
                what = f"{each.name}: {each.samples} samples of {counts} {each.things}"
                found.append(Breach(ALL_SAMPLED.name, 0, now, what))
        return found
