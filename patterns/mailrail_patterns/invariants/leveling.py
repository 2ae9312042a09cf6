"""What a levelled service promises: its limit, its bound, its rate; and what callers hope for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..port import Mode
from .contention import Concurrency
from .rules import Breach, Guarantee, Handler, Rule

RATE = Guarantee(
    "service-rate",
    "No more is served than the workers can: rate x time, and one request a worker.",
    source="A8 (1)",
)
BOUND = Guarantee("bound-kept", "The queue accepts nothing beyond its bound.", source="A8 (1)")
FRESH = Guarantee(
    "ttl-kept", "Work never starts on a request older than its time to live.", source="A8 (1)"
)
ACCOUNTED = Guarantee(
    "offered-accounted",
    "Offered = served + queued + refused + expired + dead + lost.",
    source="A8 (1)",
)
IN_TIME = Guarantee(
    "answered-in-time",
    "No request is served after its client has stopped waiting.",
    source="A8 rule 5",
    hope=True,
)
WELCOME = Guarantee("nobody-turned-away", "No request is refused.", source="A8 rule 4", hope=True)


class Service(Rule):
    """The service's own limits."""

    guarantees = (RATE, FRESH)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._alive: set[str] = set()
        self._fresh: dict[str, tuple[float, float]] = {}
        self._allowed = 0.0
        self._lives = 0
        self._served = 0
        self._last = 0.0
        self._own_pace = False

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of work and of lives."""
        return {
            kind.SPAWNED: self._joined,
            kind.RESTARTED: self._joined,
            kind.CRASHED: self._left,
            kind.STOPPED: self._left,
            kind.SENT: self._sent_off,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working_on,
            kind.COMPLETED: self._completed,
            kind.EFFECT_SKIPPED: self._skipped,
            kind.REDRIVEN: self._redriven,
            kind.CHANGED: self._changed,
        }

    def _pass(self, event: Event) -> None:
        settings = self._settings()
        mean, hands = settings.service.mean, len(self._alive)
        if mean > 0:
            hands = min(hands, settings.database or hands)
            self._allowed += (event.t - self._last) * hands / mean
        else:
            self._allowed = float("inf")
        self._last = event.t

    def _changed(self, event: Event) -> None:
        self._pass(event)
        if event.message == "service":
            self._own_pace = True

    def _joined(self, event: Event) -> None:
        self._pass(event)
        if event.text.endswith(" consumer"):
            self._alive.add(event.actor)
            self._lives += 1

    def _left(self, event: Event) -> None:
        self._pass(event)
        self._alive.discard(event.actor)

    def _sent_off(self, event: Event) -> None:
        """Note the time to live a message is given; one that is set later is not for it."""
        ttl = self._settings().ttl
        if ttl:
            self._fresh[event.message] = event.t, ttl

    def _delivered(self, event: Event) -> None:
        since, ttl = self._fresh.get(event.message, (event.t, 0.0))
        age = event.t - since
        if age > ttl + 1e-9:
            self.breach("ttl-kept", event, f"{event.message} was {age:g}s old, TTL {ttl:g}s")

    def _working_on(self, event: Event) -> None:
        if event.value != self._settings().service.mean:
            self._own_pace = True

    def _completed(self, event: Event) -> None:
        self._pass(event)
        self._fresh.pop(event.message, None)
        self._served += 1
        settings = self._settings()
        ahead = settings.prefetch if settings.mode is Mode.RECEIVE_AND_DELETE else 1
        if not self._own_pace and self._served > self._allowed + self._lives * ahead + 1:
            self.breach(
                "service-rate", event, f"{self._served} served, at most {self._allowed:.1f} can be"
            )

    def _skipped(self, event: Event) -> None:
        self._served -= 1  # what an inbox answers for takes no service time

    def _redriven(self, event: Event) -> None:
        self._fresh.pop(event.message, None)  # its time to live has been observed already


class Callers(Rule):
    """What becomes of the requests."""

    guarantees = (BOUND, ACCOUNTED, IN_TIME, WELCOME)

    def __init__(self, queue: str) -> None:
        super().__init__()
        self._queue = queue
        self._capacity = -1
        self._waiting: set[str] = set()
        self._alive: set[str] = set()
        self._served: set[str] = set()
        self._accepted = 0
        self._finished = 0
        self._now = 0.0

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that becomes of a request."""
        ends = (
            kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED, kind.DROPPED,
        )  # fmt: skip
        return {
            kind.DECLARED: self._declared,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.REDRIVEN: self._redriven,
            **dict.fromkeys(ends, self._ended),
            kind.LATE: self._late,
            kind.REJECTED: self._rejected,
        }

    def _look(self, event: Event) -> None:
        if event.t != self._now:
            if self._capacity >= 0 and len(self._waiting) > self._capacity:
                self.breach(
                    "bound-kept", event, f"{len(self._waiting)} ready, bound {self._capacity}"
                )
                self._waiting.clear()
            self._now = event.t

    def _declared(self, event: Event) -> None:
        if event.queue == self._queue:
            if 0 <= event.token < len(self._waiting):
                self._waiting.clear()
            self._capacity = event.token

    def _sent(self, event: Event) -> None:
        self._look(event)
        self._accepted += 1
        self._alive.add(event.message)
        if not event.until:
            self._waiting.add(event.message)

    def _delivered(self, event: Event) -> None:
        self._look(event)
        self._waiting.discard(event.message)

    def _redriven(self, event: Event) -> None:
        self._alive.add(event.message)
        self._finished -= 1

    def _ended(self, event: Event) -> None:
        self._look(event)
        self._waiting.discard(event.message)
        if event.message in self._alive and not (event.kind == kind.EXPIRED and event.text):
            if event.kind == kind.DROPPED and event.text not in kind.LEAVES:
                return
            self._alive.discard(event.message)
            self._finished += 1
        elif event.kind == kind.COMPLETED and event.message in self._served:
            self._finished += 1  # one request was served twice: the balance does not come out
        if event.kind == kind.COMPLETED:
            self._served.add(event.message)

    def _late(self, event: Event) -> None:
        self.breach(
            "answered-in-time",
            event,
            f"{event.message} was answered after {event.value:.1f} s, too late",
        )

    def _rejected(self, event: Event) -> None:
        self.breach("nobody-turned-away", event, f"{event.message} was refused: queue full")

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report a balance that does not come out."""
        if self._accepted == self._finished + len(self._alive):
            return ()
        what = f"{self._accepted} accepted, {self._finished} ended, {len(self._alive)} left"
        return (Breach("offered-accounted", 0, now, what),)


def leveling_rules(settings: Callable[[], Any], queue: str) -> tuple[Rule, ...]:
    """Return the rules of a levelled service."""
    return (Concurrency(settings), Service(settings), Callers(queue))
