"""The shared message handler: receive, effect, publish, acknowledge, with its crash points."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from .kernel.events import NOTED
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
    Source,
)
from .retries import give_back
from .safeguards import HandlerSettings

POISON_ONE = "poison-one"
"""The fault that makes one message poison for the handlers of one role."""

ROUND_TRIP = 0.1
"""Seconds until a message is tried again whose handler took no time to fail, and knows no delay.

With no time between attempts, and no limit to their number, an instant would never end. What
stands for it is what any client and broker need to give a message back and to ask for the next.
"""

NOTHING = Reaction(effect=False)
REJECTED = Outcome.REJECTED
K1, K2, K3, K4, K5, K6 = CrashPoint

H = TypeVar("H", bound=HandlerSettings)
Hook = Callable[[Port[H], Delivery], Awaitable[bool]]
Opens = Callable[[Port[H]], Source]
Refuse = Callable[[Port[Any], Message], str]
"""Says why a message is not to be handled at all; empty: it is."""

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
    queue: str | Opens[H],
    *,
    react: React | None = None,
    reacts: Callable[[H], bool] = always,
    publish_first: Callable[[H], bool] = never,
    outbox: Callable[[H], bool] = never,
    fenced: Callable[[H], bool] = never,
    begin: Hook[H] | None = None,
    made: Hook[H] | None = None,
    failed: Hook[H] | None = None,
    done: Callable[[Port[H], Delivery], Awaitable[None]] | None = None,
    settled: Callable[[Port[H], Delivery], Awaitable[None]] | None = None,
    glance: React | None = None,
    fails: Callable[[Port[H], Message], bool] | None = None,
    gives_up: React | None = None,
    pause: Callable[[H, int], float] = lambda settings, count: settings.retry_delay,
    tries: Callable[[H], int] = never,
    service: Callable[[H], Distribution] = lambda settings: settings.service,
    refuse: Refuse | None = None,
) -> None:
    """Handle one message after the other until asked to stop.

    Without a reaction a handler changes the world outside and that is all. A message that
    follows and is refused (a full queue) makes the handler give its own message back.

    Args:
        port: The actor's port.
        queue: Where to receive from; or what opens a receiver with something before it, such
            as a resequencer.
        react: What a message makes the handler change and send.
        reacts: Whether, as the settings stand, it is asked at all.
        publish_first: Whether, as the settings stand, what follows is sent before the change is
            committed: a crash between the two leaves a ghost message.
        outbox: Whether, as the settings stand, what follows is committed with the change and
            sent from there, whatever ``publish_first`` says: a crash between the two then
            leaves neither a zombie record nor a ghost message.
        fenced: Whether, as the settings stand, the change is refused once a later session has
            changed something for the same group.
        begin: Asked before the work on a message begins; False: there is nothing to do, and it
            has settled the message.
        made: Asked once the work is done and before anything is changed or sent, for what has
            to be durable by then; False: it cannot be, and it has settled the message.
        failed: Told that the work on a message has failed; True: it has settled the message,
            which is otherwise given back.
        done: Told of every message whose work was finished.
        settled: Told of every message that was settled for good, and nobody else got.
        glance: Asked before the work what can be said at once: to what was handled before, or
            is not to be done at all. A reaction that sends nothing means: get to work. It must
            write nothing; of what is in the inbox only the answer is given again.
        fails: Whether the work fails although the message is sound.
        gives_up: The reaction to work that has failed as often as ``tries`` says; without it a
            handler tries until the message is dead-lettered.
        pause: How long a message stays away whose work has failed so many times, in seconds.
        tries: How many deliveries a message gets before the handler gives up.
        service: The service time that goes with the role, where an actor has none of its own.
        refuse: Asked before any work is done; what it gives a reason for is dead-lettered.
    """
    receiver = _opened(port, queue) if isinstance(queue, str) else queue(port)
    while (delivery := await _take(port, receiver)) is not None:
        settings = port.settings
        if settings.idempotent and await port.applied(delivery):
            kept = port.outgoing(delivery)
            answers = kept
            if glance is not None and not kept:
                answers = port.preview(delivery, partial(glance, port)).sends
            if await _answer(port, delivery, answers) and settled is not None:
                await settled(port, delivery)
            continue
        if refuse is not None and (reason := refuse(port, delivery.message)):
            await delivery.reject(reason)
            continue
        if begin is not None and not await begin(port, delivery):
            continue
        if glance is not None and await _known(port, delivery, glance):
            continue
        began = port.clock.now
        worked = await _work(port, delivery, service)
        if worked and fails is not None and fails(port, delivery.message):
            worked = False
        settings = port.settings
        if not worked and (gives_up is None or delivery.count < tries(settings)):
            if failed is None or not await failed(port, delivery):
                delay = pause(settings, delivery.count)
                if not delay and port.clock.now == began:
                    delay = ROUND_TRIP
                await give_back(settings, delivery, delay)
            continue
        if made is not None and not await made(port, delivery):
            continue
        if react is None or not reacts(settings):
            await port.apply(delivery, once=settings.idempotent, fenced=fenced(settings))
            await port.at(K3)
        elif not await _change(
            port, delivery, react if worked or gives_up is None else gives_up,
            publish_first(settings), outbox(settings), fenced(settings),
        ):  # fmt: skip
            await delivery.abandon(port.settings.retry_delay)
            continue
        await port.at(K5)
        if done is not None:
            await done(port, delivery)
        counted = await delivery.complete()
        await port.at(K6)
        if counted and settled is not None:
            await settled(port, delivery)


def _opened(port: Port[H], queue: str) -> Source:
    return port.broker.receiver(queue, port.settings.prefetch)


async def next_of(
    port: Port[Any], asks: Callable[[], Awaitable[Delivery | None]]
) -> Delivery | None:
    """Ask for a message between two crash points: with nothing in hand, and with it untouched.

    Args:
        port: The actor's port.
        asks: Asks its receiver.
    """
    await port.at(K1)
    delivery = await asks()
    if delivery is not None:
        await port.at(K2)
    return delivery


async def _take(port: Port[H], receiver: Source) -> Delivery | None:
    """Receive the next message; with renewal, its lock is kept from here on."""
    while True:
        delivery = await next_of(port, receiver.next)
        if delivery is None:
            return None
        if not port.settings.renewal or await delivery.keep():
            return delivery


async def _change(
    port: Port[H], delivery: Delivery, react: React, first: bool, kept: bool, fenced: bool
) -> bool:
    """Commit what a message makes the handler change, and send what follows; False if refused."""
    decide = partial(react, port)
    first = first and not kept
    if first:
        if not await _send(port, port.preview(delivery, decide).sends):
            return False
        await port.at(K4)
    once = port.settings.idempotent
    before = port.outgoing(delivery)  # committed by an earlier delivery and never sent
    reaction = await port.transact(delivery, decide, once=once, outbox=kept, fenced=fenced)
    await port.at(K3)
    follows = port.outgoing(delivery) if reaction is None else reaction.sends
    follows = (*(each for each in before if each not in follows), *follows)
    passed_on = reaction is not None and not reaction.effect and not reaction.writes
    if not first and not await _send(port, follows, delivery if passed_on else None):
        return False
    if kept:
        port.dispatched(delivery)
    return True


async def _known(port: Port[Any], delivery: Delivery, glance: React) -> bool:
    """Answer a message that needs no work; False if it does."""
    known = port.preview(delivery, partial(glance, port))
    if not known.sends:
        return False
    port.begins(delivery, 0.0)
    if known.note:
        port.note(NOTED, delivery.message.id, known.note)
    await _answer(port, delivery, known.sends)
    return True


async def _answer(port: Port[Any], delivery: Delivery, messages: Sequence[Outgoing]) -> bool:
    """Send what follows from a message that needs no work, and settle it; True if that counted."""
    if await _send(port, messages):
        port.dispatched(delivery)
        return await delivery.complete()
    await delivery.abandon(port.settings.retry_delay)
    return False


async def _send(
    port: Port[Any], messages: Sequence[Outgoing], source: Delivery | None = None
) -> bool:
    """Send what follows; False if one of them is refused.

    Where something was changed, word of it has to follow, however late. What is nothing but
    passed on is not to outlive its ``source``: that has expired, and whoever cleans up after it
    takes what was made of it along.
    """
    for each in messages:
        if await port.broker.send(each.to, each.message, follows=source) is REJECTED:
            return False
    return True


async def _work(port: Port[H], delivery: Delivery, service: Callable[[H], Distribution]) -> bool:
    """Spend the service time, with a connection if the database is shared; False if it fails."""
    message, database = delivery.message, port.database
    poison = message.poison or port.strikes(POISON_ONE, message.id)
    connected = database.shared
    if connected:
        await database.connect(delivery)
    if message.work >= 0:
        seconds = message.work * port.pace
    else:
        drawn = port.options.service or service(port.settings)
        seconds = drawn.sample(port.chance) * port.pace
    port.begins(delivery, seconds)
    if seconds > 0:
        await port.clock.sleep(seconds)
    if connected:
        database.close()
    return not poison
