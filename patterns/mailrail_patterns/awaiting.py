"""A requester that waits for a reply on a queue of its own, and not for ever."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from .correlations import CANCELLED, REPLIED, TIMED_OUT, Correlations, Entry
from .exchanges import BROKEN, IMPOSSIBLE
from .kernel import events as kinds
from .oddities import marks, oddity_of
from .port import Message, Outcome, Port
from .ticketing import leaving

REJECTED = Outcome.REJECTED


class Awaiting:
    """What a requester does with its requests, several at a time.

    A reply is taken once, while somebody waits for it. One that comes later, twice, or for
    nobody is counted and changes nothing.
    """

    def __init__(self, port: Port[Any], to: str, inbox: str) -> None:
        self._port = port
        self._to = to
        self._inbox = inbox
        self._table = Correlations(port)
        self._open: dict[str, Entry] = {}

    async def restore(self) -> None:
        """Go on waiting for what was put down; without a durable table there is nothing."""
        self._open.update(await self._table.restore())

    async def ask(self, message: Message) -> None:
        """Put the request down, then send it: a reply must find what it belongs to."""
        port, settings = self._port, self._port.settings
        entry = Entry(port.name, port.clock.now, leaves=leaving(port, message, 0.0))
        self._open[message.id] = entry
        await self._table.keep(message.id, entry)
        request = replace(
            message, conversation=message.id, reply_to=self._inbox,
            ttl=message.ttl or settings.ttl,
            headers=marks(message, oddity_of(port, message)),
        )  # fmt: skip
        if port.suffers("cut-off"):
            port.note(kinds.NOTED, message.id, f"cut-off: is cut off; {message.id} goes nowhere")
        elif await port.broker.send(self._to, request) is REJECTED:
            await self._end(message.id, REPLIED, "503")

    async def take(self, answer: Message) -> None:
        """Match a reply with its request by the correlation id; discard what matches nothing."""
        request = answer.correlation
        if self._port.suffers("cut-off"):
            self._port.note(kinds.NOTED, answer.id, f"cut-off: never hears {answer.id}")
        elif request in self._open:
            status = answer.header("status")
            failed = status in (f"{IMPOSSIBLE}", f"{BROKEN}")
            await self._end(request, REPLIED, "failed" if failed else status or "reply")
        else:
            what = self._table.stray(request)
            self._port.note(kinds.NOTED, answer.id, f"{what}: discards {answer.id}, {what}")

    async def _end(self, request: str, state: str, outcome: str) -> None:
        await self._table.end(request, self._open.pop(request), state, outcome)

    def due(self) -> float | None:
        """Return when the next request has waited long enough."""
        return min(map(self._until, self._open.values()), default=None)

    def _until(self, entry: Entry) -> float:
        until: float = entry.asked + self._port.settings.reply_timeout
        return until if entry.leaves is None else min(until, entry.leaves)

    async def act(self) -> None:
        """Stop waiting for the request that has waited longest."""
        request = min(self._open, key=lambda each: self._until(self._open[each]))
        gone = self._open[request].leaves == self._until(self._open[request])
        await self._end(request, CANCELLED if gone else TIMED_OUT, "gave up")


__all__ = ["Awaiting"]
