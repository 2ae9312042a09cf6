"""A remote service that works on several calls at once, and how it is called."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from . import orders
from .handler import next_of, settle
from .handling import demand
from .kernel.events import NOTED
from .port import CrashPoint, Delivery, Message, Port, Reaction, Reader, Receiver, Write


class Call(msgspec.Struct):
    """A call the service is working on.

    Attributes:
        delivery: The call.
        step: Time of one of its two steps, in seconds.
        due: When the present step is done, in seconds.
        left: Steps that are left after it.
    """

    delivery: Delivery
    step: float
    due: float
    left: int = 1


async def serve_calls(port: Port[Any], queue: str) -> None:
    """Serve calls, each in two steps of the same length: authorise, then capture.

    A service that was frozen goes on where it stood, so a hung call may come to its end long
    after everybody has given it up.
    """
    calls = port.broker.receiver(queue, port.settings.concurrency)
    under_way: list[Call] = []
    while under_way or not port.stopping:
        now = port.clock.now
        for call in [each for each in under_way if each.due <= now + orders.LATE]:
            if call.left:
                call.left, call.due = call.left - 1, port.clock.after(call.step)
            else:
                under_way.remove(call)
                await serve(port, call.delivery)
        now = port.clock.now
        due = min((each.due for each in under_way), default=None)
        if due is not None and due <= now + orders.LATE:
            continue
        if due is not None and (port.stopping or len(under_way) >= port.settings.concurrency):
            await port.clock.sleep_until(due)
            continue
        delivery = await next_of(port, partial(calls.next, None if due is None else due - now))
        if delivery is not None:
            seconds = demand(port, delivery.message) * port.pace
            port.begins(delivery, seconds)
            under_way.append(Call(delivery, seconds / 2, port.clock.after(seconds / 2)))


async def serve(port: Port[Any], call: Delivery) -> None:
    """Charge (or refund) in one transaction with the idempotency key, and answer."""
    port.goes_on(call)
    message, outcome = call.message, orders.DONE
    if message.poison and port.suffers("poison", message.header("order")):
        outcome = orders.DECLINED
    elif port.strikes("unavailable", message.header("order")):
        outcome = orders.UNAVAILABLE
    else:
        made = await port.transact(call, book, once=port.settings.idempotent)
        await port.at(CrashPoint.K3)
        if made is not None and made.note:
            outcome = orders.DECLINED
    answer = Message(
        f"{message.correlation}-answer", conversation=message.conversation, group=message.group,
        correlation=message.correlation, headers=((orders.OUTCOME, outcome),),
    )  # fmt: skip
    await port.broker.send(message.reply_to, answer)
    await settle(port, call)


def book(message: Message, own: Reader) -> Reaction:
    """Decide on a call; a refund leaves a mark by which a charge that comes later is refused."""
    order = message.header("order")
    row = own.row(orders.CHARGES, order)
    charge = row.fields(orders.Charge)
    if message.header("task") == orders.REFUND:
        return Reaction((Write(orders.CHARGES, order, charge, orders.REFUNDED),))
    if row.state == orders.REFUNDED:
        return Reaction(effect=False, note="refused: refuses a charge: the order was refunded")
    more = orders.Charge(charge.times + 1)
    return Reaction((Write(orders.CHARGES, order, more, orders.CHARGED),))


async def call_until(
    port: Port[Any], queue: str, answers: Receiver, task: Delivery, complete_by: float
) -> str:
    """Call, and call again, until there is an outcome or the claim is over: then return ''.

    Every call for an order carries the same id, in every attempt: the idempotency key. A call
    that the service has not begun by then is worth nothing to anybody and expires.

    Args:
        port: The caller's port.
        queue: Where the service takes its calls.
        answers: Where the caller takes the answers.
        task: What the call is for.
        complete_by: When the claim is over, in seconds.
    """
    message = task.message
    order, what = message.header("order"), message.header("task")
    while (left := complete_by - port.clock.now) > orders.LATE:
        call = Message(
            f"{order}-{what}", message.work, message.poison, message.conversation, message.id,
            ttl=left, reply_to=port.name, correlation=message.id,
            headers=(("order", order), ("task", what)),
        )  # fmt: skip
        await port.broker.send(queue, call)
        await port.at(CrashPoint.K4)
        patience = port.clock.after(port.settings.call_timeout or left)
        outcome = await answer_to(port, answers, message.id, min(patience, complete_by))
        if outcome == orders.UNAVAILABLE:
            await port.clock.sleep_until(
                min(port.clock.after(port.settings.call_pause), complete_by)
            )
        elif outcome or port.stopping:
            return outcome
        port.goes_on(task)
    return ""


async def answer_to(port: Port[Any], answers: Receiver, attempt: str, until: float) -> str:
    """Return what the service answers to an attempt; '' if it does not in time."""
    while (left := until - port.clock.now) > orders.LATE:
        answer = await answers.next(timeout=left)
        if answer is None:
            break
        found = answer.message
        if found.correlation != attempt:
            told = f"late-answer: drops an answer to {found.correlation}: its claim is over"
            port.note(NOTED, found.correlation, told)
        await answer.complete()
        if found.correlation == attempt:
            return found.header(orders.OUTCOME)
    return ""


__all__ = ["call_until", "serve_calls"]
