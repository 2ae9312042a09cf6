"""U9: what handlers do to the world outside is counted honestly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..retention import lapsed, purge
from .rules import Guarantee, Handler, Rule

IDEMPOTENT_EFFECTS = Guarantee(
    "idempotent-effects",
    "With an inbox an effect is applied once a message while its marker lasts; without, once a "
    "finished handler.",
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

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._applied: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._marked: dict[tuple[str, str], float] = {}
        self._kept = _retention(settings())

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of effects, and of how long it is remembered that they were."""
        return {kind.EFFECT: self._effect, kind.CHANGED: self._changed}

    def _changed(self, event: Event) -> None:
        if event.message == "marker_retention":
            purge(self._marked, self._kept, event.t)
            self._kept = _retention(self._settings())

    def _effect(self, event: Event) -> None:
        message, token = event.message, event.token
        name = message.partition("~")[0] if "~" in message else message
        applied = self._applied[event.queue]
        before = applied.get(name)
        applied[name] = token
        key = event.queue, name
        marked = self._marked.get(key)
        gone = marked is not None and lapsed(marked, self._kept, event.t)
        if before is not None:
            what = f"{name} was applied again by {event.actor}"
            if gone:
                what += f": its marker was kept for {self._kept:g}s"
            self.breach("effect-once", event, what)
            if before == token and name == message:
                what = f"one delivery of {name} was applied twice"
                self.breach("idempotent-effects", event, what)
            if marked is not None and not gone:
                self.breach("idempotent-effects", event, f"{name} was applied despite its marker")
        if self._settings().idempotent:
            self._marked[key] = event.t


def _retention(settings: Any) -> float:
    """Return how long a marker is kept, in seconds; 0: for ever."""
    return getattr(settings, "marker_retention", 0.0)
