"""Leader election by a lease: one durable row that says who leads, and until when."""

from __future__ import annotations

from typing import Any

from .orders import LATE, LEASES, Lease
from .port import Port


async def holds_lease(port: Port[Any], name: str, now: float, length: float) -> bool:
    """Say whether this actor leads: renew its lease, or take one that has run out.

    Args:
        port: The actor's port.
        name: The row.
        now: What the actor takes for the present instant, in seconds.
        length: How long the lease is to last from now, in seconds.
    """
    row = await port.store.read(LEASES, name)
    port.goes_on(row)
    lease = row.fields(Lease)
    if lease.holder not in {"", port.name} and lease.until > now - LATE:
        return False
    return await port.store.write(
        LEASES, name, Lease(port.name, now + length), expected=row.version
    )


__all__ = ["holds_lease"]
