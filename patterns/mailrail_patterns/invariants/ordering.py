"""What a convoy promises about order: one at a time within a group, and in sequence."""

from __future__ import annotations

import re

from ..kernel import events as kind
from ..kernel.events import Event
from ..sequences import FOLLOWED, OVER, Sequences
from .rules import Guarantee, Handler, Rule

ONE_AT_A_TIME = Guarantee(
    "one-at-a-time",
    "No two messages of a group are in process at once, unless the lock on the first ran out.",
    source="A11 (1)",
)
IN_ORDER = Guarantee(
    "order-within-group",
    "A message is begun only when every earlier one of its group is completed or dead.",
    source="A11 (1)",
)
EFFECTS = Guarantee(
    "effects-in-order",
    "The effect of a message is not applied after that of a later one of its group.",
    source="A11 (2)",
)
AS_SENT = Guarantee(
    "as-sent",
    "Effects of one group follow the order in which each producer made its messages.",
    source="A11 rule 7",
    hope=True,
)
_NUMBERED = re.compile(r"(.*?)(\d+)(?:~\d+)?")


class Ordering(Rule):
    """Compares what is begun, and what is done, with the order of acceptance.

    Order is the broker's. A message that came under another arrangement of lanes than the
    present one is not judged: who kept it in order changed on its way.
    """

    guarantees = (ONE_AT_A_TIME, IN_ORDER, EFFECTS, AS_SENT)

    def __init__(self) -> None:
        super().__init__()
        self._order = Sequences()
        self._lanes: str | None = None
        self._valid: dict[str, int] = {}
        self._busy: dict[str, dict[str, str]] = {}
        self._places: dict[str, tuple[str, float]] = {}
        self._last = 0.0
        self._ready: dict[str, dict[str, float]] = {}
        self._held: dict[str, dict[str, float]] = {}
        self._came_as: dict[tuple[str, int], tuple[str, float]] = {}
        self._high: dict[str, float] = {}
        self._made: dict[tuple[str, str], int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of a message's life."""
        return {
            **dict.fromkeys(FOLLOWED, self._follow),
            kind.DECLARED: self._declared,
            kind.WORKING: self._working,
            kind.EFFECT: self._effect,
            kind.EFFECT_SKIPPED: self._skipped,
        }

    def _declared(self, event: Event) -> None:
        if self._lanes is not None and event.group != self._lanes:
            self._order.forget()
            for each in (self._places, self._ready, self._held, self._busy, self._valid):
                each.clear()
            self._came_as.clear()
        self._lanes = event.group

    def _follow(self, event: Event) -> None:
        self._order.follow(event)
        name, message = event.kind, event.message
        if name in (kind.SENT, kind.DUE, kind.REDRIVEN):
            if not event.until:
                self._place(event)
        elif name == kind.DELIVERED:
            self._valid[message] = event.token
            self._came_as[event.queue, event.token] = self._places.get(message, ("", 0.0))
            self._move(message, held=True)
        elif name in OVER or name in (kind.ABANDONED, kind.LOCK_EXPIRED):
            self._valid.pop(message, None)
            group = self._places.get(message, ("", 0.0))[0]
            self._busy.get(group, {}).pop(message, None)
            self._move(message, held=None if name in OVER else False)

    def _move(self, message: str, *, held: bool | None) -> None:
        group, rank = self._places.get(message, ("", 0.0))
        ready, locked = self._ready.get(group, {}), self._held.setdefault(group, {})
        ready.pop(message, None)
        locked.pop(message, None)
        if group and held is not None:
            (locked if held else ready)[message] = rank

    def _place(self, event: Event) -> None:
        """Note where a message stands in its group, as a number that grows down the lane."""
        message, group = event.message, self._order.group(event.message)
        if not group or (event.kind == kind.DUE and message in self._places):
            return
        ready = self._ready.setdefault(group, {})
        if event.kind == kind.SENT and event.token == 1 and ready:
            first = min(ready.values())
            front = max((self._high.get(group, 0.0), *self._held.get(group, {}).values()))
            rank = max(front, (max(front, first - 1.0) + first) / 2)
        else:
            self._last = rank = self._last + 1.0
        ready[message] = rank
        self._places[message] = group, rank

    def _working(self, event: Event) -> None:
        message = event.message
        group, _ = self._places.get(message, ("", 0.0))
        if not group or self._valid.get(message) != event.token:
            return  # unknown, or its lock has run out already
        busy = self._busy.setdefault(group, {})
        other = next((m for m in busy if m != message), "")
        if other:
            what = f"{message} was begun while {busy[other]} works on {other}, both of {group}"
            self.breach("one-at-a-time", event, what)
        busy[message] = event.actor
        before = self._order.before(message)
        if before:
            what = f"{message} was begun before {before} of {group} was over"
            self.breach("order-within-group", event, what)

    def _skipped(self, event: Event) -> None:
        self._came_as.pop((event.queue, event.token), None)

    def _effect(self, event: Event) -> None:
        message = event.message
        # Where it stood when it was delivered: it may have been redriven since.
        group, rank = self._came_as.pop((event.queue, event.token), ("", 0.0))
        if not group:
            return
        high = self._high.get(group, 0.0)
        if rank < high:
            what = f"{message} of {group} took effect after a later message"
            self.breach("effects-in-order", event, what)
        self._high[group] = max(high, rank)
        numbered = _NUMBERED.fullmatch(message)
        if numbered is None:
            return
        key, number = (group, numbered[1]), int(numbered[2])
        if number < self._made.get(key, 0):
            what = f"{message} of {group} took effect after number {self._made[key]}"
            self.breach("as-sent", event, what)
        self._made[key] = max(number, self._made.get(key, 0))
