"""The shared requester: asks in its own rhythm, takes what comes back, acts when time is up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from .messages import Mode, QueueSpec, Subscription
from .port import Message, Port
from .producer import Arrivals, ArrivalSettings
from .quantities import on_grid
from .reply_settings import Replies

R = TypeVar("R", bound=ArrivalSettings)


class Errands(Protocol):
    """What a requester does; the shared loop says when."""

    async def restore(self) -> None:
        """Take up what an earlier life left open."""
        ...

    async def ask(self, message: Message) -> None:
        """Ask for something new."""
        ...

    async def take(self, answer: Message) -> None:
        """Take an answer."""
        ...

    def due(self) -> float | None:
        """Return when something has to be done without an answer, in seconds; None: never."""
        ...

    async def act(self) -> None:
        """Do what is due now; afterwards the next thing due is later."""
        ...


def inbox_of(name: str) -> str:
    """Return the name of a requester's private queue for replies, where it outlives him."""
    return f"{name}-inbox"


def is_inbox_of(queue: str, name: str) -> bool:
    """Say whether replies to a requester may come to a queue: his own, or one of a connection."""
    home = inbox_of(name)
    return queue == home or queue.startswith(f"{home}-")


async def open_inbox(port: Port[Any], replies: Replies) -> str:
    """Open what replies come to, one for all requests, and return its address.

    An address that is bound to a connection is never used again: a reply to it that comes after
    the connection is gone reaches nobody, not even who asked, once he is back: every life has one
    of its own.
    """
    home = inbox_of(port.name)
    if replies is Replies.DURABLE:
        await port.broker.declare(QueueSpec(home, max_deliveries=0, mode=Mode.RECEIVE_AND_DELETE))
        return home
    address = f"{home}-{port.life}"
    spec = QueueSpec(address, max_deliveries=0, mode=Mode.RECEIVE_AND_DELETE)
    await port.broker.subscribe(Subscription(address, spec, durable=False))
    return address


async def request_each(
    port: Port[R],
    make: Callable[[Port[R], str], Errands],
    replies: Callable[[R], Replies] = lambda settings: Replies.DURABLE,
) -> None:
    """Ask, wait and act, for as long as the process lives.

    The replies come to a queue of the requester's own, one for all its requests, where a message
    is gone once it is received. There is one loop: it waits for whatever is next, an answer, an
    arrival or a deadline; what is in the queue already comes before what is due.

    Args:
        port: The actor's port.
        make: Makes what the requester does, given the address of its queue.
        replies: Whether, as the settings stand when it starts, the queue outlives it.
    """
    inbox = await open_inbox(port, replies(port.settings))
    errands = make(port, inbox)
    await errands.restore()
    answers = port.broker.receiver(inbox)
    arrivals = Arrivals(port, port.options.arrivals, port.options.start)
    while not port.stopping:
        arrival, deadline = _on_grid(_arrival(port, arrivals)), _on_grid(errands.due())
        times = [time for time in (arrival, deadline) if time is not None]
        now = port.clock.now
        delivery = await answers.next(max(0.0, min(times) - now) if times else None)
        now = port.clock.now
        if delivery is not None:
            await errands.take(delivery.message)
            await delivery.complete()
        elif deadline is not None and deadline <= now:
            await errands.act()
        elif arrival is not None and arrival <= now:
            await errands.ask(port.stamp())
            arrivals.taken()


def _arrival(port: Port[Any], arrivals: Arrivals) -> float | None:
    own = port.options.count
    limit = port.settings.count if own is None else own
    return None if limit and port.stamped >= limit else arrivals.next()


def _on_grid(time: float | None) -> float | None:
    return None if time is None else on_grid(time)


__all__ = ["Errands", "inbox_of", "is_inbox_of", "open_inbox", "request_each"]
