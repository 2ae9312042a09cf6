"""What a replier says to a request: a reply comes of it in every case, if somebody is there."""

from __future__ import annotations

from typing import Any

from . import oddities
from .exchanges import BROKEN, IMPOSSIBLE, MALFORMED, reply_to
from .port import Delivery, Message, Outgoing, Port, Reaction, Reader
from .responding import gets_lost


def refuse(port: Port[Any], request: Message, own: Reader) -> Reaction:
    """Answer what makes no sense before any work is done on it."""
    if not request.header(oddities.INVALID):
        return Reaction(effect=False)
    refusal = Outgoing(request.reply_to, reply_to(request, MALFORMED))
    return Reaction(effect=False, sends=(refusal,))


def reply(port: Port[Any], request: Message, own: Reader) -> Reaction:
    """Decide on a request: the reply carries its id as the correlation id."""
    failed = oddities.turns_out(port, request)
    answer = reply_to(request, IMPOSSIBLE if failed else 0)
    sends = () if gets_lost(port, answer) else (Outgoing(request.reply_to, answer),)
    return Reaction(sends=sends, effect=not failed)


async def fail(port: Port[Any], delivery: Delivery) -> bool:
    """Reply that it failed once the handler of a request has failed for the last time."""
    settings, request = port.settings, delivery.message
    if not settings.persist_errors or not 0 < settings.max_deliveries <= delivery.count:
        return False
    answer = reply_to(request, BROKEN)
    if not gets_lost(port, answer):
        await port.broker.send(request.reply_to, answer)
    await delivery.reject("HandlerFailed")
    return True
