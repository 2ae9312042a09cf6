"""Messages that come too early: set aside, and fetched by their numbers when it is time.

A deferred message is nobody's and is delivered to nobody; only who knows its number gets it. So
the number is written down before the message is set aside: a consumer that dies in between has
noted one number too many, which does no harm. One that forgot the number would have lost the
message, although it is still in the queue.

Most brokers know no deferral. There a consumer gives the message back with a delay.
"""

from __future__ import annotations

from typing import Any, Final

from .port import Delivery, Mode, Port

EARLY: Final = "early"
"""The fault that makes a message come too early."""


class Aside:
    """A receiver that sets aside what comes too early and comes back to it.

    Each consumer keeps its own list, durably: a restarted one goes on with it. One that is asked
    to leave gives back what it has set aside, for others to receive.
    """

    def __init__(self, port: Port[Any], queue: str) -> None:
        self._port = port
        self._receiver = port.broker.receiver(queue, port.settings.prefetch)
        self._list = f"deferred/{port.name}"
        self._noted: dict[str, float] = {}
        self._known = False

    async def next(self) -> Delivery | None:
        """Wait for the next message, or for one set aside to be due; None on a stop request."""
        if not self._known:
            self._known = True
            self._noted = _read(await self._port.store.get(self._list))
        if not self._noted:
            return await self._receiver.next()
        clock = self._port.clock
        while self._noted:
            name, due = next(iter(self._noted.items()))
            if due <= clock.now:
                delivery = await self._fetch(name)
            else:
                delivery = await self._receiver.next(due - clock.now)
            if delivery is not None:
                return delivery
            if self._port.stopping:
                await self._give_back()
        return await self._receiver.next()

    async def begin(self, port: Port[Any], delivery: Delivery) -> bool:
        """Say whether the work on a message can begin; if not, it has been set aside."""
        settings = port.settings
        if settings.mode is not Mode.PEEK_LOCK or not port.strikes(EARLY, delivery.message.id):
            return True
        if not delivery.deferrable:  # the next best: it stays away, and comes to whoever is free
            await delivery.abandon(settings.defer_for)
            return False
        self._noted[delivery.name] = port.clock.after(settings.defer_for)
        await self._write_down()
        await delivery.defer()
        return False

    async def _fetch(self, name: str) -> Delivery | None:
        """Fetch a message by its number; None if it is not set aside any more."""
        delivery = await self._receiver.deferred(name)
        self._noted.pop(name, None)
        await self._write_down()
        return delivery

    async def _give_back(self) -> None:
        for name in list(self._noted):
            delivery = await self._fetch(name)
            if delivery is not None:
                await delivery.abandon()

    async def _write_down(self) -> None:
        text = " ".join(f"{name}={due!r}" for name, due in self._noted.items())
        await self._port.store.put(self._list, text)


def _read(text: str | None) -> dict[str, float]:
    """Read a list of numbers, each with when it is due, in seconds."""
    pairs = (word.rpartition("=") for word in (text or "").split())
    return {name: float(due) for name, _, due in pairs}
