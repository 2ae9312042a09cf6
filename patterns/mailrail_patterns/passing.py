"""What a filter does with its result: it goes on, under a name that follows from its input's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from . import claimed
from .items import result_of
from .port import Message, Outgoing, Port, Reaction, Reader
from .resequencing import advance


def passes_on(stage: str, known: Sequence[str]) -> Callable[[Port[Any], Message, Reader], Reaction]:
    """Return what a filter does with its result: put it into the pipe that is joined to it.

    A pipe that was joined elsewhere meanwhile leads past what is done. Of an item that waits in
    the store a ticket to the result goes on, which was stored before.

    Args:
        stage: The filter.
        known: All filters there are, in the order in which their names stand in that of an item.
    """
    name_of = result_of(stage, known)

    def react(port: Port[Any], message: Message, own: Reader) -> Reaction:
        name = name_of(message.id)
        left = next(each for each in port.settings.line if each not in name.split("-"))
        result = replace(message, id=name, work=-1.0)
        if port.settings.claim_check:
            if claimed.is_spent(result, own):
                return Reaction(effect=False, note=claimed.ALREADY)
            result = claimed.passed_on(result, own)
        return Reaction(sends=(Outgoing(f"to-{left}", result),), effect=False)

    return react


def published(port: Port[Any], message: Message, own: Reader) -> Reaction:
    """Return what the last filter does: what it publishes it also counts, if it has a number.

    Also while nobody goes by the numbers: whoever does so later goes on from there.
    """
    return advance(port, message, own) if message.sequence else Reaction()
