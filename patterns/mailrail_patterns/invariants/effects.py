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
        """Judge effects as the settings stand: is there an inbox, how long are markers kept."""
        super().__init__()
        self._settings = settings
        self._inbox, self._kept = _markers(settings())
        self._since = 0
        self._last: defaultdict[str, dict[str, Event]] = defaultdict(dict)
        self._marked: dict[tuple[str, str], float] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of effects, and of the inbox being changed."""
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
        current = self._inbox and before.n > self._since
        marked = before.t if current else self._marked.get((event.queue, name))
        gone = marked is not None and lapsed(marked, self._kept, event.t)
        what = f"{name} was applied again by {event.actor}"
        if gone:
            what += f": its marker was kept for {self._kept:g}s"
        self.breach("effect-once", event, what)
        if before.token == event.token and name == event.message:
            what = f"one delivery of {name} was applied twice"
            self.breach("idempotent-effects", event, what)
        if marked is not None and not gone:
            self.breach("idempotent-effects", event, f"{name} was applied despite its marker")

    def _changed(self, event: Event) -> None:
        """What was applied while there was an inbox has its marker, for as long as that is kept."""
        inbox, kept = _markers(self._settings())
        if (inbox, kept) == (self._inbox, self._kept):
            return
        if self._inbox:
            for queue, last in self._last.items():
                for name, effect in last.items():
                    if effect.n > self._since:
                        self._marked[queue, name] = effect.t
        purge(self._marked, self._kept, event.t)
        self._inbox, self._kept, self._since = inbox, kept, event.n


def _markers(settings: Any) -> tuple[bool, float]:
    """Say whether there is an inbox, and how long its markers are kept, in seconds; 0: for ever."""
    return settings.idempotent, getattr(settings, "marker_retention", 0.0)
