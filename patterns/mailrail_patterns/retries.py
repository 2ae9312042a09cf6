"""How a handler that has failed gives its message back: at once, later, or for good."""

from __future__ import annotations

import enum
from typing import Protocol

from .port import Delivery


class GivesBack(enum.Enum):
    """What a handler that has failed tells the broker; most brokers hear no difference.

    Nack: take it back. Reject: take it back, handling it has failed.
    """

    NACK = "nack"
    REJECT = "reject"


class RetrySettings(Protocol):
    """The settings that say how a message is tried again."""

    @property
    def retry_delay(self) -> float:
        """Time a message that is given back stays away, in seconds."""
        ...

    @property
    def gives_back(self) -> GivesBack:
        """What the broker is told."""
        ...

    @property
    def immediate_retries(self) -> int:
        """Retries at once, in each round."""
        ...

    @property
    def delayed_retries(self) -> int:
        """Rounds after the first."""
        ...

    @property
    def delay_step(self) -> float:
        """Wait before the second round, in seconds; each further one waits that much longer."""
        ...


EXHAUSTED = "RetriesExhausted"


async def give_back(settings: RetrySettings, delivery: Delivery, delay: float) -> None:
    """Give a message back whose handling has failed, for ``delay`` seconds.

    With retries set, the handler counts for itself: so many attempts in a row make a round,
    each round is followed by a longer wait, and after the last the message goes to the
    dead-letter queue. Five retries at once and three delayed ones make (5 + 1) x (3 + 1) = 24
    attempts, the default of NServiceBus.
    """
    failed = settings.gives_back is GivesBack.REJECT
    if not settings.immediate_retries and not settings.delayed_retries:
        await delivery.abandon(delay, failed=failed)
        return
    rounds, tried = divmod(delivery.count, settings.immediate_retries + 1)
    if tried:
        await delivery.abandon(failed=failed)
    elif rounds <= settings.delayed_retries:
        await delivery.abandon(settings.delay_step * rounds, failed=failed)
    else:
        await delivery.reject(EXHAUSTED)


def attempts(settings: RetrySettings) -> int:
    """Return how often a message is tried by a handler that counts for itself; 0: it does not."""
    if not settings.immediate_retries and not settings.delayed_retries:
        return 0
    return (settings.immediate_retries + 1) * (settings.delayed_retries + 1)
