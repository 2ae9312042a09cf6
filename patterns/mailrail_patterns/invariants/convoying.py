"""Everything a sequential convoy promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..debatching import apart_from_ledger
from .consuming import Holding
from .lanes import Serving
from .numbering import Numbering
from .ordering import Ordering
from .poison import Poison
from .rules import Breach, Handler, Report, Rule
from .sessions import Leases
from .turns import Turns


def convoy_rules(settings: Callable[[], Any]) -> tuple[Rule, ...]:
    """Return the rules of a convoy, and those of its consumers as such.

    Those about lanes are not told of batches, which wait before the lanes.
    """
    ledger = settings().ledger
    lanes: tuple[Rule, ...] = (
        Turns(), Ordering(), Numbering(settings), Leases(), Serving(settings), Poison(settings)
    )  # fmt: skip
    if ledger:
        lanes = tuple(OfLanes(rule) for rule in lanes)
    return (*lanes, Holding(settings, passes_on=ledger))


class OfLanes(Rule):
    """A rule about lanes where there is a queue of batches before them, which it is not told of."""

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self._rule = rule
        self.guarantees = rule.guarantees

    def attach(self, report: Report) -> None:
        """Send the rule's breaches to ``report`` from now on."""
        self._rule.attach(report)

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of the rule, told of lanes only."""
        return apart_from_ledger(self._rule.watches())

    def asleep(self) -> bool:
        """Say whether the rule is."""
        return self._rule.asleep()

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Return what the rule finds at the end."""
        return self._rule.closing(now, quiet)
