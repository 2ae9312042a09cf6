"""What a priority queue promises, policy by policy; and what those who wait hope for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..port import Position
from ..ranks import HIGH, LOW, RANKS
from .passed_over import PassedOver
from .pools import Pools
from .rules import Breach, Guarantee, Handler, Rule
from .waiting_classes import Board

STRICT = Guarantee(
    "strict-order",
    "With strict priorities nothing is delivered while something higher is ready (prefetch 1).",
    source="A6 (1)",
)
FIFO = Guarantee(
    "fifo-within-class",
    "Of one priority, first deliveries are in order of acceptance, unless messages are compared.",
    source="A6 rule 1",
)
AGING = Guarantee(
    "aging-kept",
    "With aging, higher goes before lower until that has waited so long; then the older does.",
    source="A6 (1)",
)
SHARE = Guarantee(
    "share-kept",
    "With shares, a lower message that waits is delivered after so many of the highest, and the "
    "highest keep their share.",
    source="A6 (1)",
)
COMPARED = Guarantee(
    "comparison-kept",
    "With a deadline or a length compared, nothing goes before what has an earlier or shorter one.",
    source="A6 (1)",
)
DRAINED = Guarantee(
    "high-drained-first",
    "A shared worker takes no low message while a high one has waited longer than a poll.",
    source="A6 (1)",
)
PATIENCE = Guarantee(
    "nobody-starves",
    "No message waits longer than the limit set for it.",
    source="A6 rule 4",
    hope=True,
)
EPSILON = 5e-7


class Priorities(Rule):
    """Compares each delivery with what else was ready on the same queue."""

    guarantees = (STRICT, FIFO, AGING, SHARE, COMPARED, DRAINED, PATIENCE)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._class: dict[str, str] = {}
        self._queues: dict[str, Board] = {}
        self._passed_over = 0
        self._surplus = 0.0
        self._patient: dict[str, OrderedDict[str, float]] = {}
        self._awake: dict[str, float] = {}
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
            kind.RANKED: self._ranked,
            kind.RESUMED: self._resumed,
        }

    def _board(self, queue: str) -> Board:
        found = self._queues.get(queue)
        if found is None:
            found = self._queues[queue] = Board()
        return found

    def _changed(self, event: Event) -> None:
        if event.message in ("policy", "share", "aging"):
            self._passed_over = 0  # another order: whoever was passed over is counted anew
            self._surplus = 0.0
        if event.message == "policy":
            for board in self._queues.values():
                board.forget()

    def _ranked(self, event: Event) -> None:
        self._board(event.queue).rank(event.message, event.value)

    def _resumed(self, event: Event) -> None:
        self._awake[event.actor] = event.t  # whatever it waited for, it has not looked since

    def _sent(self, event: Event) -> None:
        if event.group not in RANKS:
            return
        self._class[event.message] = event.group
        if not event.until:
            self._became_ready(event, event.group)
            if event.token != 1:
                self._board(event.queue).of(event.group).fresh[event.message] = event.t

    def _became_ready(self, event: Event, group: str) -> None:
        board = self._board(event.queue)
        board.of(group).ready[event.message] = event.t
        board.again(event.message)
        if event.message not in self._late:
            self._patient.setdefault(group, OrderedDict())[event.message] = event.t

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
            waiting = self._board(event.queue).of(group)
            waiting.ready.pop(event.message, None)
            waiting.fresh.pop(event.message, None)
            self._no_longer_waits(event.message, group)

    def _no_longer_waits(self, name: str, group: str) -> float | None:
        if self._starving.get(group) == name:
            del self._starving[group]
        return self._patient.setdefault(group, OrderedDict()).pop(name, None)

    def _delivered(self, event: Event) -> None:
        group = self._class.get(event.message)
        if group is None:
            return
        settings = self._settings()
        board = self._board(event.queue)
        own = board.of(group)
        own.ready.pop(event.message, None)
        sent = own.fresh.get(event.message)
        policy = settings.policy.value
        compared = policy in ("deadline", "shortest")
        if sent is not None:
            first = next(iter(own.fresh))
            if not compared and first != event.message and first in own.ready:
                what = f"{event.message} was delivered before {first}"
                self.breach("fifo-within-class", event, what)
            del own.fresh[event.message]
        returned = settings.redelivery is Position.RETURNS and event.delivery > 1
        alone = settings.prefetch == 1 and settings.redelivery is not Position.TAIL
        alone = alone and not returned  # what was returned goes first, whatever its priority
        strict = policy == "strict" or event.queue in (HIGH, LOW)  # a queue of a class is strict
        if strict and alone and (higher := board.above(group)):
            what = f"{event.message} ({group}) was delivered while {higher} was ready"
            self.breach("strict-order", event, what)
        if compared and alone and (lesser := board.lesser(event.message)):
            what = f"{event.message} was delivered before {lesser}, which comes first by {policy}"
            self.breach("comparison-kept", event, what)
        if policy == "drain" and alone and event.queue == LOW:
            self._drained(event, settings)
        if policy == "aging" and sent is not None and alone:
            self._aged(event, group, sent, board, settings.aging)
        if not returned:
            self._count(event, group, board, policy == "share", settings.share)
        self._overdue(event, group, settings.starve_after)

    def _drained(self, event: Event, settings: Any) -> None:
        """Check a low delivery to a shared worker, which had asked high a poll ago at most."""
        asked = event.t - settings.poll - EPSILON
        if settings.latency or not event.actor.startswith("shared-worker"):
            return
        high = (next(iter(w.ready.items())) for w in self._board(HIGH).classes.values() if w.ready)
        name, since = min(high, key=lambda each: each[1], default=("", event.t))
        if name and since < asked and self._awake.get(event.actor, -1.0) < asked:
            what = f"{event.message} was taken while {name} had waited {event.t - since:.1f} s"
            self.breach("high-drained-first", event, what)

    def _aged(self, event: Event, group: str, sent: float, board: Board, aging: float) -> None:
        """Check one first delivery against the oldest of every other priority."""
        old, own, top = event.t - aging + EPSILON, RANKS[group], board.above(group)
        best = max((rank for rank, _ in board.others(group)), default=own)
        if top and sent > old:
            what = f"{event.message} ({group}, {event.t - sent:.1f} s old) went before {top}"
            self.breach("aging-kept", event, what)
            return
        for rank, other in board.others(group):
            name, since = next(iter(other.fresh.items()), ("", event.t))
            counts = since <= old or (rank == best and rank > own)
            if name in other.ready and since < sent - EPSILON and counts:
                waited = event.t - since
                what = f"{event.message} went before {name}, which had waited {waited:.1f} s"
                self.breach("aging-kept", event, what)
                return

    def _count(self, event: Event, group: str, board: Board, judges: bool, share: int) -> None:
        """Count who goes first while both wait; each is owed its share of any so many deliveries.

        That is, of n deliveries, at least n x share rounded down, less one. The lower ones get
        theirs in time, too: after so many of the highest.
        """
        higher, own = board.above(group), 1 / (share + 1)
        if not higher and not board.below(group):
            self._passed_over, self._surplus = 0, 0.0
            return
        self._passed_over = 0 if higher else self._passed_over + 1
        self._surplus = max(0.0, self._surplus) - own + (1.0 if higher else 0.0)
        if judges and self._passed_over > share:
            what = f"{self._passed_over} messages of the highest in a row while lower ones waited"
            self.breach("share-kept", event, what)
        if judges and self._surplus >= 2 - EPSILON:
            what = f"{event.message} ({group}) went before {higher}, beyond the share of its own"
            self.breach("share-kept", event, what)
            self._surplus = 0.0

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
    return (Priorities(settings), Pools(settings), PassedOver(settings))
