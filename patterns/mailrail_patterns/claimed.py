"""Claim checks from hop to hop: each handler claims its input and stores its result anew.

The claim of a result is drawn once, and written down before the result is put: a row per
message says what it claims and what it was made from. So a handler that dies anywhere and is
given its input again stores the same result under the same claim. A row that is spent says that
all that follows from the message has been sent: whoever gets the message again only settles it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from .claims import ENVELOPE, Claim, Stored, claim_of, ticket
from .commands import CrashPoint
from .fetching import is_usable
from .handling import Ask, Hooks
from .kernel.events import NOTED
from .messages import Message, Outcome
from .port import Delivery, Port, Reader, Row
from .safeguards import HandlerSettings
from .sweeper import Finds, Free

CLAIMS = "claims"
"""The table of what each message claims."""

DRAWN, SENT, SPENT, WITHDRAWN = "Drawn", "Sent", "Spent", "Withdrawn"
"""What a claim can be: written down; on its ticket, where a sender says so; of no further use,
for what follows from its message has been sent; given up before its ticket was sent."""

ALREADY = "spent: all that follows was sent before; it only settles"

K3 = CrashPoint.K3


class ClaimRow(msgspec.Struct, frozen=True):
    """What is written down of a claim.

    Attributes:
        token: What it is claimed with.
        size: Bytes.
        digest: Hash of the payload.
        source: Id of the message whose handling made it; empty: a sender made it.
        owner: The sender, which goes on with it after a crash.
        kept: The sender's message, to be sent then, as JSON.
    """

    token: str
    size: int
    digest: str
    source: str = ""
    owner: str = ""
    kept: str = ""


class ClaimingSettings(HandlerSettings, Protocol):
    """The settings of handlers with claim checks, besides those of every handler."""

    @property
    def backoff(self) -> float:
        """Time a ticket stays away when the store does not answer, in seconds."""
        ...


C = TypeVar("C", bound=ClaimingSettings)


# --- senders ----------------------------------------------------------------------------------


async def check_in(port: Port[C], queue: str, message: Message) -> Outcome:
    """Store what a sender's message carries, its size, and send a ticket to it."""
    kept = msgspec.json.encode(message).decode()
    row = await _drawn(port, message.id, message.size, owner=port.name, kept=kept)
    return await _send_ticket(port, queue, message, row)


async def catch_up(port: Port[C], queue: str) -> None:
    """Go on with what a sender had written down and not sent yet when it died."""
    for row in await port.store.rows(CLAIMS):
        drawn = row.fields(ClaimRow)
        if row.state == DRAWN and drawn.owner == port.name:
            message = msgspec.json.decode(drawn.kept, type=Message)
            await _send_ticket(port, queue, message, row)


async def _send_ticket(port: Port[C], queue: str, message: Message, row: Row) -> Outcome:
    claim = _claim(row)
    entry = await port.payloads.put(claim)
    if entry is None:
        await _turn(port, row, WITHDRAWN)  # the caller hears of it; nothing is on the bus
        return Outcome.REJECTED
    await port.at(K3)
    outcome = await port.broker.send(queue, ticket(message, claim, entry.visible))
    if outcome is Outcome.REJECTED:
        await port.payloads.delete(claim, "withdrawn")
    await _turn(port, row, WITHDRAWN if outcome is Outcome.REJECTED else SENT)
    return outcome


# --- handlers ---------------------------------------------------------------------------------


async def claim_input(port: Port[C], delivery: Delivery) -> bool:
    """Read the payload of a message; False: it cannot be had, and the message is settled."""
    message = delivery.message
    claim = claim_of(message)
    if claim is None:
        return True
    if await _is_spent(port, delivery, claim):
        return False
    found = await port.payloads.get(claim)
    # What is not there any more may have been spent meanwhile, by a twin of the message.
    return await is_usable(port, delivery, claim, found, _is_spent)


async def _is_spent(port: Port[C], delivery: Delivery, claim: Claim) -> bool:
    """Say whether nothing is left to do on a message; if so, settle it."""
    row = await port.store.read(CLAIMS, delivery.message.id)
    if row.state != SPENT:
        return False
    port.begins(delivery, 0.0)
    port.note(NOTED, delivery.message.id, ALREADY)
    if await delivery.complete():
        await port.payloads.delete(claim, "settled")
    return True


def stores(result: Callable[[str], str]) -> Callable[[Port[C], Delivery], Awaitable[bool]]:
    """Return what a handler does once its work is done: it stores the result.

    Args:
        result: Makes the id of the result from that of the input.
    """

    async def store(port: Port[C], delivery: Delivery) -> bool:
        message = delivery.message
        size = size_of(message)
        if not size:
            return True
        row = await _drawn(port, result(message.id), size, source=message.id)
        if row.state == SPENT or await port.payloads.put(_claim(row)) is not None:
            return True
        await delivery.abandon(max(port.settings.retry_delay, port.settings.backoff))
        return False

    return store


def is_spent(result: Message, own: Reader) -> bool:
    """Say whether all that follows from a result was sent, so that it need not travel again.

    It was if an earlier delivery of the same input has been through here.
    """
    return own.row(CLAIMS, result.id).state == SPENT


def passed_on(result: Message, own: Reader) -> Message:
    """Return what travels for a result: a ticket, if it was stored."""
    row = own.row(CLAIMS, result.id)
    return ticket(result, _claim(row), 0.0) if row.version else result


async def spend(port: Port[C], delivery: Delivery) -> None:
    """Write down, before a message is settled, that all that follows from it has been sent."""
    row = await port.store.read(CLAIMS, delivery.message.id)
    if row.version and row.state != SPENT:
        await _turn(port, row, SPENT)


async def give_up(port: Port[C], delivery: Delivery) -> None:
    """Delete the payload of a message that was settled; what dies before, the sweeper finds."""
    claim = claim_of(delivery.message)
    if claim is not None:
        await port.payloads.delete(claim, "settled")


def hooks(claims: bool, failed: Ask[Any], result: Callable[[str], str] | None = None) -> Hooks[Any]:
    """Return what a handler does besides its work: it claims its input, and gives it up.

    Args:
        claims: Whether there are claims at all.
        failed: What it does about work that has failed.
        result: Makes the id of the result from that of the input; None: there is no result to
            be stored.
    """
    if not claims:
        return Hooks(failed=failed)
    made = stores(result) if result is not None else None
    return Hooks(begin=claim_input, failed=failed, made=made, done=spend, settled=give_up)


# --- cleaning up ------------------------------------------------------------------------------


def unclaimed(queues: Sequence[str]) -> Finds:
    """Return what finds payloads to which there is no ticket and none will be.

    A result whose ticket is not sent yet is safe as long as there is a ticket to its input, and
    what a sender has written down as long as it has not sent it. Tickets move while the sweeper
    looks: so it looks twice, and what goes on is seen behind or before.

    Args:
        queues: Where tickets are.
    """

    async def finds(port: Port[Any]) -> Free:
        rows = {row.fields(ClaimRow).token: row for row in await port.store.rows(CLAIMS)}
        seen: set[str] = set()
        for name in (*queues, *queues):
            seen |= {message.id for message in await port.broker.browse(name)}
        return lambda entry: _is_free(entry, rows, seen)

    return finds


def _is_free(entry: Stored, rows: dict[str, Row], seen: set[str]) -> bool:
    row = rows.get(entry.token)
    if row is None:
        return True
    source = row.fields(ClaimRow).source
    promised = source in seen if source else row.state == DRAWN
    return row.key not in seen and not promised


# --- what all of them need --------------------------------------------------------------------


def size_of(message: Message) -> int:
    """Return the bytes of a message's payload, wherever it is; 0: too few to matter."""
    claim = claim_of(message)
    return max(0, message.size - ENVELOPE) if claim is None else claim.size


async def _drawn(
    port: Port[C], message: str, size: int, *, source: str = "", owner: str = "", kept: str = ""
) -> Row:
    """Return the claim written down for a message; if there is none, draw one."""
    row = await port.store.read(CLAIMS, message)
    if not row.version:
        claim = port.payloads.claim(message, size)
        drawn = ClaimRow(claim.token, size, claim.digest, source, owner, kept)
        await port.store.write(CLAIMS, message, drawn, state=DRAWN, expected=0)
        row = await port.store.read(CLAIMS, message)
    return row


async def _turn(port: Port[C], row: Row, state: str) -> None:
    drawn = replace(row.fields(ClaimRow), kept="")
    await port.store.write(CLAIMS, row.key, drawn, state=state, expected=row.version)


def _claim(row: Row) -> Claim:
    drawn = row.fields(ClaimRow)
    return Claim(drawn.token, row.key, drawn.size, drawn.digest)
