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
    return name.partition("~")[0] if "~" in name else name


class Effects(Rule):
    """Counts effects a message against what the safeguards promise."""

    guarantees = (IDEMPOTENT_EFFECTS,)

    def __init__(self, idempotent: Callable[[], bool]) -> None:
        super().__init__()
        self._idempotent = idempotent
        self._guarded: set[str] = set()
        self._tokens: dict[str, set[int]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handler of effects."""
        return {kind.EFFECT: self._effect}

    def _effect(self, event: Event) -> None:
        tokens = self._tokens.get(event.queue)
        if tokens is None:
            tokens = self._tokens[event.queue] = set()
        if event.token in tokens:
            what = f"one delivery of {event.message} was applied twice"
            self.breach("idempotent-effects", event, what)
        tokens.add(event.token)
        if self._idempotent():
            name = business_id(event.message)
            if name in self._guarded:
                self.breach("idempotent-effects", event, f"{name} was applied again")
            self._guarded.add(name)
