"""A requester's table of what it has asked for: durable, or gone with the process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from .kernel import events as kinds
from .kernel.events import Event
from .port import Port

CORRELATIONS: Final = "correlations"
"""The durable table; one for all requesters."""

OPEN: Final = "Open"
REPLIED: Final = "Replied"
TIMED_OUT: Final = "TimedOut"
CANCELLED: Final = "Cancelled"
"""The states of an entry; all but the first are its end."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a requester has to know of one request.

    Attributes:
        owner: The requester.
        asked: When it asked, in seconds.
        key: The idempotency key.
        ticket: The status resource it was told to look at; empty: it has not been told yet.
        attempt: How often it has sent the request.
        life: How often it has begun anew with it, from 1.
        work: Service time of the request, in seconds; None: whatever the worker takes.
        oddity: What is special about it: ``invalid``, ``fail`` or ``poison``; mostly empty.
        leaves: When its requester no longer wants it, in seconds; None: never.
        outcome: What came of it, in a word.
    """

    owner: str
    asked: float
    key: str = ""
    ticket: str = ""
    attempt: int = 1
    life: int = 1
    work: float | None = None
    oddity: str = ""
    leaves: float | None = None
    outcome: str = ""


class Correlations:
    """The entries of one requester.

    Every opening and every end is written to the durable table or, without one, noted, so that
    it can be seen either way; only what was written survives a crash.

    Attributes:
        ended: The end each request of this process's memory came to.
    """

    def __init__(self, port: Port[Any]) -> None:
        self._port = port
        self.ended: dict[str, str] = {}

    async def restore(self) -> Sequence[tuple[str, Entry]]:
        """Return what an earlier life left open, each entry marked as begun anew."""
        if not self._port.settings.durable:
            return ()
        found = []
        for row in await self._port.store.rows(CORRELATIONS):
            entry = row.fields(Entry)
            if entry.owner != self._port.name:
                continue
            if row.state == OPEN:
                found.append((row.key, replace(entry, life=entry.life + 1)))
            else:
                self.ended[row.key] = row.state
        for key, entry in found:
            await self.keep(key, entry)
        return found

    async def keep(self, request: str, entry: Entry) -> None:
        """Open an entry, or put away what has been learned about an open one."""
        await self._set(request, entry, OPEN)

    async def end(self, request: str, entry: Entry, state: str, outcome: str) -> None:
        """Bring an entry to its end: replied, timed out or cancelled."""
        self.ended[request] = state
        await self._set(request, replace(entry, outcome=outcome), state)

    async def _set(self, request: str, entry: Entry, state: str) -> None:
        port = self._port
        if port.settings.durable:
            await port.store.write(CORRELATIONS, request, entry, state=state)
        else:
            about = f" ({entry.outcome})" if entry.outcome else ""
            port.note(kinds.NOTED, request, f"{state}: remembers {request} as {state}{about}")

    def stray(self, request: str) -> str:
        """Return what an answer that nobody waits for is: late, duplicate or orphan."""
        state = self.ended.get(request)
        if state is None:
            return "orphan"
        return "duplicate" if state == REPLIED else "late"


def state_of(event: Event) -> str:
    """Return the state an event brings an entry to; empty: it is about no entry."""
    if event.kind == kinds.STATE:
        return event.group if event.queue == CORRELATIONS else ""
    code = event.text.partition(":")[0]
    return code if code in (OPEN, REPLIED, TIMED_OUT, CANCELLED) else ""
