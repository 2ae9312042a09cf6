"""The sweeper of a payload store: goes round, and empties what nobody will ask for any more.

Whoever stores a payload may die before it sends the ticket to it; whoever has claimed one, before
it deletes it. Both leave a payload that nothing points to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from .claims import Stored
from .kernel.events import NOTED
from .port import Port

Free = Callable[[Stored], bool]
"""Says of a payload whether nobody will ask for it."""

Finds = Callable[[Port[Any]], Awaitable[Free]]
"""Looks round, dead letters included, for they may be redriven."""

TINY = 1e-6
"""What a quotient of two times may be off, in rounds."""


class SweepingSettings(Protocol):
    """The settings a sweeper obeys."""

    @property
    def sweep_every(self) -> float:
        """Period of its rounds, in seconds."""
        ...

    @property
    def grace(self) -> float:
        """Age below which it leaves a payload alone, in seconds: its ticket may be to come."""
        ...


async def go_round(port: Port[SweepingSettings], finds: Finds) -> None:
    """Sweep at every multiple of the period, until asked to stop."""
    while not port.stopping:
        every = port.settings.sweep_every
        rounds = int(port.clock.now / every + TINY)  # 3.3 / 0.3 is a little less than 11
        await port.clock.sleep_until((rounds + 1) * every, routine=True)
        await sweep(port, finds)


async def sweep(port: Port[SweepingSettings], finds: Finds) -> None:
    """Delete what is old enough and what nobody will ask for."""
    stored = await port.payloads.stored()
    if stored is None:
        port.note(NOTED, "", "no-sweep: cannot reach the store; the next round will do")
        return
    oldest = port.clock.now - port.settings.grace
    is_free = await finds(port)
    found = 0
    for entry in stored:
        if entry.since <= oldest and is_free(entry):
            found += await port.payloads.delete(entry, "swept")
    port.note(NOTED, "", f"swept: goes round and empties {found} of {len(stored)}", found)


def unticketed(queues: Sequence[str]) -> Finds:
    """Return what finds payloads to which there is no ticket.

    Args:
        queues: The way a ticket goes, so that one that moves meanwhile is seen behind or before.
    """

    async def finds(port: Port[Any]) -> Free:
        tokens: set[str] = set()
        for queue in queues:
            tokens |= {message.header("claim") for message in await port.broker.browse(queue)}
        return lambda entry: entry.token not in tokens

    return finds
