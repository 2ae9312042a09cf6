"""The shared message handler: receive, effect, publish, acknowledge, with its crash points."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .port import CrashPoint, Delivery, Distribution, Port
from .safeguards import HandlerSettings

RENEW_AT = 0.8
"""Share of its length after which a lock is renewed: late enough to be rare, early enough that
a renewal may take a fifth of the lock to arrive."""

K1, K2, K3, K4, K5, K6 = CrashPoint

H = TypeVar("H", bound=HandlerSettings)
Publish = Callable[[Port[Any], Delivery], Awaitable[bool]]


async def handle_each(
    port: Port[H],
    queue: str,
    *,
    publish: Publish | None = None,
    publishes: Callable[[H], bool] = lambda settings: True,
    publish_first: Callable[[H], bool] = lambda settings: False,
    done: Callable[[Port[H], Delivery], Awaitable[None]] | None = None,
    effect: bool = True,
    service: Callable[[H], Distribution] = lambda settings: settings.service,
) -> None:
    """Handle one message after the other until asked to stop.

    Args:
        port: The actor's port.
        queue: Where to receive from.
        publish: Sends what follows from a message and says whether it was taken; if it was
            not, the message is given back. None if nothing follows.
        publishes: Whether, as the settings stand, it is sent at all.
        publish_first: Whether, as the settings stand, it is sent before the effect.
        done: Told of every message whose work was finished.
        effect: Whether the handler changes the world outside; a filter that only passes
            messages on does not.
        service: The service time that goes with the role, where an actor has none of its own.
    """
    receiver = port.broker.receiver(queue, port.settings.prefetch)
    while True:
        await port.at(K1)
        delivery = await receiver.next()
        if delivery is None:
            return
        await port.at(K2)
        settings = port.settings
        if settings.idempotent and await port.applied(delivery):
            await delivery.complete()
            continue
        if not await _work(port, delivery, service):
            await delivery.abandon(port.settings.retry_delay)
            continue
        settings = port.settings
        sends = publish is not None and publishes(settings)
        first = sends and publish_first(settings)
        if publish is not None and first:
            if not await publish(port, delivery):
                await delivery.abandon(port.settings.retry_delay)
                continue
            await port.at(K4)
        if effect:
            await port.apply(delivery, once=settings.idempotent)
        await port.at(K3)
        after = publish is not None and sends and not first
        if publish is not None and after and not await publish(port, delivery):
            await delivery.abandon(port.settings.retry_delay)
            continue
        await port.at(K5)
        if done is not None:
            await done(port, delivery)
        await delivery.complete()
        await port.at(K6)


async def _work(port: Port[H], delivery: Delivery, service: Callable[[H], Distribution]) -> bool:
    """Spend the service time, renewing the lock if the settings say so; False if it fails."""
    message, settings = delivery.message, port.settings
    if message.work >= 0:
        seconds = message.work * port.pace
    else:
        drawn = port.options.service or service(settings)
        seconds = drawn.sample(port.chance) * port.pace
    port.begins(delivery, seconds)
    if settings.renewal:
        done_at = port.clock.now + seconds
        while done_at > (soon := delivery.until - port.settings.lock * (1 - RENEW_AT)):
            await port.clock.sleep_until(soon)
            if not await delivery.renew():
                break
        await port.clock.sleep_until(done_at)
    elif seconds > 0:
        await port.clock.sleep(seconds)
    return not message.poison
