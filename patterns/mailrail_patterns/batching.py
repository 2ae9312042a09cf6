"""A handler that takes several messages together: cheaper by the piece, all or nothing."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from .handling import demand
from .port import CrashPoint, Delivery, Port, Receiver
from .retries import give_back
from .safeguards import HandlerSettings


class BatchFailed(enum.Enum):
    """What becomes of a batch of which one message has failed.

    All back: every message of it is given back. Apart: each is tried by itself, and only what
    fails alone is given back. Halves: so is each half, and of a half that fails each half again:
    the larger the batch, the less of it is done twice.
    """

    ALL_BACK = "all-back"
    APART = "apart"
    HALVES = "halves"


class BatchSettings(HandlerSettings, Protocol):
    """The settings a handler of batches obeys."""

    @property
    def batch(self) -> int:
        """Messages taken together at most, 1 or more."""
        ...

    @property
    def batch_share(self) -> float:
        """Time that each further message of a batch takes, as a share of the first one's."""
        ...

    @property
    def batch_failed(self) -> BatchFailed:
        """What becomes of a batch of which one message has failed."""
        ...


B = TypeVar("B", bound=BatchSettings)
K1, K2, K3, _, K5, K6 = CrashPoint


def per_message(batch: int, share: float) -> float:
    """Return the time of one message in a full batch, as a share of what it takes alone."""
    return (1 + (batch - 1) * share) / batch


async def handle_batches(
    port: Port[B], queue: str, done: Callable[[Port[B], Delivery], Awaitable[None]]
) -> None:
    """Handle what is there, up to a batch at a time, until asked to stop.

    The changes of a batch are one transaction: if one message of it fails none is applied, and
    all are given back, or tried in smaller parts. Nobody waits for a batch to be full.

    Args:
        port: The actor's port.
        queue: Where to receive from.
        done: Told of every message whose work was finished.
    """
    receiver = port.broker.receiver(queue, port.settings.prefetch)
    while batch := await _collect(port, receiver):
        await port.at(K2)
        if not await _handled(port, batch, done):
            await _sort_out(port, batch, done)


async def _sort_out(
    port: Port[B], batch: list[Delivery], done: Callable[[Port[B], Delivery], Awaitable[None]]
) -> None:
    """Give back a batch that has failed, or what of it fails by itself."""
    settings = port.settings
    how = settings.batch_failed
    if how is BatchFailed.ALL_BACK or len(batch) == 1:
        for delivery in batch:
            await give_back(settings, delivery, settings.retry_delay)
        return
    size = 1 if how is BatchFailed.APART else (len(batch) + 1) // 2
    for start in range(0, len(batch), size):
        part = batch[start : start + size]
        if not await _handled(port, part, done):
            await _sort_out(port, part, done)


async def _handled(
    port: Port[B], batch: list[Delivery], done: Callable[[Port[B], Delivery], Awaitable[None]]
) -> bool:
    """Work on a batch, apply all of it and settle it; False, and nothing of that, if it fails."""
    if not await _work(port, batch):
        return False
    once = port.settings.idempotent
    for delivery in batch:
        await port.apply(delivery, once=once)
    await port.at(K3)
    await port.at(K5)
    for delivery in batch:
        await done(port, delivery)
    for delivery in batch:
        await delivery.complete()
    await port.at(K6)
    return True


async def _collect(port: Port[B], receiver: Receiver) -> list[Delivery]:
    """Wait for a message, then take what is there besides; nothing on a stop request."""
    await port.at(K1)
    found: list[Delivery] = []
    while len(found) < port.settings.batch:
        delivery = await receiver.next(0.0 if found else None)
        if delivery is None:
            break
        if port.settings.renewal and not await delivery.keep():
            continue
        if port.settings.idempotent and await port.applied(delivery):
            await delivery.complete()
            continue
        found.append(delivery)
    return found


async def _work(port: Port[B], batch: list[Delivery]) -> bool:
    """Spend the time the batch takes; False if one message of it fails."""
    settings, database = port.settings, port.database
    if database.shared:
        await database.connect(batch[0])
    seconds, share = 0.0, 1.0
    for delivery in batch:
        seconds += share * demand(port, delivery.message) * port.pace
        share = settings.batch_share
    for delivery in batch:
        port.begins(delivery, seconds)
    await port.clock.sleep(seconds)
    database.close()
    return not any(delivery.message.poison for delivery in batch)
