"""The shared producer: arrivals in phases, each message stamped with a stable id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from .port import Distribution, Message, Outcome, Port


class ArrivalSettings(Protocol):
    """The settings the shared producer obeys where an actor has no arrivals of its own."""

    @property
    def every(self) -> Distribution:
        """Time between two messages, in seconds."""
        ...

    @property
    def count(self) -> int:
        """Messages a producer sends; 0: no end."""
        ...


A = TypeVar("A", bound=ArrivalSettings)
Told = Callable[[Port[Any], Message, Outcome], Awaitable[None]]
Meanwhile = Callable[[Port[Any], float | None], Awaitable[None]]


class Arrivals:
    """When the next message is due, through all the phases of a producer.

    Constant spacing is counted from the start of its phase, not added up, so that the
    hundredth arrival of ``12/s`` is where it should be to the microsecond.
    """

    def __init__(self, port: Port[Any]) -> None:
        self._port = port
        self._phases = list(port.options.arrivals)
        self._base = max(port.clock.now, port.options.start)
        self._began = self._base
        self._index = 0
        self._every = self._spacing()
        self._next = self._base

    def _spacing(self) -> Distribution:
        if self._phases:
            return self._phases[0].every
        spacing: Distribution = self._port.settings.every
        return spacing

    def next(self) -> float | None:
        """Return when the next message is due, in seconds; None when there will be none."""
        while True:
            due = self._next
            phase = self._phases[0] if self._phases else None
            if phase is None or not phase.lasts or due < self._began + phase.lasts - 5e-7:
                return due
            self._began += phase.lasts
            self._phases.pop(0)
            if not self._phases:
                return None
            self._base = self._next = self._began
            self._index = 0
            self._every = self._spacing()

    def taken(self) -> None:
        """Note that the due message was sent."""
        every = self._spacing()
        if every != self._every:
            self._every, self._base, self._index = every, self._next, 0
        if every.shape == "constant":
            self._index += 1
            self._next = self._base + self._index * every.low
        else:
            self._next += every.sample(self._port.chance)


async def produce(
    port: Port[A],
    queue: str,
    *,
    told: Told | None = None,
    meanwhile: Meanwhile | None = None,
    stamped: Callable[[Port[A], Message], Message] = lambda port, message: message,
) -> None:
    """Send messages at the producer's own rate until its count is reached or it is stopped.

    Args:
        port: The actor's port.
        queue: Where to send.
        told: Called with every message and what became of it.
        meanwhile: Does what else is due before an instant, or, with None, all that is left.
        stamped: Adds to each message what the sender has to say of it.
    """
    arrivals = Arrivals(port)
    limit = port.options.count if port.options.count is not None else port.settings.count
    sent = 0
    while not port.stopping and (not limit or sent < limit):
        due = arrivals.next()
        if due is None:
            break
        if meanwhile is not None:
            await meanwhile(port, due)
        await port.clock.sleep_until(due)
        message = stamped(port, port.stamp())
        outcome = await port.broker.send(queue, message)
        if told is not None:
            await told(port, message, outcome)
        sent += 1
        arrivals.taken()
    if meanwhile is not None:
        await meanwhile(port, None)


__all__ = ["Arrivals", "produce"]
