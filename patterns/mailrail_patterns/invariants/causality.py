"""U4 and U7: the dead do nothing; every event has an earlier cause and keeps its conversation."""

from __future__ import annotations

from collections.abc import Callable

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

THE_DEAD_REST = Guarantee(
    "the-dead-rest", "A crashed process settles, sends and applies nothing.", True, "U4"
)
CAUSALITY = Guarantee(
    "causality",
    "Every event has a cause earlier in the journal; a conversation keeps its id.",
    True,
    "U7",
)
ACTING = (
    kind.SENT, kind.DELIVERED, kind.WORKING, kind.EFFECT, kind.EFFECT_SKIPPED, kind.COMPLETED,
    kind.ABANDONED, kind.RENEWED, kind.DEFERRED,
)  # fmt: skip


class Causality(Rule):
    """Watches who acts, and what it is said to follow from."""

    guarantees = (THE_DEAD_REST, CAUSALITY)

    def __init__(self, at: Callable[[int], Event]) -> None:
        super().__init__()
        self._at = at
        self._dead: set[str] = set()
        self._conversations: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return a handler for every event an actor can cause."""
        handlers: dict[str, Handler] = dict.fromkeys(ACTING, self._acted)
        handlers[kind.SENT] = self._sent
        handlers[kind.CRASHED] = self._crashed
        handlers[kind.RESTARTED] = self._restarted
        return handlers

    def _acted(self, event: Event) -> None:
        if not 0 < event.cause < event.n:
            self.breach("causality", event, f"event {event.n} has cause {event.cause}")
        if self._dead and event.actor in self._dead:
            self.breach("the-dead-rest", event, f"{event.actor} is dead and yet {event.kind}")

    def _sent(self, event: Event) -> None:
        self._acted(event)
        if 0 < event.cause < event.n:
            cause = self._at(event.cause)
            if cause.message and cause.kind != kind.DUPLICATED:
                expected = self._conversations.get(cause.message)
                if expected is not None and expected != event.conversation:
                    self.breach(
                        "causality",
                        event,
                        f"{event.message} left conversation {expected} for {event.conversation}",
                    )
        if event.conversation != event.message:
            self._conversations[event.message] = event.conversation

    def _crashed(self, event: Event) -> None:
        self._dead.add(event.actor)

    def _restarted(self, event: Event) -> None:
        self._dead.discard(event.actor)
