"""What a priority queue promises, policy by policy; and what those who wait hope for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..port import Position
from .rules import Breach, Guarantee, Handler, Rule

STRICT = Guarantee(
    "strict-order",
    "With strict priorities no low message is delivered while a high one is ready (prefetch 1).",
    source="A6 (1)",
)
FIFO = Guarantee(
    "fifo-within-class",
    "Of one priority, first deliveries are in the order of acceptance.",
    source="A6 rule 1",
)
AGING = Guarantee(
    "aging-kept",
    "With aging, high goes before low until low has waited so long; then the older goes first.",
    source="A6 (1)",
)
SHARE = Guarantee(
    "share-kept",
    "With shares, a low message that waits is delivered after so many high ones.",
    source="A6 (1)",
)
PATIENCE = Guarantee(
    "nobody-starves",
    "No message waits longer than the limit set for it.",
    source="A6 rule 4",
    hope=True,
)
HIGH, LOW = "high", "low"
EPSILON = 5e-7


class Waiting:
    """The ready messages of one class on one queue.

    Attributes:
        ready: Since when each has been ready, in seconds; first the one that has longest.
        fresh: When each that was never delivered was accepted, in seconds, in that order.
    """

    def __init__(self) -> None:
        self.ready: OrderedDict[str, float] = OrderedDict()
        self.fresh: OrderedDict[str, float] = OrderedDict()


class Priorities(Rule):
    """Compares each delivery with what else was ready on the same queue."""

    guarantees = (STRICT, FIFO, AGING, SHARE, PATIENCE)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._class: dict[str, str] = {}
        self._queues: dict[tuple[str, str], Waiting] = {}
        self._passed_over = 0
        self._patient: dict[str, OrderedDict[str, float]] = {
            HIGH: OrderedDict(), LOW: OrderedDict(),
        }  # fmt: skip
        self._starving: dict[str, str] = {}
        self._late: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that becomes or ceases to be ready."""
        gone = (kind.EXPIRED, kind.DROPPED, kind.DEAD_LETTERED, kind.SHELVED)
        back = (kind.ABANDONED, kind.LOCK_EXPIRED, kind.DUE, kind.REDRIVEN)
        return {
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            **dict.fromkeys(back, self._back),
            **dict.fromkeys(gone, self._gone),
            kind.COMPLETED: self._completed,
            kind.CHANGED: self._changed,
        }

    def _waiting(self, queue: str, group: str) -> Waiting:
        found = self._queues.get((queue, group))
        if found is None:
            found = self._queues[queue, group] = Waiting()
        return found

    def _changed(self, event: Event) -> None:
        if event.message in ("policy", "share", "aging"):
            self._passed_over = 0  # another order: whoever was passed over is counted anew

    def _sent(self, event: Event) -> None:
        if event.group not in (HIGH, LOW):
            return
        self._class[event.message] = event.group
        if not event.until:
            self._became_ready(event, event.group)
            if event.token != 1:
                self._waiting(event.queue, event.group).fresh[event.message] = event.t

    def _became_ready(self, event: Event, group: str) -> None:
        self._waiting(event.queue, group).ready[event.message] = event.t
        if event.message not in self._late:
            self._patient[group][event.message] = event.t

    def _back(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is not None and not event.until:
            self._became_ready(event, group)

    def _completed(self, event: Event) -> None:
        if event.text:  # late: it may have been ready again
            self._gone(event)

    def _gone(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is not None:
            waiting = self._waiting(event.queue, group)
            waiting.ready.pop(event.message, None)
            waiting.fresh.pop(event.message, None)
            self._no_longer_waits(event.message, group)

    def _no_longer_waits(self, name: str, group: str) -> float | None:
        if self._starving.get(group) == name:
            del self._starving[group]
        return self._patient[group].pop(name, None)

    def _delivered(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is None:
            return
        settings = self._settings()
        own = self._waiting(event.queue, group)
        other = self._waiting(event.queue, LOW if group == HIGH else HIGH)
        own.ready.pop(event.message, None)
        sent = own.fresh.get(event.message)
        if sent is not None:
            first = next(iter(own.fresh))
            if first != event.message and first in own.ready:
                what = f"{event.message} was delivered before {first}"
                self.breach("fifo-within-class", event, what)
            del own.fresh[event.message]
        policy = settings.policy.value
        alone = settings.prefetch == 1 and settings.redelivery is not Position.TAIL
        if settings.redelivery is Position.RETURNS and event.delivery > 1:
            alone = False  # what was returned goes first, whatever its priority
        if policy == "strict" and group == LOW and other.ready and alone:
            what = f"{event.message} (low) was delivered while {next(iter(other.ready))} was ready"
            self.breach("strict-order", event, what)
        if policy == "aging" and sent is not None and alone:
            self._aged(event, group, sent, other, settings.aging)
        self._count(event, group, policy, settings.share)
        self._overdue(event, group, settings.starve_after)

    def _aged(self, event: Event, group: str, sent: float, other: Waiting, aging: float) -> None:
        """Check one first delivery against the oldest of the other class."""
        if not other.fresh:
            return
        name, since = next(iter(other.fresh.items()))
        if name not in other.ready:
            return
        old = event.t - aging + EPSILON
        counts_as_high = group == HIGH or sent <= old
        if not counts_as_high:
            what = f"{event.message} (low, {event.t - sent:.1f} s old) went before {name} (high)"
            self.breach("aging-kept", event, what)
        elif since < sent - EPSILON and (group == LOW or since <= old):
            what = f"{event.message} went before {name}, which had waited {event.t - since:.1f} s"
            self.breach("aging-kept", event, what)

    def _count(self, event: Event, group: str, policy: str, share: int) -> None:
        if group == LOW or not self._waiting(event.queue, LOW).ready:
            self._passed_over = 0
            return
        self._passed_over += 1
        if policy == "share" and self._passed_over > share:
            what = f"{self._passed_over} high messages in a row while low waited"
            self.breach("share-kept", event, what)

    def _overdue(self, event: Event, group: str, limit: float) -> None:
        """Report who has waited too long: who is served at last, or who is passed over again.

        Of those of one class that wait too long only the oldest is reported while it waits.
        """
        since = self._no_longer_waits(event.message, group)
        if not limit:
            return
        if since is not None and event.t - since > limit + EPSILON:
            self._waited(event, event.message, group, since, "")
        for other, patient in self._patient.items():
            if other not in self._starving and patient:
                name, since = next(iter(patient.items()))
                if event.t - since > limit + EPSILON:
                    del patient[name]
                    self._starving[other] = name
                    self._waited(event, name, other, since, f", and {event.message} is served")

    def _waited(self, event: Event, name: str, group: str, since: float, also: str) -> None:
        self._late.add(name)
        what = f"{name} ({group}) has waited {event.t - since:.1f} s{also}"
        self.breach("nobody-starves", event, what)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Return who has waited too long while nobody was served."""
        limit = self._settings().starve_after
        found = []
        for group, patient in self._patient.items():
            name, since = next(iter(patient.items()), ("", now))
            if limit and group not in self._starving and now - since > limit + EPSILON:
                what = f"{name} ({group}) has waited {now - since:.1f} s and is waiting still"
                found.append(Breach("nobody-starves", 0, now, what))
        return found


def priority_rules(settings: Callable[[], Any]) -> tuple[Rule, ...]:
    """Return the rules of a priority queue."""
    return (Priorities(settings),)
