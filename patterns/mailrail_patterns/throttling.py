"""A throttle: so many messages of one order within a while, and whatever is more comes later.

Services wired in a loop set each other off as fast as they can work, and everybody else waits. A
throttle ends no loop; it makes room beside it, and gives somebody time to find the wire.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from .kernel.events import NOTED
from .port import Delivery, Port
from .quantities import format_duration, on_grid
from .steps import order_of

THROTTLED = "throttled"
"""How the note begins of a message that comes later."""

MANY = 256
"""Orders of which it is remembered when they were here, before those of long ago are forgotten."""


class ThrottleSettings(Protocol):
    """The settings a throttle obeys."""

    @property
    def throttle(self) -> int:
        """Messages of one order within the window; 0: any number."""
        ...

    @property
    def throttle_window(self) -> float:
        """The time over which it counts, in seconds."""
        ...


class Throttle:
    """What one instance of a service remembers of the orders it has had to do with.

    It is not durable: who has died and comes back is not throttled by what was before.
    """

    def __init__(self) -> None:
        self._turns: dict[str, deque[float]] = {}
        self._booked: set[str] = set()

    def wait(self, order: str, message: str, now: float, most: int, window: float) -> float:
        """Book a turn for a message and return how long it has to wait, in seconds; 0: not at all.

        Args:
            order: The order it is about.
            message: Its id; one that has waited for its turn does not wait again.
            now: The present instant, in seconds.
            most: Turns an order has within the window.
            window: The window, in seconds.
        """
        if message in self._booked:
            self._booked.discard(message)
            return 0.0
        turns = self._turns.setdefault(order, deque())
        while len(turns) > most:
            turns.popleft()
        free = on_grid(turns.popleft() + window) if len(turns) == most else now
        turns.append(max(now, free))
        if len(self._turns) > MANY:
            self._turns = {
                key: kept for key, kept in self._turns.items() if kept[-1] + window > now
            }
        if free <= now:
            return 0.0
        self._booked.add(message)
        return on_grid(free - now)


def throttled(throttle: Throttle) -> Any:
    """Return what is asked before a service begins to work: whether a message has its turn."""

    async def begin(port: Port[ThrottleSettings], delivery: Delivery) -> bool:
        most, message = port.settings.throttle, delivery.message
        if not most:
            return True
        window = port.settings.throttle_window
        seconds = throttle.wait(order_of(message), message.id, port.clock.now, most, window)
        if not seconds:
            return True
        what = f"{THROTTLED}: puts {message.id} off by {format_duration(seconds)}"
        port.note(NOTED, message.id, f"{what}: {order_of(message)} has had its {most} turns")
        await delivery.abandon(seconds)
        return False

    return begin
