"""What a convoy promises about turns: one message of a group at a time, and in sequence."""

from __future__ import annotations

from ..kernel import events as kind
from ..kernel.events import Event
from ..sequences import FOLLOWED, OVER, Sequences
from .receipts import deletes
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
    who kept it in order changed on its way. What is deleted on receipt is settled when it is
    begun; it is in process until its effect, or as long as its work takes somebody who runs.
    """

    guarantees = (ONE_AT_A_TIME, IN_ORDER)

    def __init__(self) -> None:
        super().__init__()
        self._order = Sequences()
        self._lanes: str | None = None
        self._deletes = False
        self._valid: dict[str, int] = {}
        self._busy: dict[str, dict[str, str]] = {}
        self._taken: dict[tuple[str, str], Taken] = {}
        self._asleep: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of a message's life."""
        return {
            **dict.fromkeys(FOLLOWED, self._follow),
            kind.DECLARED: self._declared,
            kind.WORKING: self._working,
            **dict.fromkeys((kind.EFFECT, kind.EFFECT_SKIPPED), self._done),
            **dict.fromkeys((kind.CRASHED, kind.SESSION_EXPIRED), self._gone),
            kind.PAUSED: self._paused,
            kind.RESUMED: self._resumed,
        }

    def _declared(self, event: Event) -> None:
        if self._lanes is not None and event.group != self._lanes:
            self._order.forget()
            self._busy.clear()
            self._valid.clear()
            self._taken.clear()
        self._lanes, self._deletes = event.group, deletes(event)

    def _follow(self, event: Event) -> None:
        name, message = event.kind, event.message
        if name == kind.DELIVERED:
            self._valid[message] = event.token
            if self._deletes:
                self._taken[event.actor, message] = Taken(event.group)
        elif name in OVER or name in (kind.ABANDONED, kind.LOCK_EXPIRED):
            self._valid.pop(message, None)
            self._busy.get(self._order.group(message), {}).pop(message, None)
        self._order.follow(event)

    def _working(self, event: Event) -> None:
        message = event.message
        if (event.actor, message) in self._taken:
            self._works_on_taken(event)
            return
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

    # --- deleted on receipt ---------------------------------------------------------------

    def _works_on_taken(self, event: Event) -> None:
        mine = self._taken[event.actor, event.message]
        for (actor, message), other in list(self._taken.items()):
            if (actor == event.actor and other.ends) or self._over(actor, other, event.t):
                del self._taken[actor, message]  # it has failed, or was skipped
            elif other.group == mine.group and other.ends and mine.group:
                what = f"{event.message} was begun while {actor} works on {message}, "
                self.breach("one-at-a-time", event, f"{what}both of {mine.group}")
        mine.ends = event.t + event.value

    def _over(self, actor: str, taken: Taken, now: float) -> bool:
        return 0 < taken.ends <= now and actor not in self._asleep

    def _done(self, event: Event) -> None:
        self._taken.pop((event.actor, event.message), None)

    def _gone(self, event: Event) -> None:
        """Whoever dies works no longer; whose lock on the lane has run out is excused."""
        who = event.actor if event.kind == kind.CRASHED else event.text
        for each in [each for each in self._taken if each[0] == who]:
            del self._taken[each]
        self._asleep.discard(event.actor)

    def _paused(self, event: Event) -> None:
        self._asleep.add(event.actor)

    def _resumed(self, event: Event) -> None:
        self._asleep.discard(event.actor)


class Taken:
    """A message that was deleted on receipt and is not done yet.

    Attributes:
        group: Its group.
        ends: When its work should be done, in seconds; 0: it has not begun.
    """

    __slots__ = ("ends", "group")

    def __init__(self, group: str) -> None:
        self.group = group
        self.ends = 0.0
