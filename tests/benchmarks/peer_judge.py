"""The invariants every leasing peer is judged by, at each event."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from .peer_events import JournalEvent

MAX_DELIVERIES = 10


class Live(msgspec.Struct, gc=False):
    """What the judge knows of a message that is not yet settled."""

    delivery: int = 0
    holder: str | None = None


class Ledger:
    """The judge's account of one queue."""

    __slots__ = ("accepted", "completed", "dead", "live", "locked", "ready")

    def __init__(self) -> None:
        """Open an empty account."""
        self.accepted = 0
        self.ready = 0
        self.locked = 0
        self.completed = 0
        self.dead = 0
        self.live: dict[int, Live] = {}


class Judge:
    """A fold over the journal that checks the invariants at each event.

    A count leaves its old column only if the message really was there, so an unlawful move shows
    in the conservation check too.
    """

    __slots__ = ("ledgers", "violations")

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)
        self.violations = 0

    def observe(self, event: JournalEvent) -> None:
        """Fold one event in."""
        if not 0 <= event.cause < event.n:
            self.violations += 1
        ledger = self.ledgers[event.queue]
        kind = event.kind
        message = event.message
        live = ledger.live.get(message)
        if kind == "sent":
            if live is None:
                ledger.ready += 1
                ledger.live[message] = Live()
            else:
                self.violations += 1
            ledger.accepted += 1
        elif live is None:
            self.violations += 1
        elif kind == "delivered":
            if live.holder is None:
                ledger.ready -= 1
            else:
                self.violations += 1
            ledger.locked += 1
            delivery = event.delivery
            if not live.delivery < delivery <= MAX_DELIVERIES:
                self.violations += 1
            live.delivery = delivery
            live.holder = event.actor
        elif kind == "effect":
            if live.holder != event.actor or live.delivery != event.delivery:
                self.violations += 1
        elif kind == "completed":
            if live.holder == event.actor and live.delivery == event.delivery:
                ledger.locked -= 1
                del ledger.live[message]
            else:
                self.violations += 1
            ledger.completed += 1
        else:
            self._came_back(ledger, event, live)
        if ledger.accepted != ledger.ready + ledger.locked + ledger.completed + ledger.dead:
            self.violations += 1

    def _came_back(self, ledger: Ledger, event: JournalEvent, live: Live) -> None:
        if event.kind == "lock_expired":
            if live.holder is not None and live.delivery == event.delivery:
                ledger.locked -= 1
                live.holder = None
            else:
                self.violations += 1
            ledger.ready += 1
        elif event.kind == "dead_lettered":
            if live.holder is None and live.delivery == MAX_DELIVERIES:
                ledger.ready -= 1
                del ledger.live[event.message]
            else:
                self.violations += 1
            ledger.dead += 1
