"""The shared message handler: receive, effect, publish, acknowledge, with its crash points."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from .port import (
    CrashPoint,
    Delivery,
    Distribution,
    Message,
    Outcome,
    Outgoing,
    Port,
    Reaction,
    Reader,
)
from .retries import give_back
from .safeguards import HandlerSettings

RENEW_AT = 0.8
"""Share of its length after which a lock is renewed: late enough to be rare, early enough that
a renewal may take a fifth of the lock to arrive."""

REJECTED = Outcome.REJECTED
K1, K2, K3, K4, K5, K6 = CrashPoint

H = TypeVar("H", bound=HandlerSettings)
React = Callable[[Port[Any], Message, Reader], Reaction]
"""Decides on a message from the message, the settings and the handler's own rows."""


def never(settings: Any) -> bool:
    """Say no, whatever the settings."""
    return False


def always(settings: Any) -> bool:
    """Say yes, whatever the settings."""
    return True


async def handle_each(
    port: Port[H],
    queue: str,
    *,
    react: React | None = None,
    reacts: Callable[[H], bool] = always,
    publish_first: Callable[[H], bool] = never,
    outbox: Callable[[H], bool] = never,
    done: Callable[[Port[H], Delivery], Awaitable[None]] | None = None,
    service: Callable[[H], Distribution] = lambda settings: settings.service,
) -> None:
    """Handle one message after the other until asked to stop.

    Without a reaction a handler changes the world outside and that is all. A message that
    follows and is refused (a full queue) makes the handler give its own message back.

    Args:
        port: The actor's port.
        queue: Where to receive from.
        react: What a message makes the handler change and send.
        reacts: Whether, as the settings stand, it is asked at all.
        publish_first: Whether, as the settings stand, what follows is sent before the change is
            committed: a crash between the two leaves a ghost message.
        outbox: Whether, as the settings stand, what follows is committed with the change and
            sent from there: a crash between the two then leaves no zombie record.
        done: Told of every message whose work was finished.
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
            if await _send(port, port.outgoing(delivery)):
                port.dispatched(delivery)
                await delivery.complete()
            else:
                await delivery.abandon(port.settings.retry_delay)
            continue
        if not await _work(port, delivery, service):
            await give_back(port.settings, delivery)
            continue
        settings = port.settings
        if react is None or not reacts(settings):
            await port.apply(delivery, once=settings.idempotent)
            await port.at(K3)
        else:
            decide = partial(react, port)
            first = publish_first(settings)
            if first:
                if not await _send(port, port.preview(delivery, decide).sends):
                    await delivery.abandon(port.settings.retry_delay)
                    continue
                await port.at(K4)
            kept = outbox(settings)
            reaction = await port.transact(delivery, decide, once=settings.idempotent, outbox=kept)
            await port.at(K3)
            follows = port.outgoing(delivery) if reaction is None else reaction.sends
            if not first and not await _send(port, follows):
                await delivery.abandon(port.settings.retry_delay)
                continue
            if kept:
                port.dispatched(delivery)
        await port.at(K5)
        if done is not None:
            await done(port, delivery)
        await delivery.complete()
        await port.at(K6)


async def _send(port: Port[Any], messages: Sequence[Outgoing]) -> bool:
    """Send what follows; False if one of them is refused."""
    for each in messages:
        if await port.broker.send(each.to, each.message) is REJECTED:
            return False
    return True


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
