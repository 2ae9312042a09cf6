"""What a leasing peer records and works on."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec


class Clock(Protocol):
    """Virtual time."""

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        ...


class JournalEvent(msgspec.Struct, frozen=True, gc=False):
    """One line of the journal.

    ``cause`` is the number of the event before it in its chain, ``until`` the end of a lease;
    ``conversation``, told when a message is sent, is what all that follows from it belongs to.
    """

    n: int
    t: float
    kind: str
    actor: str
    queue: str
    message: int
    delivery: int
    cause: int
    until: float
    conversation: int


class Message(msgspec.Struct, gc=False):
    """A message; ``cause`` is the event that last made it ready."""

    id: int
    cause: int
    deliveries: int = 0


class Lease(msgspec.Struct, gc=False):
    """The right of one consumer to settle one delivery; the object itself is the token.

    ``guard`` is whatever watches over the deadline, if each lease has its own.
    """

    message: Message
    actor: str
    delivery: int
    deadline: float
    cause: int
    held: bool = True
    guard: Any = None
