"""The invariants every leasing peer is judged by, at each event.

They are those of a run of ours with competing consumers, as far as a model can break them that
has no crashes, no lock renewal and no results to publish: conservation (of each message and in
each queue, the queue's own count and locks that should have ended included), single-lease,
delivery-count, causality (the conversation a message begins included), idempotent-effects,
effect-once, littles-law, drains, worked-on-by-one, overlap-has-a-cause, done-or-dead and
work-conserving. What is left, and our run judges all the same: the-dead-rest, sound-code,
time-moves, renewal-holds. Those of dual writes and of a shared database are asleep in ours too.

It is written as somebody would who has this one model in mind: a single fold with one record
for each message, and nothing that could be configured. Where ours does more without being asked
to, the peer does not follow: it takes numbers for the names of messages, lets the delivery count
stand for the token of a lock, and has no event for the beginning of the work, which is judged
when a message is delivered.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from .peer_events import JournalEvent

MAX_DELIVERIES = 10


class Live(msgspec.Struct, gc=False):
    """What the judge knows of a message that is not yet settled.

    ``applied`` is the delivery whose effect was applied last; ``at_work`` is how many consumers
    work on it, ``lapses`` how many of its leases have run out.
    """

    delivery: int = 0
    holder: str | None = None
    until: float = 0.0
    applied: int = 0
    at_work: int = 0
    lapses: int = 0


class Ledger:
    """The judge's account of one queue."""

    __slots__ = (
        "accepted", "applied", "area", "came_at", "completed", "dead", "idle", "last", "live",
        "locked", "ready", "soonest", "unfinished", "went_at",
    )  # fmt: skip

    def __init__(self) -> None:
        """Open an empty account."""
        self.accepted = 0
        self.ready = 0
        self.locked = 0
        self.completed = 0
        self.dead = 0
        self.live: dict[int, Live] = {}
        self.applied: set[int] = set()
        self.idle: set[str] = set()
        self.soonest = float("inf")
        self.unfinished = 0
        self.area = self.came_at = self.went_at = self.last = 0.0


class Judge:
    """A fold over the journal that checks the invariants at each event.

    A count leaves its old column only if the message really was there, so an unlawful move shows
    in the conservation check too.
    """

    __slots__ = ("breaches", "ledgers", "now")

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)
        self.breaches: list[tuple[str, int]] = []
        self.now = 0.0

    def observe(self, event: JournalEvent, unfinished: int) -> None:
        """Fold one event in; ``unfinished`` is how many messages the queue says it has."""
        kind = event.kind
        if not 0 < event.cause < event.n and kind != "spawned":
            self._breach("causality", event)
        if event.t != self.now:
            self._look(event)
        ledger = self.ledgers[event.queue]
        message = event.message
        live = ledger.live.get(message)
        if kind == "sent":
            self._sent(ledger, event, live)
        elif live is None:
            self._of_nobody(ledger, event)
        elif kind == "delivered":
            self._delivered(ledger, event, live)
        elif kind == "effect":
            if live.holder != event.actor or live.delivery != event.delivery:
                self._breach("single-lease", event)
            if live.applied == event.delivery:
                self._breach("idempotent-effects", event)
            live.applied = event.delivery
            if message in ledger.applied:
                self._breach("effect-once", event)
            ledger.applied.add(message)
        elif kind == "completed":
            if live.holder == event.actor and live.delivery == event.delivery:
                ledger.locked -= 1
                del ledger.live[message]
            else:
                self._breach("single-lease", event)
            if live.applied != event.delivery:
                self._breach("done-or-dead", event)
            ledger.completed += 1
            ledger.idle.add(event.actor)
            self._went(ledger, event)
        else:
            self._came_back(ledger, event, live)
        left = ledger.ready + ledger.locked
        if ledger.accepted != left + ledger.completed + ledger.dead or left != unfinished:
            self._breach("conservation", event)

    def _breach(self, guarantee: str, event: JournalEvent) -> None:
        self.breaches.append((guarantee, event.n))

    def _look(self, event: JournalEvent) -> None:
        """Between two instants nobody is idle while a message is ready, and no lock has ended."""
        self.now = now = event.t
        for ledger in self.ledgers.values():
            if ledger.ready and ledger.idle:
                self._breach("work-conserving", event)
            if now > ledger.soonest:
                held = [live.until for live in ledger.live.values() if live.holder is not None]
                ledger.soonest = min(held, default=float("inf"))
                if now > ledger.soonest:
                    self._breach("conservation", event)

    def _sent(self, ledger: Ledger, event: JournalEvent, live: Live | None) -> None:
        if live is not None:
            self._breach("conservation", event)
        if event.conversation != event.message:  # nothing led to it but its producer
            self._breach("causality", event)
        now = event.t
        ledger.ready += 1
        ledger.live[event.message] = Live()
        ledger.accepted += 1
        ledger.area += ledger.unfinished * (now - ledger.last)
        ledger.last = now
        ledger.came_at += now
        ledger.unfinished += 1

    def _of_nobody(self, ledger: Ledger, event: JournalEvent) -> None:
        """An event of an actor, or of a message that is finished or was never accepted."""
        if event.kind == "spawned":
            if event.actor != "producer":
                ledger.idle.add(event.actor)
        elif event.kind == "lock_lost":
            ledger.idle.add(event.actor)
        else:
            self._breach("conservation", event)

    def _delivered(self, ledger: Ledger, event: JournalEvent, live: Live) -> None:
        if live.holder is None:
            ledger.ready -= 1
        else:
            self._breach("single-lease", event)
        ledger.locked += 1
        delivery = event.delivery
        if delivery != live.delivery + 1 or delivery > MAX_DELIVERIES:
            self._breach("delivery-count", event)
        if live.at_work:
            self._breach("worked-on-by-one", event)
            if live.at_work > live.lapses:
                self._breach("overlap-has-a-cause", event)
        live.at_work += 1
        live.delivery = delivery
        live.holder = event.actor
        live.until = until = event.until
        if until < ledger.soonest:
            ledger.soonest = until
        ledger.idle.discard(event.actor)

    def _went(self, ledger: Ledger, event: JournalEvent) -> None:
        now = event.t
        ledger.area += ledger.unfinished * (now - ledger.last)
        ledger.last = now
        ledger.went_at += now
        ledger.unfinished -= 1
        if ledger.unfinished <= 0:
            times = ledger.went_at - ledger.came_at
            if ledger.unfinished or abs(ledger.area - times) > 1e-6 * max(1.0, ledger.went_at):
                self._breach("littles-law", event)
            ledger.area = ledger.came_at = ledger.went_at = 0.0

    def _came_back(self, ledger: Ledger, event: JournalEvent, live: Live) -> None:
        if event.kind == "lock_expired":
            if live.holder is not None and live.delivery == event.delivery:
                ledger.locked -= 1
                live.holder = None
            else:
                self._breach("single-lease", event)
            live.lapses += 1
            ledger.ready += 1
        elif event.kind == "dead_lettered":
            if live.holder is None and live.delivery == MAX_DELIVERIES:
                ledger.ready -= 1
                del ledger.live[event.message]
            else:
                self._breach("delivery-count", event)
            ledger.dead += 1
            self._went(ledger, event)
        elif event.kind == "lock_lost":
            live.at_work -= 1
            ledger.idle.add(event.actor)

    def closing(self) -> list[tuple[str, int]]:
        """Return every breach, and at the end also the messages nobody will ever fetch."""
        left = sum(ledger.ready + ledger.locked for ledger in self.ledgers.values())
        served = any(ledger.idle for ledger in self.ledgers.values())
        return [*self.breaches, *([("drains", 0)] if left and served else [])]
