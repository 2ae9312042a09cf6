"""U4 and U7: the dead do nothing; every event has an earlier cause and keeps its conversation."""

from __future__ import annotations

from collections.abc import Sequence

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Breach, Guarantee, Handler, Rule

THE_DEAD_REST = Guarantee(
    "the-dead-rest", "A crashed process settles, sends and applies nothing.", True, "U4"
)
CAUSALITY = Guarantee(
    "causality",
    "Every event has a cause earlier in the journal; a conversation keeps its id.",
    True,
    "U7",
)
ACTING = frozenset(
    {
        kind.SENT, kind.DELIVERED, kind.WORKING, kind.EFFECT, kind.EFFECT_SKIPPED, kind.COMPLETED,
        kind.ABANDONED, kind.RENEWED, kind.DEFERRED,
    }
)  # fmt: skip


class Causality(Rule):
    """Reads who acted, and what it is said to follow from.

    It reads the journal when the verdict is asked for, each event once: the answer is the
    same as at the event, and a run nobody looks at pays nothing.
    """

    guarantees = (THE_DEAD_REST, CAUSALITY)

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__()
        self._events = events
        self._read = 0
        self._dead: set[str] = set()
        self._conversations: dict[str, str] = {}
        self._found: list[Breach] = []

    def watches(self) -> dict[str, Handler]:
        """Return nothing: the journal is read in :meth:`closing`."""
        return {}

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Read what has been added to the journal and return every breach found so far."""
        events, dead, sent = self._events, self._dead, kind.SENT
        for event in events[self._read :]:
            name = event.kind
            if name in ACTING:
                if not 0 < event.cause < event.n:
                    self._find("causality", event, f"event {event.n} has cause {event.cause}")
                if dead and event.actor in dead:
                    what = f"{event.actor} is dead and yet {name} {event.message}"
                    self._find("the-dead-rest", event, what)
                if name == sent:
                    self._sent(event)
            elif name == kind.CRASHED:
                dead.add(event.actor)
            elif name == kind.RESTARTED:
                dead.discard(event.actor)
        self._read = len(events)
        return self._found

    def _find(self, guarantee: str, event: Event, what: str) -> None:
        self._found.append(Breach(guarantee, event.n, event.t, what))

    def _sent(self, event: Event) -> None:
        if 0 < event.cause < event.n:
            cause = self._events[event.cause - 1]
            if cause.message and cause.kind != kind.DUPLICATED:
                expected = self._conversations.get(cause.message, cause.message)
                if cause.kind == kind.PUBLISHED:  # a copy of what was published
                    expected = cause.conversation
                elif cause.kind not in ACTING:
                    expected = event.conversation
                if expected != event.conversation:
                    what = f"{event.message} left conversation {expected}"
                    self._find("causality", event, f"{what} for {event.conversation}")
        if event.conversation != event.message:
            self._conversations[event.message] = event.conversation
