"""A job with a status for all to see: begun, finished, failed, or found to be cancelled."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from .oddities import turns_out
from .port import Delivery, Message, Port, Reaction, Reader, Row, Write
from .tickets import (
    ACCEPTED,
    CANCELLED,
    CHARGED,
    CHARGES,
    FAILED,
    RELEASED,
    RESERVED,
    RESULTS,
    RUNNING,
    STATUS,
    SUCCEEDED,
    TERMINAL,
    Charge,
    Result,
    Ticket,
    job_name,
)


async def begin(port: Port[Any], delivery: Delivery) -> bool:
    """Say that the job runs and set the money aside; False if there is nothing to do any more.

    A job that has been delivered too often is not begun again: whoever had it last has died of
    it, and could not say so.
    """
    ticket, settings = delivery.message.group, port.settings
    if settings.persist_errors and 0 < settings.max_deliveries < delivery.count:
        return not await fail(port, delivery)
    while True:
        status = await port.store.read(STATUS, ticket)
        held = await port.store.read(CHARGES, job_name(ticket))
        if status.state in (CANCELLED, FAILED):
            await give_back(port, held)
            await delivery.complete()
            return False
        if status.state == SUCCEEDED:
            return True  # a receiver that does not look does it again
        now = replace(status.fields(Ticket), attempt=delivery.count)
        if await port.store.write(STATUS, ticket, now, state=RUNNING, expected=status.version):
            break
    charge = Charge(now.request, now.key)
    await port.store.write(CHARGES, job_name(ticket), charge, state=RESERVED, expected=0)
    return True


async def give_back(port: Port[Any], held: Row) -> None:
    """Compensate: what was set aside for a job that came to nothing is given back."""
    if held.state == RESERVED:
        charge = held.fields(Charge)
        await port.store.write(CHARGES, held.key, charge, state=RELEASED, expected=held.version)


def finish(port: Port[Any], job: Message, own: Reader) -> Reaction:
    """Decide at the end of the work: result, charge and status, all or nothing.

    Cancelled in the meantime: whoever wrote the status first has won, and the work is undone.
    """
    status, held = own.row(STATUS, job.group), own.row(CHARGES, job.id)
    charge = Charge(job.conversation, job.header("for"))
    undone = (Write(CHARGES, held.key, charge, RELEASED),) if held.state == RESERVED else ()
    if status.state in (CANCELLED, FAILED):
        return Reaction(undone, effect=False, note=f"compensated: finds {job.group} {status.state}")
    taken = Write(CHARGES, job.id, charge, CHARGED)
    if status.state in TERMINAL:
        return Reaction((taken,))
    ended = replace(status.fields(Ticket), ended=port.clock.now)
    if turns_out(port, job):
        ended = replace(ended, error="no such report")
        return Reaction((*undone, Write(STATUS, job.group, ended, FAILED)), effect=False)
    result = Write(RESULTS, job.group, Result(job.conversation))
    return Reaction((taken, result, Write(STATUS, job.group, ended, SUCCEEDED)))


async def fail(port: Port[Any], delivery: Delivery) -> bool:
    """Say so in the status once the handler has failed for the last time."""
    settings, ticket = port.settings, delivery.message.group
    if not settings.persist_errors or not 0 < settings.max_deliveries <= delivery.count:
        return False
    status = await port.store.read(STATUS, ticket)
    while status.version and status.state not in TERMINAL:
        ended = replace(status.fields(Ticket), ended=port.clock.now, error="handler failed")
        state = RUNNING if status.state == ACCEPTED else FAILED
        await port.store.write(STATUS, ticket, ended, state=state, expected=status.version)
        status = await port.store.read(STATUS, ticket)
    await give_back(port, await port.store.read(CHARGES, job_name(ticket)))
    await delivery.reject("HandlerFailed")
    return True


def done_at_once(ticket: str, call: Message, own: Reader) -> Reaction:
    """Decide on a call whose work has been done while its client held the line: no status."""
    if own.row(RESULTS, ticket).version:
        return Reaction(effect=False)
    charge = Charge(call.conversation, call.header("for"))
    result = Write(RESULTS, ticket, Result(call.conversation))
    return Reaction((Write(CHARGES, job_name(ticket), charge, CHARGED), result))


__all__ = ["begin", "done_at_once", "fail", "finish"]
