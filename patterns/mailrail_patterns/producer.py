"""The shared producer: arrivals in phases, each message stamped with a stable id."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from .kernel.events import NOTED
from .port import CrashPoint, Distribution, Message, Outcome, Phase, Port, Stream
from .quantities import on_grid

AGAIN: Final = "again: sends {} again: it does not know whether that was ever accepted"
"""Noted by a producer that comes back and finds a message it has no confirmation of."""


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
Send = Callable[[Port[Any], Message], Awaitable[Outcome]]
Meanwhile = Callable[[Port[Any], float | None], Awaitable[None]]


class Arrivals:
    """When the next message is due, through all the phases of a producer.

    The plan counts from the producer's first life: what was due while it was down is missed,
    not made up for. Constant spacing is counted from the start of its phase, not added up, so
    that the hundredth arrival of ``12/s`` is where it should be to the microsecond.
    """

    def __init__(
        self,
        port: Port[Any],
        phases: Sequence[Phase],
        start: float,
        usual: Callable[[Any], Distribution] = lambda settings: settings.every,
    ) -> None:
        """Plan ``phases`` from ``start`` seconds; with none, as is ``usual`` by the settings."""
        self._port = port
        self._usual = usual
        self._phases = list(phases)
        self._over = False
        self._began = max(port.born, start)
        self._enter(self._began)
        self._skip_to(port.clock.now)

    def _enter(self, start: float) -> None:
        self._base = self._next = start
        self._index = 0
        self._every = self._spacing()

    def _spacing(self) -> Distribution:
        if self._phases:
            return self._phases[0].every
        return self._usual(self._port.settings)

    def _skip_to(self, now: float) -> None:
        while self._phases and 0 < self._phases[0].lasts <= now - self._began:
            if not self._next_phase():
                return
        if self._next < now:
            if self._every.shape == "constant" and self._every.low:
                self._index = math.ceil((now - self._base) / self._every.low - 1e-9)
                self._next = self._base + self._index * self._every.low
            else:
                self._next = now

    def _next_phase(self) -> bool:
        self._began += self._phases.pop(0).lasts
        if self._phases:
            self._enter(self._began)
            return True
        self._over = True
        return False

    def next(self) -> float | None:
        """Return when the next message is due, in seconds; None when there will be none."""
        while not self._over:
            phase = self._phases[0] if self._phases else None
            if phase is None or not phase.lasts or self._next < self._began + phase.lasts - 5e-7:
                return self._next
            self._next_phase()
        return None

    def taken(self) -> None:
        """Note that the due message was sent."""
        phases = self._phases
        every = phases[0].every if phases else self._usual(self._port.settings)
        if every is not self._every and every != self._every:
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
    stamped: Callable[[Port[A], Message], Message] | None = None,
    send: Send | None = None,
    confirmed: bool = False,
) -> None:
    """Send messages at the producer's own rate until its count is reached or it is stopped.

    Args:
        port: The actor's port.
        queue: Where to send.
        told: Called with every message and what became of it.
        meanwhile: Does what else is due before an instant, or, with None, all that is left.
        stamped: Adds to each message what the sender has to say of it.
        send: Sends a message, where more is to be done than to put it on the queue.
        confirmed: Whether each message is written down until it is confirmed: a producer that
            dies before it knows sends it again in its next life, under the same id. The points
            at which it can be caught are K3, written down and not sent, and K4, sent and not
            known to be.
    """

    async def pass_on(message: Message) -> None:
        if confirmed:
            port.unconfirmed = message
            await port.at(CrashPoint.K3)
        outcome = await (send(port, message) if send else port.broker.send(queue, message))
        if confirmed:
            await port.at(CrashPoint.K4)
            port.unconfirmed = None
        if told is not None:
            await told(port, message, outcome)

    arrivals = Arrivals(port, port.options.arrivals, port.options.start)
    own = port.options.count
    if port.unconfirmed is not None:
        port.note(NOTED, port.unconfirmed.id, AGAIN.format(port.unconfirmed.id))
        await pass_on(port.unconfirmed)
    while not port.stopping:
        limit = port.settings.count if own is None else own
        if limit and port.stamped >= limit:
            break
        due = arrivals.next()
        if due is None:
            break
        if meanwhile is not None:
            await meanwhile(port, due)
        await port.clock.sleep_until(due)
        message = port.stamp()
        if stamped is not None:
            message = stamped(port, message)
        await pass_on(message)
        arrivals.taken()
    if meanwhile is not None:
        await meanwhile(port, None)


async def produce_streams(
    port: Port[Any],
    streams: Sequence[Stream],
    send: Callable[[Port[Any], Message, str], Awaitable[object]],
    usual: Mapping[str, Callable[[Any], Distribution]],
) -> None:
    """Send several kinds of message as one producer, in the order in which they are due.

    The plan is laid down when the producer starts: in a tie an arrival comes before what has
    been begun since, and two arrivals come in the order of ``streams``. After a restart the
    plan goes on; how many of each kind were sent before is not remembered, only when.

    Args:
        port: The actor's port.
        streams: The kinds.
        send: Sends one message of the kind whose tag it is given.
        usual: For each tag the setting that says how much time lies between two messages of a
            stream that has no arrivals of its own.
    """
    plans = [Arrivals(port, s.arrivals, s.start, usual[s.tag]) for s in streams]
    sent = [0] * len(streams)

    def goes_on(index: int) -> bool:
        own = streams[index].count
        limit = port.settings.count if own is None else own
        return not limit or sent[index] < limit

    while not port.stopping:
        # On the grid: what falls on one instant comes in order, however its sums were rounded.
        due = [
            (on_grid(time), index)
            for index, plan in enumerate(plans)
            if goes_on(index) and (time := plan.next()) is not None
        ]
        if not due:
            return
        time, index = min(due)
        await port.clock.sleep_until(time, planned=True)
        await send(port, port.stamp(), streams[index].tag)
        plans[index].taken()
        sent[index] += 1


__all__ = ["Arrivals", "produce", "produce_streams"]
