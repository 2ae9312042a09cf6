"""The payload store, folded from events: a wall of lockers, and who points at each."""

from __future__ import annotations

from collections import deque

import msgspec
from msgspec.structs import replace

from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler
from .tickets import Tickets

EMPTIED = 24
"""Lockers that were emptied and are remembered for the picture."""

LIVE, ORPHAN, SETTLED, GONE = "live", "orphan", "settled", "gone"
"""What a locker can be: a ticket points to it; none ever did; all were settled; it is empty."""


class Locker(msgspec.Struct, frozen=True):
    """One payload and what has become of it; it is replaced, as keyframes share it.

    Attributes:
        number: Its number, from 1.
        token: What it is claimed with.
        message: The message it belongs to.
        size: Bytes.
        since: When it was stored, in seconds.
        until: When it lapses, in seconds; 0: never.
        owner: Who stored it.
        left: Holders that still need it, where references are counted; below 0: nobody counts.
        ticketed: Whether a ticket to it was ever accepted.
        free: Since when no ticket points to it, in seconds.
        why: Why it is empty; empty text: it is not.
        moved: When something last happened to it, in seconds.
        reader: Who read it last.
        act: What last happened to it: the kind of event.
        altered: Whether somebody has altered what is in it.
    """

    number: int
    token: str
    message: str
    size: int
    since: float
    until: float
    owner: str
    left: int = -1
    ticketed: bool = False
    free: float = 0.0
    why: str = ""
    moved: float = 0.0
    reader: str = ""
    act: str = kind.STORED
    altered: bool = False


class Lockers:
    """Every payload that is stored, by token.

    Attributes:
        stored: The payloads, oldest first.
        emptied: The lockers emptied last, newest last.
        missing: Messages whose ticket may outlive its payload: those of emptied lockers.
        size: Bytes stored.
    """

    def __init__(self, tickets: Tickets) -> None:
        """Fold the store; ``tickets`` must be fed each event before this fold is."""
        self.tickets = tickets
        self.stored: dict[str, Locker] = {}
        self.emptied: deque[Locker] = deque(maxlen=EMPTIED)
        self.missing: dict[str, str] = {}
        self.size = 0
        self._tokens: dict[str, tuple[str, ...]] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of payloads, and of what makes a locker free."""
        ends = (kind.COMPLETED, kind.EXPIRED, kind.DROPPED)
        return {
            kind.STORED: self._stored,
            kind.FETCHED: self._fetched,
            kind.RELEASED: self._released,
            kind.REMOVED: self._emptied,
            kind.LAPSED: self._emptied,
            kind.ALTERED: self._altered,
            kind.SENT: self._sent,
            kind.STATE: self._written,
            **dict.fromkeys(ends, self._ended),
        }

    def has(self, message: str) -> bool:
        """Say whether a payload of a message is stored."""
        return bool(self._tokens.get(message))

    def state(self, locker: Locker) -> str:
        """Return what a locker is: ``live orphan settled gone``."""
        if locker.why:
            return GONE
        if self.tickets.refers(locker.message):
            return LIVE
        return SETTLED if locker.ticketed else ORPHAN

    def free(self) -> list[Locker]:
        """Return the lockers that no ticket points to."""
        return [each for each in self.stored.values() if not self.tickets.refers(each.message)]

    def dangling(self) -> list[str]:
        """Return the messages a subscriber waits for and whose payload is gone, once for each."""
        return [
            message
            for message in self.missing
            if not self.has(message)
            for ticket in self.tickets.owed(message)
            if not ticket.read
        ]

    def _stored(self, event: Event) -> None:
        locker = Locker(
            event.token, event.group, event.message, int(event.value), event.t, event.until,
            event.actor, ticketed=self.tickets.refers(event.message), free=event.t, moved=event.t,
        )  # fmt: skip
        self.stored[event.group] = locker
        held = self._tokens.get(event.message, ())
        self._tokens[event.message] = (*(each for each in held if each != event.group), event.group)
        self.size += locker.size

    def _fetched(self, event: Event) -> None:
        locker = self.stored.get(event.group)
        if locker is not None:
            self.stored[event.group] = replace(
                locker, reader=event.actor, moved=event.t, act=event.kind
            )

    def _released(self, event: Event) -> None:
        locker = self.stored.get(event.group)
        if locker is not None:
            self.stored[event.group] = replace(
                locker, left=int(event.value), moved=event.t, act=event.kind
            )

    def _altered(self, event: Event) -> None:
        locker = self.stored.get(event.group)
        if locker is not None:
            self.stored[event.group] = replace(locker, altered=True, moved=event.t, act=event.kind)

    def _emptied(self, event: Event) -> None:
        locker = self.stored.pop(event.group, None)
        if locker is None:
            return
        self.size -= locker.size
        why = "lapsed" if event.kind == kind.LAPSED else event.text
        self.emptied.append(replace(locker, why=why, moved=event.t, act=event.kind))
        left = tuple(each for each in self._tokens[locker.message] if each != event.group)
        if left:
            self._tokens[locker.message] = left
        else:
            del self._tokens[locker.message]
        if self.tickets.owed(locker.message):
            self.missing[locker.message] = why

    def _sent(self, event: Event) -> None:
        message = event.message.partition("~")[0]
        if self.tickets.refers(message):
            for token in self._tokens.get(message, ()):
                self.stored[token] = replace(self.stored[token], ticketed=True)

    def _ended(self, event: Event) -> None:
        message = event.message.partition("~")[0]
        if not self.tickets.refers(message):
            self.missing.pop(message, None)
        for each in (message, *self.tickets.results(message)):
            self._looked(each, event.t)

    def _written(self, event: Event) -> None:
        self._looked(event.message, event.t)

    def _looked(self, message: str, now: float) -> None:
        """Take notice of what no ticket points to from now on."""
        if message in self._tokens and not self.tickets.refers(message):
            for token in self._tokens[message]:
                self.stored[token] = replace(self.stored[token], free=now)

    def copy_onto(self, tickets: Tickets) -> Lockers:
        """Return an independent copy that goes with a copy of the tickets."""
        twin = Lockers(tickets)
        twin.stored = dict(self.stored)
        twin.emptied = self.emptied.copy()
        twin.missing = dict(self.missing)
        twin.size = self.size
        twin._tokens = dict(self._tokens)
        return twin
