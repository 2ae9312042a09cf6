"""The shared message handler: receive, effect, publish, acknowledge, with its crash points."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from .handling import EFFECT, SERVED, UNASKED, Change, H, Hooks, React, Work, demand
from .kernel.events import NOTED
from .port import CrashPoint, Delivery, Outcome, Outgoing, Port, Source
from .retries import give_back

POISON_ONE = "poison-one"
"""The fault that makes one message poison for the handlers of one role."""

ROUND_TRIP = 0.1
"""Seconds until a message is tried again whose handler took no time to fail, and knows no delay.

With no time between attempts, and no limit to their number, an instant would never end. What
stands for it is what any client and broker need to give a message back and to ask for the next.
"""

REJECTED = Outcome.REJECTED
K1, K2, K3, K4, K5, K6 = CrashPoint


async def handle_each(
    port: Port[H],
    source: str | Source,
    change: Change[H] = EFFECT,
    work: Work[H] = SERVED,
    hooks: Hooks[H] = UNASKED,
) -> None:
    """Handle one message after the other until asked to stop.

    A message that follows and is refused (a full queue) makes the handler give its own message
    back.

    Args:
        port: The actor's port.
        source: The queue to receive from; or a receiver on it, with something before it, such
            as a resequencer.
        change: What a message makes the handler change and send.
        work: The work on a message, and what becomes of one whose work fails.
        hooks: Who is asked or told on the way.
    """
    if isinstance(source, str):
        source = port.broker.receiver(source, port.settings.prefetch)
    # What is looked at for every message is read once.
    react, reacts, fenced, gives_up = change.react, change.reacts, change.fenced, work.gives_up
    refuse, begin, glance, made = hooks.refuse, hooks.begin, hooks.glance, hooks.made
    done, settled = hooks.done, hooks.settled
    while (delivery := await next_of(port, source.next)) is not None:
        if port.settings.renewal and not await delivery.keep():
            continue  # its lock had run out by then: it is somebody else's
        settings = port.settings
        if settings.idempotent and await port.applied(delivery):
            await _repeat(port, delivery, hooks)
            continue
        if refuse is not None and (reason := refuse(port, delivery.message)):
            await delivery.reject(reason)
            continue
        if begin is not None and not await begin(port, delivery):
            continue
        if glance is not None and await _known(port, delivery, glance):
            continue
        began = port.clock.now
        worked = await _work(port, delivery, work)
        settings = port.settings
        if not worked and (gives_up is None or delivery.count < work.tries(settings)):
            if hooks.failed is None or not await hooks.failed(port, delivery):
                delay = work.pause(settings, delivery.count)
                at_once = not delay and port.clock.now == began
                await give_back(settings, delivery, ROUND_TRIP if at_once else delay)
            continue
        if made is not None and not await made(port, delivery):
            continue
        if react is None or not reacts(settings):
            await port.apply(delivery, once=settings.idempotent, fenced=fenced(settings))
            await port.at(K3)
        elif not await _change(
            port, delivery, change, react if worked or gives_up is None else gives_up
        ):
            await delivery.abandon(port.settings.retry_delay)
            continue
        await port.at(K5)
        if done is not None:
            await done(port, delivery)
        counted = await delivery.complete()
        await port.at(K6)
        if counted and settled is not None:
            await settled(port, delivery)


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


async def settle(port: Port[Any], delivery: Delivery) -> bool:
    """Settle a message between two crash points: all is done and nobody told, and all told.

    Returns:
        Whether it counted.
    """
    await port.at(K5)
    counted = await delivery.complete()
    await port.at(K6)
    return counted


async def _change(port: Port[H], delivery: Delivery, change: Change[H], react: React) -> bool:
    """Commit what a message makes the handler change, and send what follows; False if refused."""
    decide, settings = partial(react, port), port.settings
    outbox, fenced = change.outbox(settings), change.fenced(settings)
    first = change.sends_first(settings)
    if first:
        if not await _send(port, port.preview(delivery, decide).sends):
            return False
        await port.at(K4)
    once = port.settings.idempotent
    before = port.outgoing(delivery)  # committed by an earlier delivery and never sent
    reaction = await port.transact(delivery, decide, once=once, outbox=outbox, fenced=fenced)
    await port.at(K3)
    follows = port.outgoing(delivery) if reaction is None else reaction.sends
    follows = (*(each for each in before if each not in follows), *follows)
    passed_on = reaction is not None and not reaction.effect and not reaction.writes
    if not first and not await _send(port, follows, delivery if passed_on else None):
        return False
    if outbox:
        port.dispatched(delivery)
    return True


async def _repeat(port: Port[H], delivery: Delivery, hooks: Hooks[H]) -> None:
    """Settle what was handled before: what it had to tell is told again, and nothing is done."""
    answers = port.outgoing(delivery)
    if hooks.glance is not None and not answers:
        answers = port.preview(delivery, partial(hooks.glance, port)).sends
    if await _answer(port, delivery, answers) and hooks.settled is not None:
        await hooks.settled(port, delivery)


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


async def _work(port: Port[H], delivery: Delivery, work: Work[H]) -> bool:
    """Spend the service time, with a connection if the database is shared; False if it fails."""
    message, database = delivery.message, port.database
    poison = message.poison or port.strikes(POISON_ONE, message.id)
    connected = database.shared
    if connected:
        await database.connect(delivery)
    seconds = demand(port, message, work.service) * port.pace
    port.begins(delivery, seconds)
    if seconds > 0:
        await port.clock.sleep(seconds)
    if connected:
        database.close()
    if poison:
        return False
    return work.fails is None or not work.fails(port, message)
