"""U9: what handlers do to the world outside is counted honestly."""

from __future__ import annotations

from collections import defaultdict
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


EFFECT_ONCE = Guarantee(
    "effect-once", "The effect of a message is applied at most once.", source="A4 rule 2"
)


class Effects(Rule):
    """Counts effects a message and queue against what the safeguards promise.

    The first guarantee is the engine's and holds always; the second is what users hope for,
    and breaks wherever at-least-once delivery meets a receiver that is not idempotent.
    """

    guarantees = (IDEMPOTENT_EFFECTS, EFFECT_ONCE)

    def __init__(self, idempotent: Callable[[], bool]) -> None:
        super().__init__()
        self._idempotent = idempotent
        self._applied: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._marked: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handler of effects."""
        return {kind.EFFECT: self._effect}

    def _effect(self, event: Event) -> None:
        message, token = event.message, event.token
        name = message.partition("~")[0] if "~" in message else message
        applied = self._applied[event.queue]
        before = applied.get(name)
        applied[name] = token
        if before is not None:
            self.breach("effect-once", event, f"{name} was applied again by {event.actor}")
            if before == token and name == message:
                what = f"one delivery of {name} was applied twice"
                self.breach("idempotent-effects", event, what)
            if (event.queue, name) in self._marked:
                self.breach("idempotent-effects", event, f"{name} was applied despite its marker")
        if self._idempotent():
            self._marked.add((event.queue, name))
