"""What every consumer of a peek-lock queue promises, with the safeguards that are on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from ..broker_rules import read_declared
from ..kernel import events as kind
from ..kernel.events import FENCED, Event
from ..port import Mode
from .conserving import WorkConserving
from .outages import UNREACHABLE, track_outage
from .rules import Breach, Guarantee, Handler, Rule

OVERLAP = Guarantee(
    "overlap-has-a-cause",
    "Two consumers work on one message only if the earlier lock has run out.",
    source="A4 (1)",
)
BY_ONE = Guarantee(
    "worked-on-by-one",
    "Two consumers never work on one message at the same time.",
    source="A4 (1)",
    hope=True,
)
RENEWAL_HOLDS = Guarantee(
    "renewal-holds",
    "With lock renewal on, no lock runs out under a consumer that is alive, reachable and at work, "
    "for as long as locks are renewed at all.",
    source="A4 (1)",
)
DONE_OR_DEAD = Guarantee(
    "done-or-dead",
    "No message is settled before its work is done.",
    source="A4 rule 1",
)
NEVER_DONE = "was deleted on receipt, never done"


class Holding(Rule):
    """Who works on what, and whether they may."""

    guarantees = (BY_ONE, OVERLAP, RENEWAL_HOLDS, DONE_OR_DEAD)

    def __init__(self, settings: Callable[[], Any], *, passes_on: bool) -> None:
        """Judge consumers; with ``passes_on``, a message sent on, a row or a note is work done."""
        super().__init__()
        self._settings = settings
        self._passes_on = passes_on
        self._work: dict[str, tuple[str, int, str]] = {}
        self._workers: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        self._lapses: dict[tuple[str, str], int] = {}
        self._forced = False
        self._tokens: dict[str, int] = {}
        self._excused: set[str] = set()
        self._outages: set[tuple[str, str]] = set()
        self._done: defaultdict[str, set[int]] = defaultdict(set)
        self._taken: dict[str, list[str]] = {}
        self._lanes: dict[str, str] = {}
        self._fixed: set[str] = set()
        self._deletes: set[str] = set()
        self._limits: dict[str, float] = {}
        self._received: dict[tuple[str, str], float] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything between receipt and settlement."""
        sends: dict[str, Handler] = {}
        if self._passes_on:
            sends = dict.fromkeys((kind.SENT, kind.STATE, kind.NOTED), self._sent)
            sends[kind.DROPPED] = self._dropped
        return {
            kind.DECLARED: self._declared,
            kind.CHANGED: self._changed,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            kind.EFFECT: self._applied,
            kind.EFFECT_SKIPPED: self._applied,
            kind.COMPLETED: self._completed,
            kind.ABANDONED: self._let_go,
            kind.LOCK_LOST: self._let_go,
            kind.LOCK_EXPIRED: self._lock_expired,
            kind.CRASHED: self._crashed,
            kind.PAUSED: self._excuse,
            kind.DROPPED: self._let_go,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
            **sends,
        }

    def _declared(self, event: Event) -> None:
        """Excuse who holds a message while lanes are rearranged, or renewing becomes possible."""
        if self._lanes.setdefault(event.queue, event.group) != event.group:
            self._lanes[event.queue] = event.group
            self._excuse_all()
        declared = read_declared(event.text)
        deletes = declared.mode == Mode.RECEIVE_AND_DELETE.value
        (self._deletes.add if deletes else self._deletes.discard)(event.queue)
        before = self._limits.pop(event.queue, 0.0)
        if declared.renewing:
            self._limits[event.queue] = declared.renewing
        if before != declared.renewing:
            self._excuse_all()
        if not declared.rules.renewable:
            self._fixed.add(event.queue)
        elif event.queue in self._fixed:
            self._fixed.discard(event.queue)
            self._excuse_all()

    def _changed(self, event: Event) -> None:
        if event.message == "renewal":  # whoever is at work began when there was no renewing
            self._excuse_all()

    def _excuse_all(self) -> None:
        """Excuse whoever is at work."""
        for copies in self._workers.values():
            self._excused.update(*copies.values())

    def _sent(self, event: Event) -> None:
        work = self._work.get(event.actor)
        if work is not None:
            queue, token, message = work
            self._done[queue].add(token)
            if self._taken and message in self._taken.get(event.actor, ()):
                self._taken[event.actor].remove(message)

    def _dropped(self, event: Event) -> None:
        if event.text == "acknowledgement lost":
            self._let_go(event)
        else:
            self._sent(event)

    def _delivered(self, event: Event) -> None:
        if self._limits:
            self._received[event.queue, event.message] = event.t

    def _beyond(self, event: Event) -> bool:
        """Say whether the broker may have ended a lock that its holder did have renewed."""
        if event.value == kind.NEVER_HIDDEN:
            return True
        if self._lanes.get(event.queue):  # the lock of a lane is older than that of its message
            return event.queue in self._limits
        since = self._received.get((event.queue, event.message), 0.0)
        return 0 < self._limits.get(event.queue, 0.0) < event.t - since

    def _working(self, event: Event) -> None:
        actor, message = event.actor, event.message
        if self._passes_on:
            self._work[actor] = event.queue, event.token, message
        self._tokens[actor] = event.token
        if self._taken and actor in self._taken:
            self._took_another(event)
        alone = (actor,)
        copies = self._workers[event.queue]
        workers = copies.setdefault(message, alone)
        if workers is alone:
            return
        copy = event.queue, message
        if len(workers) - (actor in workers) > self._lapses.get(copy, 0):  # it may begin anew
            self.breach("overlap-has-a-cause", event, f"{', '.join(workers)} still held {copy}")
        if actor not in workers:
            what = f"{workers[-1]} still works on {event.message}"
            self.breach("worked-on-by-one", event, what)
            copies[message] = (*workers, actor)

    def _took_another(self, event: Event) -> None:
        taken = self._taken[event.actor]
        while taken and taken[0] != event.message and event.message in taken:
            self._lose(event, taken.pop(0))

    def _lose(self, event: Event, message: str) -> None:
        self.breach("done-or-dead", event, f"{message} {NEVER_DONE}")

    def _applied(self, event: Event) -> None:
        self._done[event.queue].add(event.token)
        if self._taken and event.message in self._taken.get(event.actor, ()):
            self._taken[event.actor].remove(event.message)
            if event.text == FENCED:  # and nobody else will ever do it
                self._lose(event, event.message)

    def _completed(self, event: Event) -> None:
        try:
            self._done[event.queue].remove(event.token)
        except KeyError:
            if event.queue in self._deletes:
                self._taken.setdefault(event.actor, []).append(event.message)
            else:
                what = f"{event.message} was settled before it was done"
                self.breach("done-or-dead", event, what)
        workers = self._workers[event.queue].pop(event.message, ())
        if workers != (event.actor,) or self._excused:
            self._leave(event, workers)

    def _let_go(self, event: Event) -> None:
        self._leave(event, self._workers[event.queue].pop(event.message, ()))

    def _leave(self, event: Event, workers: tuple[str, ...]) -> None:
        left = tuple(worker for worker in workers if worker != event.actor)
        if left:
            self._workers[event.queue][event.message] = left
        self._excused.discard(event.actor)

    def _lock_expired(self, event: Event) -> None:
        copy = event.queue, event.message
        self._lapses[copy] = self._lapses.get(copy, 0) + 1
        forced, self._forced = self._forced, False
        workers = self._workers[event.queue].get(event.message)
        if workers is None:
            return
        holder = event.text
        excused = bool(self._outages) or forced or holder in self._excused
        excused = excused or event.queue in self._fixed or self._beyond(event)
        under_work = holder in workers and self._tokens.get(holder) == event.token
        if self._settings().renewal and under_work and not excused:
            self.breach("renewal-holds", event, f"{holder} was alive and lost {event.message}")

    def _crashed(self, event: Event) -> None:
        for copies in self._workers.values():
            for message in [m for m, workers in copies.items() if event.actor in workers]:
                left = tuple(worker for worker in copies.pop(message) if worker != event.actor)
                if left:
                    copies[message] = left
        for message in self._taken.pop(event.actor, ()):
            self._lose(event, message)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report what was deleted on receipt and will never be done."""
        lost = [message for taken in self._taken.values() for message in taken] if quiet else []
        return [Breach("done-or-dead", 0, now, f"{each} {NEVER_DONE}") for each in lost]

    def _excuse(self, event: Event) -> None:
        self._excused.add(event.actor)

    def _injected(self, event: Event) -> None:
        track_outage(self._outages, event)
        self._forced = event.message == "expire-lock"

    def _healed(self, event: Event) -> None:
        track_outage(self._outages, event)
        if event.message in UNREACHABLE:
            self._excuse_all()  # word of what they hold may come too late


def consuming_rules(
    settings: Callable[[], Any], queues: Sequence[str], *, passes_on: bool = False
) -> tuple[Rule, ...]:
    """Return the rules of peek-lock queues with competing consumers.

    Args:
        settings: The settings as they are now.
        queues: The queues that must not keep an idle consumer waiting.
        passes_on: Whether a consumer's work may consist in sending a message on.
    """
    return (Holding(settings, passes_on=passes_on), WorkConserving(settings, queues))
