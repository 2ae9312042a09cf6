"""What a priority queue promises, policy by policy; and what those who wait hope for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..port import Position
from .rules import Guarantee, Handler, Rule

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
SHARE = Guarantee(
    "share-kept",
    "With shares, a low message that waits is delivered after so many high ones.",
    source="A6 (1)",
)
PATIENCE = Guarantee(
    "nobody-starves",
    "No message waits longer than the limit set for it.",
    source="A6 rule 4",
)
HIGH, LOW = "high", "low"


class Priorities(Rule):
    """Compares each delivery with what else was ready."""

    guarantees = (STRICT, FIFO, SHARE, PATIENCE)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._class: dict[str, str] = {}
        self._ready: dict[str, dict[str, float]] = {HIGH: {}, LOW: {}}
        self._fresh: dict[str, dict[str, None]] = {HIGH: {}, LOW: {}}
        self._passed_over = 0
        self._disturbed = False
        self._late: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that becomes or ceases to be ready."""
        gone = (kind.EXPIRED, kind.DROPPED, kind.DEAD_LETTERED)
        back = (kind.ABANDONED, kind.LOCK_EXPIRED, kind.DUE, kind.REDRIVEN)
        return {
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            **dict.fromkeys(back, self._back),
            **dict.fromkeys(gone, self._gone),
            kind.INJECTED: self._injected,
        }

    def _injected(self, event: Event) -> None:
        if event.message == "reorder":
            self._disturbed = True

    def _sent(self, event: Event) -> None:
        if event.group not in self._ready:
            return
        self._class[event.message] = event.group
        if not event.until:
            self._ready[event.group][event.message] = event.t
            if event.token != 1:
                self._fresh[event.group][event.message] = None

    def _back(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is not None and not event.until:
            self._ready[group][event.message] = event.t

    def _gone(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is not None:
            self._ready[group].pop(event.message, None)
            self._fresh[group].pop(event.message, None)

    def _delivered(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is None:
            return
        settings = self._settings()
        since = self._ready[group].pop(event.message, event.t)
        fresh = self._fresh[group]
        if event.message in fresh:
            first = next(iter(fresh))
            if first != event.message and first in self._ready[group]:
                what = f"{event.message} was delivered before {first}"
                self.breach("fifo-within-class", event, what)
            del fresh[event.message]
        policy = settings.policy.value
        alone = settings.prefetch == 1 and settings.redelivery is Position.HEAD
        if policy == "strict" and group == LOW and self._ready[HIGH] and alone:
            waiting = next(iter(self._ready[HIGH]))
            what = f"{event.message} was delivered while {waiting} was ready"
            self.breach("strict-order", event, what)
        self._count(event, group, policy, settings.share)
        limit = settings.starve_after
        waited = event.t - since
        if limit and waited > limit + 1e-9 and event.message not in self._late:
            self._late.add(event.message)
            self.breach("nobody-starves", event, f"{event.message} waited {waited:.1f} s")

    def _count(self, event: Event, group: str, policy: str, share: int) -> None:
        if group == LOW or not self._ready[LOW]:
            self._passed_over = 0
            return
        self._passed_over += 1
        if policy == "share" and self._passed_over > share:
            what = f"{self._passed_over} high messages in a row while low waited"
            self.breach("share-kept", event, what)


def priority_rules(settings: Callable[[], Any]) -> tuple[Rule, ...]:
    """Return the rules of a priority queue."""
    return (Priorities(settings),)
