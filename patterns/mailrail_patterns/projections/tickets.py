"""Which messages are on the bus, where each copy of them stands, and who has read its payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler

FORGED = "forged: puts a token on the ticket that was only guessed"
"""Noted of a message whose ticket points to no payload at all."""


class Ticket(msgspec.Struct, frozen=True):
    """One copy of a message on one queue; it is replaced, as keyframes share it.

    Attributes:
        queue: The queue.
        name: Its name there.
        since: When it was accepted, in seconds.
        size: Its bytes on the bus.
        holder: Who has it under a lock; empty: nobody.
        taken: When it was last delivered, in seconds.
        read: Whether the present holder has read the payload.
        dead: Whether it is a dead letter.
        redriven: Whether it was one before.
    """

    queue: str
    name: str
    since: float
    size: int
    holder: str = ""
    taken: float = 0.0
    read: bool = False
    dead: bool = False
    redriven: bool = False


def message_of(name: str) -> str:
    """Return the id of a message from the name of a copy of it."""
    return name.partition("~")[0]


class Tickets:
    """Every copy of every message that is not finished, by the id of the message.

    On some queues, the relays, stands what will become a ticket: it points to the payload, and
    nobody there reads it.

    Attributes:
        relays: Those queues; they are beside the bus.
        copies: For each message its copies, by queue and name; replaced whenever one changes.
        settled: Queue and message of what was settled, whichever copy it was.
    """

    def __init__(self, relays: Sequence[str] = ()) -> None:
        self.relays = relays
        self.copies: dict[str, Mapping[tuple[str, str], Ticket]] = {}
        self.settled: set[tuple[str, str]] = set()
        self._forged: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that moves a message."""
        back = (kind.LOCK_EXPIRED, kind.ABANDONED)
        return {
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.FETCHED: self._fetched,
            **dict.fromkeys(back, self._returned),
            kind.COMPLETED: self._completed,
            kind.EXPIRED: self._expired,
            kind.DROPPED: self._dropped,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._died),
            kind.REDRIVEN: self._redriven,
            kind.CRASHED: self._crashed,
            kind.NOTED: self._noted,
        }

    def of(self, message: str) -> Iterator[Ticket]:
        """Yield every copy of a message that points to its payload, dead letters included."""
        if message not in self._forged:
            yield from self.copies.get(message, {}).values()

    def owed(self, message: str) -> list[Ticket]:
        """Return the copies on which a subscriber still waits for the payload.

        Of a message one copy is enough: once it is settled, its twin changes nothing.
        """
        return [
            ticket
            for ticket in self.of(message)
            if not ticket.dead
            and (ticket.queue, message) not in self.settled
            and ticket.queue not in self.relays
        ]

    def refers(self, message: str) -> bool:
        """Say whether anything is left that points to a message's payload, be it a dead letter."""
        return bool(self.copies.get(message)) and message not in self._forged

    def in_time(self, message: str, since: float, stored: float, grace: float) -> bool:
        """Say whether a ticket was sent while its payload was safe from the sweeper.

        Args:
            message: The message.
            since: When the ticket was accepted, in seconds.
            stored: When the payload was stored, in seconds.
            grace: Age below which the sweeper leaves a payload alone, in seconds.
        """
        return since <= stored + grace

    def _find(self, event: Event) -> Ticket | None:
        found = self.copies.get(message_of(event.message))
        return None if found is None else found.get((event.queue, event.message))

    def _noted(self, event: Event) -> None:
        if event.text == FORGED:
            self._forged.add(event.message)

    def _put(self, ticket: Ticket) -> None:
        message = message_of(ticket.name)
        copies = self.copies.get(message, {})
        self.copies[message] = {**copies, (ticket.queue, ticket.name): ticket}

    def _sent(self, event: Event) -> None:
        self._put(Ticket(event.queue, event.message, event.t, event.size))

    def _delivered(self, event: Event) -> None:
        ticket = self._find(event)
        if ticket is not None:
            self._put(replace(ticket, holder=event.actor, taken=event.t, read=False))

    def _fetched(self, event: Event) -> None:
        for ticket in list(self.of(event.message)):
            if ticket.holder == event.actor:
                self._put(replace(ticket, read=True))

    def _returned(self, event: Event) -> None:
        ticket = self._find(event)
        if ticket is not None:
            self._put(replace(ticket, holder="", read=False))

    def _crashed(self, event: Event) -> None:
        for copies in list(self.copies.values()):
            for ticket in copies.values():
                if ticket.holder == event.actor and ticket.read:
                    self._put(replace(ticket, read=False))

    def _completed(self, event: Event) -> None:
        self._gone(event)
        self.settled.add((event.queue, message_of(event.message)))

    def _expired(self, event: Event) -> None:
        if not event.text:
            self._gone(event)

    def _dropped(self, event: Event) -> None:
        if event.text in kind.LET_GO:
            self._gone(event)

    def _gone(self, event: Event) -> None:
        message = message_of(event.message)
        copies = self.copies.get(message)
        if copies is None:
            return
        one = event.queue, event.message
        left = {key: ticket for key, ticket in copies.items() if key != one}
        if left:
            self.copies[message] = left
        else:
            del self.copies[message]

    def _died(self, event: Event) -> None:
        self._returned(event)
        ticket = self._find(event)
        if ticket is not None:
            self._put(replace(ticket, dead=True))

    def _redriven(self, event: Event) -> None:
        ticket = self._find(event)
        if ticket is not None:
            self._put(replace(ticket, dead=False, redriven=True))

    def results(self, message: str) -> Sequence[str]:
        """Return the messages whose tickets were to follow from a message."""
        return ()

    def copy(self) -> Tickets:
        """Return an independent copy."""
        twin = Tickets(self.relays)
        self.copy_onto(twin)
        return twin

    def copy_onto(self, twin: Tickets) -> None:
        """Make another fold stand where this one does, independently."""
        twin.copies = dict(self.copies)
        twin.settled = set(self.settled)
        twin._forged = set(self._forged)
