"""What a sender has still to send: what nobody has confirmed, and what it holds back."""

from __future__ import annotations

from collections import deque
from typing import Any

from .kernel.events import RESENT
from .port import Message, Outcome, Port

OUT_OF_ORDER = "out-of-order"
"""The fault by which a sender loses its own order: it holds a message back until it has sent the
next one of its group."""


class Postbag:
    """Sends messages to one queue, and again what did not arrive; a sender that dies loses it."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._unconfirmed: deque[tuple[float, Message]] = deque()
        self._held: dict[str, list[Message]] = {}

    async def send(self, port: Port[Any], message: Message) -> Outcome:
        """Send a message, and behind it what was held back of its group."""
        if port.strikes(OUT_OF_ORDER, message.id):
            self._held.setdefault(message.group, []).append(message)
            return Outcome.UNKNOWN
        outcome = await self._post(port, message)
        for late in self._held.pop(message.group, ()):
            await self._post(port, late)
        return outcome

    async def send_rest(self, port: Port[Any], until: float | None) -> None:
        """Send again what is due before ``until`` seconds; None: send all that is left."""
        if until is None:
            for group in list(self._held):
                for late in self._held.pop(group):
                    await self._post(port, late)
        waiting = self._unconfirmed
        while waiting and (until is None or waiting[0][0] < until):
            due, message = waiting.popleft()
            await port.clock.sleep_until(due)
            port.note(RESENT, message.id)
            await self._post(port, message)

    async def _post(self, port: Port[Any], message: Message) -> Outcome:
        outcome = await port.broker.send(self._queue, message)
        if port.settings.resend_after and outcome is not Outcome.ACCEPTED:
            self._unconfirmed.append((port.clock.after(port.settings.resend_after), message))
        return outcome


__all__ = ["OUT_OF_ORDER", "Postbag"]
