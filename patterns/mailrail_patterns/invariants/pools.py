"""A pool for each class: what keeps the one apart from the other, and where they still meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..ranks import HIGH, LOW
from .rules import Guarantee, Handler, Rule

APART = Guarantee(
    "pools-apart",
    "With pools no class waits for the other: neither for a worker, nor behind it at a sender.",
    source="A6 (1)",
    hope=True,
)
BOTH = (HIGH, LOW)
EPSILON = 5e-7


class Pools(Rule):
    """Looks for the two places where the load of one class can reach the other.

    The first is a worker that serves both. The second is a sender that sends both: where one
    queue is full and makes it wait, what it has for the other queue waits as well.
    """

    guarantees = (APART,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._home: dict[str, str] = {}
        self._held: dict[str, tuple[str, float]] = {}
        self._behind: dict[str, tuple[str, float, float]] = {}

    def asleep(self) -> bool:
        """Say whether there are no pools."""
        return bool(self._settings().policy.value != "pools")

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of who serves what, and of who has to wait with it."""
        return {
            kind.SPAWNED: self._spawned,
            kind.DELIVERED: self._delivered,
            kind.BLOCKED: self._blocked,
            kind.SENT: self._sent,
            kind.CRASHED: self._crashed,
        }

    def _spawned(self, event: Event) -> None:
        if event.queue in BOTH:
            self._home[event.actor] = event.queue

    def _delivered(self, event: Event) -> None:
        home = self._home.get(event.actor)
        if home is not None and event.queue in BOTH and event.queue != home:
            what = f"{event.actor} of the pool for {home} was given {event.message} ({event.queue})"
            self.breach("pools-apart", event, what)

    def _blocked(self, event: Event) -> None:
        if event.queue in BOTH:
            self._held[event.actor] = event.queue, event.t

    def _crashed(self, event: Event) -> None:
        self._held.pop(event.actor, None)
        self._behind.pop(event.actor, None)

    def _sent(self, event: Event) -> None:
        """Take notice that a wait is over; what is sent at once after it had to wait as well."""
        actor, now = event.actor, event.t
        if actor in self._held:
            queue, since = self._held.pop(actor)
            self._behind[actor] = queue, since, now
            return
        behind = self._behind.get(actor)
        if behind is None:
            return
        queue, since, over = behind
        if now > over + 2 * self._settings().latency + EPSILON:
            del self._behind[actor]
        elif event.queue in BOTH and event.queue != queue:
            what = (
                f"{event.message} ({event.queue}) came late: {actor} stood before the full queue "
                f"of {queue} for {over - since:.1f} s"
            )
            self.breach("pools-apart", event, what)
