"""What users hope of an order that an observer declares stuck: that a fault is to blame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage
from ..observer import DONE, STUCK, UNDONE, WATCH
from ..projections.stuck import BY_FAULT, Reasons, forgets
from .rules import Guarantee, Handler, Rule

BLAMED = Guarantee(
    "stuck-only-by-fault",
    "An order that is declared stuck was touched by a fault, was in the hands of an instance that "
    "was down, or waited where none was able; a join in memory, no outbox, too much to do or a "
    "deadline shorter than the work break it.",
    source="A3 (1)",
    hope=True,
)


class Blame(Rule):
    """Asks for the reason whenever the observer declares an order stuck."""

    guarantees = (BLAMED,)

    def __init__(self, settings: Callable[[], Any], lineage: Lineage) -> None:
        """Judge; ``lineage`` is fed by whoever came before."""
        super().__init__()
        self._reasons = Reasons(lineage, lambda: forgets(settings()))
        self._stuck: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of what befalls messages, and of what the observer writes down."""
        befalls = self._reasons.handlers()
        rows = befalls[kind.STATE]

        def state(event: Event) -> None:
            rows(event)
            if event.queue == WATCH:
                self._watched(event)

        return {**befalls, kind.STATE: state}

    def _watched(self, event: Event) -> None:
        order = event.message
        if event.group in (DONE, UNDONE):
            self._stuck.discard(order)
            self._reasons.over(order)
        elif event.group == STUCK and order not in self._stuck:
            self._stuck.add(order)
            why, where = self._reasons.of(order)
            if why != BY_FAULT:
                self.breach("stuck-only-by-fault", event, f"{order} is stuck by {why}; {where}")
