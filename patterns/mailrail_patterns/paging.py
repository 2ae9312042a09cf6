"""What was given up: alerts, compensation, and the person who mends it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from . import orders
from .handler import next_of, settle
from .orders import Order, attempt_id
from .port import CrashPoint, Message, Outcome, Port


async def raise_alerts(port: Port[Any], pager: str, *, refunds: str = "") -> None:
    """Raise an alert for every row in Error that has none; ask for its compensation as well.

    The pager knows an alert by its id and takes it once, so one that may have got lost can be
    raised again.

    Args:
        port: The actor's port.
        pager: Where alerts go.
        refunds: Where to tell that a refund has been submitted; empty: none is wanted.
    """
    raised = {row.key for row in await port.store.rows(orders.ALERTS)}
    given_up = [row for row in await port.store.rows(orders.TABLE) if row.state == orders.ERROR]
    for row in given_up:
        order = row.fields(Order)
        alert = f"{attempt_id(row.key, order.attempt)}-alert"
        if alert in raised:
            continue
        port.goes_on(row)
        if refunds and order.task == orders.CHARGE:
            key, refund = f"{row.key}-refund", Order(order.order, orders.REFUND)
            await port.store.write(orders.TABLE, key, refund, state=orders.PENDING, expected=0)
            await port.broker.send(refunds, Message(key, conversation=order.order))
        told = Message(alert, conversation=order.order, correlation=row.key)
        accepted = await port.broker.send(pager, told) is Outcome.ACCEPTED
        await port.at(CrashPoint.K4)
        if accepted:
            await port.store.write(orders.ALERTS, alert, state="raised")


async def mend_orders(port: Port[Any], pager: str, wake_ups: str) -> None:
    """Mend what was given up, by hand, and let it be tried again; what was declined stays so.

    Args:
        port: The actor's port.
        pager: Where alerts come from.
        wake_ups: Where to tell the schedulers.
    """
    alerts = port.broker.receiver(pager)
    while (alert := await next_of(port, alerts.next)) is not None:
        own, usual = port.options.service, port.settings.operator_time
        seconds = own.sample(port.chance) if own else usual
        port.begins(alert, seconds)
        await port.clock.sleep(seconds)
        key = alert.message.correlation
        row = await port.store.read(orders.TABLE, key)
        order = row.fields(Order)
        if row.state == orders.ERROR and order.failures:
            mended = replace(order, failures=0, due=port.clock.now)
            await port.store.write(
                orders.TABLE, key, mended, state=orders.PENDING, expected=row.version
            )
            await port.at(CrashPoint.K3)
            name = f"{attempt_id(key, order.attempt)}-mended"
            await port.broker.send(wake_ups, Message(name, conversation=order.order))
        await settle(port, alert)


__all__ = ["mend_orders", "raise_alerts"]
