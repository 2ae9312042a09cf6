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
        """Judge effects; ``idempotent`` says whether, as the settings stand, there is an inbox."""
        super().__init__()
        self._idempotent = idempotent
        self._inbox = idempotent()
        self._since = 0
        self._last: defaultdict[str, dict[str, Event]] = defaultdict(dict)
        self._marked: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of effects, and of the inbox being switched on or off."""
        return {kind.EFFECT: self._effect, kind.CHANGED: self._changed}

    def _effect(self, event: Event) -> None:
        message = event.message
        name = message.partition("~")[0] if "~" in message else message
        last = self._last[event.queue]
        before = last.setdefault(name, event)
        if before is not event:
            last[name] = event
            self._again(event, before, name)

    def _again(self, event: Event, before: Event, name: str) -> None:
        self.breach("effect-once", event, f"{name} was applied again by {event.actor}")
        if before.token == event.token and name == event.message:
            what = f"one delivery of {name} was applied twice"
            self.breach("idempotent-effects", event, what)
        marked = (event.queue, name) in self._marked
        if marked or (self._inbox and before.n > self._since):
            self.breach("idempotent-effects", event, f"{name} was applied despite its marker")

    def _changed(self, event: Event) -> None:
        """What was applied while there was an inbox has its marker for good."""
        inbox = self._idempotent()
        if inbox == self._inbox:
            return
        if not inbox:
            for queue, last in self._last.items():
                marked = (name for name, effect in last.items() if effect.n > self._since)
                self._marked.update((queue, name) for name in marked)
        self._inbox, self._since = inbox, event.n
