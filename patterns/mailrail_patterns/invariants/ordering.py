"""What a convoy promises about order: what is done to a group is done in its sequence."""

from __future__ import annotations

import re

from ..kernel import events as kind
from ..kernel.events import Event
from ..sequences import OVER
from .rules import Guarantee, Handler, Rule

EFFECTS = Guarantee(
    "effects-in-order",
    "The effect of a message is not applied after that of a later one of its group.",
    source="A11 (2)",
)
AS_SENT = Guarantee(
    "as-sent",
    "Effects of one group follow the order in which its messages were made.",
    source="A11 rule 7",
)
_NUMBERED = re.compile(r"(.*?)(\d+)(?:~\d+)?")


class Ordering(Rule):
    """Compares what is done with the order of acceptance, which is the broker's.

    A message that came under another arrangement of lanes than the present one is not judged:
    who kept it in order changed on its way. One that was set aside takes its place anew when it
    is fetched, in front of those that wait. In which order the messages were made is told by
    their numbers, or, where they have none, by their names.
    """

    guarantees = (EFFECTS, AS_SENT)

    def __init__(self) -> None:
        super().__init__()
        self._lanes: str | None = None
        self._of: dict[str, str] = {}
        self._places: dict[str, tuple[str, float]] = {}
        self._last = 0.0
        self._ready: dict[str, dict[str, float]] = {}
        self._held: dict[str, dict[str, float]] = {}
        self._came_as: dict[tuple[str, int], tuple[str, float]] = {}
        self._high: dict[str, float] = {}
        self._made: dict[tuple[str, str], int] = {}
        self._numbers: dict[str, int] = {}
        self._aside: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of a message's life."""
        return {
            kind.DECLARED: self._declared,
            **dict.fromkeys((kind.SENT, kind.DUE, kind.REDRIVEN), self._came),
            kind.DELIVERED: self._delivered,
            **dict.fromkeys((kind.ABANDONED, kind.LOCK_EXPIRED), self._back),
            **dict.fromkeys(sorted(OVER), self._over),
            kind.EFFECT: self._effect,
            kind.EFFECT_SKIPPED: self._skipped,
        }

    def _declared(self, event: Event) -> None:
        if self._lanes is not None and event.group != self._lanes:
            for each in (self._of, self._places, self._ready, self._held, self._numbers):
                each.clear()
            self._came_as.clear()
            self._aside.clear()
        self._lanes = event.group

    def _came(self, event: Event) -> None:
        """Note where a message stands in its group, as a number that grows down the lane."""
        message = event.message
        if event.kind == kind.SENT:
            self._of[message] = event.group
            if event.sequence:
                self._numbers[message] = event.sequence
        group = self._of.get(message, "")
        if event.until or not group or (event.kind == kind.DUE and message in self._places):
            return
        first = event.kind == kind.SENT and event.token == 1
        self._places[message] = group, self._rank(group, first=first)
        self._move(message, self._ready)

    def _rank(self, group: str, *, first: bool) -> float:
        """Return a place behind all, or in front of those of a group that wait."""
        ready = self._ready.get(group)
        if not first or not ready:
            self._last += 1.0
            return self._last
        head = min(ready.values())
        front = max((self._high.get(group, 0.0), *self._held.get(group, {}).values()))
        return max(front, (max(front, head - 1.0) + head) / 2)

    def _delivered(self, event: Event) -> None:
        group = self._aside.pop(event.message, "")
        if group:
            self._places[event.message] = group, self._rank(group, first=True)
        place = self._places.get(event.message, ("", 0.0))
        self._came_as[event.queue, event.token] = place
        self._move(event.message, self._held)

    def _back(self, event: Event) -> None:
        self._move(event.message, self._ready)

    def _over(self, event: Event) -> None:
        if event.kind != kind.DROPPED or event.text in kind.LEAVES:
            self._move(event.message, {})
        if event.kind == kind.DEFERRED and event.message in self._places:
            self._aside[event.message] = self._places[event.message][0]

    def _move(self, message: str, to: dict[str, dict[str, float]]) -> None:
        group, rank = self._places.get(message, ("", 0.0))
        if group:
            self._ready.get(group, {}).pop(message, None)
            self._held.get(group, {}).pop(message, None)
            to.setdefault(group, {})[message] = rank

    def _skipped(self, event: Event) -> None:
        self._came_as.pop((event.queue, event.token), None)

    def _effect(self, event: Event) -> None:
        message = event.message
        # Where it stood when it was delivered: it may have been redriven since.
        group, rank = self._came_as.pop((event.queue, event.token), ("", 0.0))
        if group:
            high = self._high.get(group, 0.0)
            if rank < high:
                what = f"{message} of {group} took effect after a later message"
                self.breach("effects-in-order", event, what)
            self._high[group] = max(high, rank)
        self._compare(event)

    def _compare(self, event: Event) -> None:
        """Compare the number of a message with the highest of its group so far."""
        message, group = event.message, self._of.get(event.message, "")
        number, key = self._numbers.get(message, 0), (group, "")
        if not number:
            named = _NUMBERED.fullmatch(message)
            if named is None:
                return
            number, key = int(named[2]), (group, named[1])
        if group and number < self._made.get(key, 0):
            told = f"{message} of {group}" if key[1] else f"{message}, number {number} of {group},"
            self.breach("as-sent", event, f"{told} took effect after number {self._made[key]}")
        self._made[key] = max(number, self._made.get(key, 0))
