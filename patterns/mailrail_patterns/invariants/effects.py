"""U9: what handlers do to the world outside is counted honestly."""

from __future__ import annotations

from collections.abc import Callable

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

IDEMPOTENT_EFFECTS = Guarantee(
    "idempotent-effects",
    "With an inbox an effect is applied at most once a message; without, once a finished handler.",
    True,
    "U9",
)


def business_id(name: str) -> str:
    """Return the stable id behind the name of a copy: ``m07`` for ``m07~2``."""
    return name.partition("~")[0]


class Effects(Rule):
    """Counts effects a message against what the safeguards promise."""

    guarantees = (IDEMPOTENT_EFFECTS,)

    def __init__(self, idempotent: Callable[[], bool]) -> None:
        super().__init__()
        self._idempotent = idempotent
        self._guarded: set[str] = set()
        self._open: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers for deliveries, crashes and effects."""
        return {kind.WORKING: self._working, kind.EFFECT: self._effect}

    def _working(self, event: Event) -> None:
        self._open.add((event.actor, event.message))

    def _effect(self, event: Event) -> None:
        key = (event.actor, event.message)
        if key in self._open:
            self._open.remove(key)
        else:
            self.breach(
                "idempotent-effects",
                event,
                f"{event.actor} applied {event.message} without having worked on it",
            )
        if self._idempotent():
            name = business_id(event.message)
            if name in self._guarded:
                self.breach("idempotent-effects", event, f"{name} was applied again")
            self._guarded.add(name)
