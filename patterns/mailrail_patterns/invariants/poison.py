"""What becomes of a lane when one of its messages is dead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Guarantee, Handler, Rule

POLICY = Guarantee(
    "poison-policy-kept",
    "Parked, nothing of a group is completed after a dead letter; blocked, nothing is "
    "dead-lettered for its deliveries.",
    source="A11 rule 4",
)


class Poison(Rule):
    """What follows a dead letter, policy by policy."""

    guarantees = (POLICY,)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._of: dict[str, tuple[str, int]] = {}
        self._parked: dict[str, tuple[int, str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of dead letters and what comes after them."""
        return {
            kind.SENT: self._sent,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._dead),
            kind.COMPLETED: self._completed,
            kind.REDRIVEN: self._released,
            kind.DECLARED: self._declared,
            kind.CHANGED: self._changed,
        }

    def _sent(self, event: Event) -> None:
        if event.group:
            self._of[event.message] = event.group, event.n

    def _dead(self, event: Event) -> None:
        settings = self._settings()
        policy = settings.poison_policy.value
        group, place = self._of.get(event.message, ("", 0))
        if policy == "park" and settings.sessions and group:
            self._parked.setdefault(group, (place, event.message))
        if policy == "block" and event.text == "MaxDeliveryCountExceeded":
            what = f"{event.message} was dead-lettered although its lane is to be blocked"
            self.breach("poison-policy-kept", event, what)

    def _completed(self, event: Event) -> None:
        group, place = self._of.pop(event.message, ("", 0))
        since, dead = self._parked.get(group, (place, ""))
        if place > since:
            what = f"{event.message} was completed after {dead} of {group} was dead-lettered"
            self.breach("poison-policy-kept", event, what)

    def _released(self, event: Event) -> None:
        self._parked.clear()

    def _declared(self, event: Event) -> None:
        if not event.group:
            self._parked.clear()

    def _changed(self, event: Event) -> None:
        if event.message == "poison_policy":
            self._parked.clear()
