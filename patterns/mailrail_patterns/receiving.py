"""A consumer's end of a queue: the receiver, and the deliveries it hands out."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from .messages import Message


class Delivery(Protocol):
    """A message in one consumer's hands. Settle it once; every settling answers whether it counted.

    A settlement after the lock ran out answers False and changes nothing.
    """

    @property
    def message(self) -> Message:
        """The message."""
        ...

    @property
    def name(self) -> str:
        """The message's name in its queue; a copy or a resend has a name of its own."""
        ...

    @property
    def count(self) -> int:
        """How often it has been delivered, this time included."""
        ...

    @property
    def until(self) -> float:
        """When the lock runs out, in seconds."""
        ...

    @property
    def over(self) -> float:
        """When nobody will be given the message any more, in seconds.

        That is when both its lock and its time to live have run out; without one, never.
        """
        ...

    @property
    def fence(self) -> int:
        """Token of the session it came in, each higher than the last; 0: it came in none."""
        ...

    @property
    def deferrable(self) -> bool:
        """Whether it can be set aside: most brokers cannot, and nothing deleted on receipt."""
        ...

    def complete(self) -> Awaitable[bool]:
        """Settle: the work is done, the message may go."""
        ...

    def abandon(self, delay: float = 0.0, *, failed: bool = False) -> Awaitable[bool]:
        """Give the message back, ready again after ``delay`` seconds.

        Args:
            delay: How long it stays away, in seconds.
            failed: Say that handling it has failed; to most brokers every return is that.
        """
        ...

    def reject(self, reason: str) -> Awaitable[bool]:
        """Send the message to the dead-letter queue at once, where there is one."""
        ...

    def defer(self) -> Awaitable[bool]:
        """Set the message aside until it is asked for by name.

        Raises:
            BadInput: If the broker knows no deferral; see :attr:`deferrable`.
        """
        ...

    def renew(self) -> Awaitable[bool]:
        """Make the lock last a full lock length from now."""
        ...

    def keep(self) -> Awaitable[bool]:
        """Have the lock renewed in the background until the message is settled.

        A message may have waited in its consumer's buffer while its lock went on ageing. So a
        lock of which too little is left is renewed first.

        Returns:
            False if it had run out already: the message is somebody else's, and is let go.
        """
        ...


class Source(Protocol):
    """Where a handler gets its deliveries from: a receiver, or what stands before one."""

    def next(self) -> Awaitable[Delivery | None]:
        """Wait for the next message; None on a stop request, or once the subscription has ended."""
        ...


class Receiver(Protocol):
    """A consumer's end of a queue."""

    def next(
        self, timeout: float | None = None, *, routine: bool = False
    ) -> Awaitable[Delivery | None]:
        """Wait for a message, at most ``timeout`` seconds.

        None on a timeout, on a stop request, and once the subscription has ended. The timeout of
        a ``routine`` is only for the next round of something that never ends, such as a poll.
        """
        ...

    def accept(self, group: str) -> Awaitable[bool]:
        """Lock the lane of a group, whether there is something in it or not.

        A receiver has one lane at a time and lets go of the one it had. False if it has a
        message in hand, or if somebody else holds the lane. Without lanes there is nothing to
        be locked.
        """
        ...

    def peek(self) -> Awaitable[Message | None]:
        """Look at what is next in the lane it holds; None if nothing is, or it holds none.

        Nothing is locked or counted by it.
        """
        ...

    def deferred(self, name: str) -> Awaitable[Delivery | None]:
        """Fetch a deferred message by its name; None if there is none of that name.

        In a queue with lanes whoever holds the lane of the message gets it, and nobody else.
        """
        ...
