"""What a supervisor does: look for claims that have run out, count them, and decide on a remedy.

It calls nobody and knows nothing of the work: whether an agent died, hung or was slow, all that
it sees is a row past its complete-by.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from . import orders
from .paging import raise_alerts
from .port import CrashPoint, Message, Port, Row
from .wrong_clocks import time_of

K3 = CrashPoint.K3


async def scan(port: Port[Any], wake_queue: str, pager: str) -> None:
    """Give back what has expired; give up, and page a person, what has expired too often.

    Rows are written first, wake-ups and alerts sent afterwards: if the supervisor dies between
    the two, a scheduler finds the row all the same, and the next scan makes up for the alert.

    Args:
        port: The supervisor's port.
        wake_queue: Where to tell the schedulers; they would find the rows without it.
        pager: Where alerts go.
    """
    rows, now = await port.store.rows(orders.TABLE), time_of(port)
    expired = [row.key for row in rows if is_expired(row, now)]
    await port.store.write(orders.SCANS, port.name, orders.Scan(len(rows), len(expired)))
    await port.clock.sleep(0.0)  # a query and an update are two round trips: others come between
    wake_ups = [await count_failure(port, key) for key in expired]
    if wake_ups:
        await port.at(K3)
    for wake_up in wake_ups:
        if wake_up is not None:
            await port.broker.send(wake_queue, wake_up)
    compensate = port.settings.remedy is orders.Remedy.COMPENSATE
    await raise_alerts(port, pager, refunds=wake_queue if compensate else "")


def is_expired(row: Row, now: float) -> bool:
    """Say whether a claim is over: timed out, failed, lost, it is all the same."""
    end = row.fields(orders.Order).complete_by
    return row.state == orders.PROCESSING and end < now - orders.LATE


async def count_failure(port: Port[Any], key: str) -> Message | None:
    """Add one to the failures of a row and decide on the remedy; return the wake-up, if any.

    ``failures = failures + 1`` is atomic, so no count gets lost. That does not make it right: two
    supervisors that saw the same expired row count it twice.
    """
    while True:
        row = await port.store.read(orders.TABLE, key)
        port.goes_on(row)
        if row.state in {orders.PROCESSED, orders.ERROR}:
            return None
        settings, order = port.settings, row.fields(orders.Order)
        failures = order.failures + 1
        given_up = failures >= settings.max_failures or settings.remedy is orders.Remedy.OPERATOR
        wait = settings.long_wait if settings.remedy is orders.Remedy.WAIT else settings.retry_after
        back = replace(
            order, locked_by="", complete_by=orders.NO_TIME, failures=failures,
            due=orders.NO_TIME if given_up else time_of(port) + wait,
        )  # fmt: skip
        state = orders.ERROR if given_up else orders.PENDING
        if await port.store.write(orders.TABLE, key, back, state=state, expected=row.version):
            name = f"{key}-retry-{failures}"
            return None if given_up else Message(name, conversation=order.order, delay=wait)


__all__ = ["scan"]
