"""What claim checks promise while messages travel: limits, order, and payloads that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..claims import ENVELOPE
from ..kernel import events as kind
from ..kernel.events import Event
from ..projections.lockers import Lockers
from ..projections.measures import joined
from ..projections.tickets import Ticket, Tickets, message_of
from .lockers import Sweeping, Wall
from .rules import Guarantee, Handler, Rule

BUS_LIMIT = Guarantee(
    "bus-limit-kept", "No message on the bus is larger than its limit.", source="A2 (1)"
)
PUT_FIRST = Guarantee(
    "put-before-send",
    "A ticket is sent only after its payload is durable.",
    source="A2 rule 1",
)
ONE_WAY = Guarantee(
    "inline-or-checked",
    "A payload travels inside its message or waits in the store, never both unless asked.",
    source="A2 rule 2",
)
FINDS = Guarantee(
    "ticket-finds-payload",
    "No payload is deleted while a subscriber's ticket to it is ready, locked and not read yet, "
    "or still to come back.",
    source="A2 (1)",
)
OUTLIVES = Guarantee(
    "payload-outlives-ticket",
    "No payload lapses while a ticket to it is ready, or locked and not read yet.",
    source="A2 rule 4",
)
UNCHANGED = Guarantee(
    "payload-unchanged",
    "What is processed is what was stored: the digests agree.",
    source="A2 (1)",
)
FOUND_OR_GONE = Guarantee(
    "found-or-gone",
    "No ticket is dead-lettered for a missing payload that is in the store after all.",
    source="A2 rule 6",
)


class Claiming(Rule):
    """Compares what travels with what is in the store."""

    guarantees = (BUS_LIMIT, PUT_FIRST, ONE_WAY, FINDS, OUTLIVES, UNCHANGED, FOUND_OR_GONE)

    def __init__(self, settings: Callable[[], Any], tickets: Tickets, lockers: Lockers) -> None:
        super().__init__()
        self._settings = settings
        self._tickets = tickets
        self._lockers = lockers
        self._stored: dict[str, Event] = {}
        self._deleted: dict[str, Event] = {}
        self._altered: set[str] = set()
        self._spoilt: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of tickets and payloads."""
        return {
            kind.SENT: self._sent,
            kind.STORED: self._put,
            kind.FETCHED: self._fetched,
            kind.ALTERED: self._alter,
            kind.EFFECT: self._processed,
            kind.REMOVED: self._removed,
            kind.LAPSED: self._lapsed,
            **dict.fromkeys((kind.LOCK_EXPIRED, kind.ABANDONED, kind.REDRIVEN), self._returned),
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._died),
        }

    def _put(self, event: Event) -> None:
        self._stored[event.message] = event
        self._deleted.pop(event.message, None)

    def _sent(self, event: Event) -> None:
        message, size = message_of(event.message), event.size
        limit = self._settings().bus_limit
        if 0 < limit < size:
            self.breach("bus-limit-kept", event, f"{message} has {size} B, the limit is {limit} B")
        stored = self._stored.get(message)
        if size == ENVELOPE and stored is None:
            self.breach("put-before-send", event, f"{message} is sent and not stored yet")
        if stored is not None and size > ENVELOPE and not self._asked_for_both():
            self.breach("inline-or-checked", event, f"{message} travels and is stored as well")
        self._returned(event)

    def _asked_for_both(self) -> bool:
        return bool(getattr(self._settings(), "both", False))

    def _removed(self, event: Event) -> None:
        """Judge a deletion where it happens, by the tickets that have yet to be read.

        A holder that has read the payload needs it no longer, unless its ticket comes back.
        """
        self._deleted[event.message] = event
        early = [t.queue for t in self._owed(event.message) if not t.read]
        if early:
            what = f"{event.message} is deleted ({event.text}) by {event.actor}"
            waiting = ", ".join(sorted(set(early)))
            self.breach("ticket-finds-payload", event, f"{what}; its ticket waits on {waiting}")

    def _returned(self, event: Event) -> None:
        """Judge a ticket that stands on its queue (again) by whether its payload still is."""
        message = message_of(event.message)
        deleted = self._deleted.get(message)
        if deleted is None:
            return
        if any(t.name == event.message and t.queue == event.queue for t in self._owed(message)):
            what = f"the ticket of {message} stands on {event.queue} without its payload"
            gone = f"deleted ({deleted.text}) by {deleted.actor} at {deleted.t:g}s"
            self.breach("ticket-finds-payload", event, f"{what}, {gone}")

    def _fetched(self, event: Event) -> None:
        stored = self._stored.get(event.message)
        self._spoilt.discard((event.actor, event.message))
        if stored is not None and stored.text == event.text:
            return
        if event.group in self._altered:
            self._spoilt.add((event.actor, event.message))
        else:
            self.breach("payload-unchanged", event, f"{event.actor} read something else")

    def _alter(self, event: Event) -> None:
        self._altered.add(event.group)

    def _processed(self, event: Event) -> None:
        message = message_of(event.message)
        if (event.actor, message) in self._spoilt:
            what = f"{event.actor} processes {message}, whose payload was altered"
            self.breach("payload-unchanged", event, what)

    def _owed(self, message: str) -> list[Ticket]:
        """Return the copies a subscriber waits on that were sent while the payload was safe."""
        return [t for t in self._tickets.owed(message) if self._prompt(t, message)]

    def _lapsed(self, event: Event) -> None:
        for ticket in self._owed(event.message):
            if not ticket.read and not ticket.redriven:
                what = f"{event.message} lapses while its ticket waits on {ticket.queue}"
                self.breach("payload-outlives-ticket", event, what)
                return

    def _prompt(self, ticket: Ticket, message: str) -> bool:
        """Say whether a ticket was sent while its payload was safe."""
        stored = self._stored.get(message)
        return stored is not None and self._tickets.in_time(
            message, ticket.since, stored.t, self._settings().grace
        )

    def _died(self, event: Event) -> None:
        message = message_of(event.message)
        if event.text.endswith("PayloadNotFound") and self._lockers.has(message):
            self.breach("found-or-gone", event, f"the payload of {message} is in the store")


class Folding(Rule):
    """Keeps the folds that the other rules ask; it comes first and promises nothing itself."""

    def __init__(self, tickets: Tickets, lockers: Lockers) -> None:
        super().__init__()
        self._folds = (tickets.handlers(), lockers.handlers())

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of the folds, each event to the tickets first."""
        return joined(*self._folds)


def checking_rules(settings: Callable[[], Any], tickets: Tickets | None = None) -> Sequence[Rule]:
    """Return the rules of claim checks; ``tickets`` may know more than what is on the bus."""
    tickets = tickets or Tickets()
    lockers = Lockers(tickets)
    return (
        Folding(tickets, lockers),
        Claiming(settings, tickets, lockers),
        Wall(settings, tickets, lockers),
        Sweeping(settings, lockers),
    )
