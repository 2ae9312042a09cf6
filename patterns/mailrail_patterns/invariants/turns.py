"""What a convoy promises about turns: one message of a group at a time, and in sequence."""

from __future__ import annotations

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


class Turns(Rule):
    """Compares what is begun with whose turn it is; the order is the broker's.

    A message that came under another arrangement of lanes than the present one is not judged:
    who kept it in order changed on its way.
    """

    guarantees = (ONE_AT_A_TIME, IN_ORDER)

    def __init__(self) -> None:
        super().__init__()
        self._order = Sequences()
        self._lanes: str | None = None
        self._valid: dict[str, int] = {}
        self._busy: dict[str, dict[str, str]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of a message's life."""
        return {
            **dict.fromkeys(FOLLOWED, self._follow),
            kind.DECLARED: self._declared,
            kind.WORKING: self._working,
        }

    def _declared(self, event: Event) -> None:
        if self._lanes is not None and event.group != self._lanes:
            self._order.forget()
            self._busy.clear()
            self._valid.clear()
        self._lanes = event.group

    def _follow(self, event: Event) -> None:
        name, message = event.kind, event.message
        if name == kind.DELIVERED:
            self._valid[message] = event.token
        elif name in OVER or name in (kind.ABANDONED, kind.LOCK_EXPIRED):
            self._valid.pop(message, None)
            self._busy.get(self._order.group(message), {}).pop(message, None)
        self._order.follow(event)

    def _working(self, event: Event) -> None:
        message = event.message
        group = self._order.group(message)
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
