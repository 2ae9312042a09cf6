"""What becomes of a message by what the payload store says of what it claims."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from .claims import Answer, Claim, Fetched
from .port import Delivery, Port

CHANGED = "PayloadChanged"
"""Why a message is dead-lettered whose payload is not what it was when it was stored."""

Excuse = Callable[[Port[Any], Delivery, Claim], Awaitable[bool]]
"""Asked about a payload that is not there; True: that is no error, and it has settled the message.
"""


class FetchingSettings(Protocol):
    """The settings of whoever reads payloads."""

    @property
    def retry_delay(self) -> float:
        """Time a message that is given back stays away, in seconds."""
        ...

    @property
    def backoff(self) -> float:
        """The same at least where the store does not answer, in seconds."""
        ...


async def is_usable(
    port: Port[FetchingSettings],
    delivery: Delivery,
    claim: Claim,
    found: Fetched,
    excuse: Excuse,
    *,
    checks: bool = True,
) -> bool:
    """Say whether a payload was read as it was stored; if not, settle its message accordingly.

    Args:
        port: The actor's port.
        delivery: The message.
        claim: What it claims.
        found: What the store has said.
        excuse: Asked about a payload that is not there.
        checks: Whether the digest is looked at.
    """
    answer = found.answer
    if answer is Answer.FOUND:
        if found.digest == claim.digest or not checks:
            return True
        await delivery.reject(CHANGED)
    elif answer is Answer.UNAVAILABLE:
        await delivery.abandon(max(port.settings.retry_delay, port.settings.backoff))
    elif answer is Answer.FORBIDDEN or not await excuse(port, delivery, claim):
        await delivery.reject(answer.value)
    return False
