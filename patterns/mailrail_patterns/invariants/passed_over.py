"""Priority decides who waits; whether it also decides what is served at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..ranks import HIGH, LOW, RANKS
from .rules import Guarantee, Handler, Rule

SAME_SET = Guarantee(
    "same-set",
    "Priority never changes what is served, only who waits: nothing is lost for its place.",
    source="A6 (1)",
    hope=True,
)


class PassedOver(Rule):
    """Looks whether what is lost would have been served in the order of acceptance.

    What is in time is served in the end, whatever its priority. So the set of messages served
    depends on priorities only where waiting, or standing at the head, can cost a message its
    life: what was passed over and has expired meanwhile, and what a full queue drops from the
    head of its highest class while something older stays.
    """

    guarantees = (SAME_SET,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._count = 0
        self._fresh: dict[str, dict[str, tuple[int, str]]] = {}
        self._newest: dict[str, tuple[int, str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of what comes, is served for the first time, and is lost."""
        gone = (kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED)
        return {
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.EXPIRED: self._expired,
            kind.DROPPED: self._dropped,
            **dict.fromkeys(gone, self._gone),
        }

    def _sent(self, event: Event) -> None:
        if event.group in RANKS and not event.until:
            self._count += 1
            fresh = self._fresh.setdefault(event.queue, {})
            fresh[event.message] = self._count, event.group

    def _gone(self, event: Event) -> None:
        self._found(event)

    def _delivered(self, event: Event) -> None:
        found = self._found(event)
        if found is None:
            return
        served = found[0], event.message
        scopes = (event.queue, "") if self._drains() else (event.queue,)
        for scope in scopes:
            self._newest[scope] = max(served, self._newest.get(scope, served))

    def _drains(self) -> bool:
        """Say whether the same workers take from both queues."""
        return bool(self._settings().policy.value == "drain")

    def _found(self, event: Event) -> tuple[int, str] | None:
        """Return place and class of a message that was never delivered; it no longer waits."""
        return self._fresh.get(event.queue, {}).pop(event.message, None)

    def _expired(self, event: Event) -> None:
        found = self._found(event)
        if found is None:
            return
        place, group = found
        nobody = 0, ""
        served = self._newest.get(event.queue, nobody)
        if event.queue in (HIGH, LOW) and self._drains():
            served = max(served, self._newest.get("", nobody))
        if served[0] > place:
            what = f"{event.message} ({group}) expired; {served[1]} came later and was served"
            self.breach("same-set", event, what)

    def _dropped(self, event: Event) -> None:
        if event.text != kind.QUEUE_FULL:
            return
        found = self._found(event)
        fresh = self._fresh.get(event.queue, {})
        oldest = next(iter(fresh), "")
        if found is not None and oldest and fresh[oldest] < found:
            what = f"{event.message} ({found[1]}) was dropped; {oldest} is older and stays"
            self.breach("same-set", event, what)
