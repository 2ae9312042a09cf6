"""The ledger before the lanes: batches of many groups, taken apart message by message.

What a source hands over is often a file or a batch, a ledger, with transactions of many groups in
it; no lane can be told from the batch as a whole. So it waits in a queue without lanes, and
whoever takes it sends each transaction on with its own group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from msgspec.structs import replace

from .kernel.events import Event
from .messages import Message
from .port import Distribution, Outgoing, Port, Reaction, Reader
from .queue_settings import Knob, QueueSettings, constant

Handler = Callable[[Event], None]

LEDGER = "ledger"
"""Name of the queue the batches wait in."""

_LAST = "last"


class LedgerQueue(QueueSettings, frozen=True, kw_only=True):
    """The settings of a pattern that can have a queue of batches before its own."""

    ledger: Annotated[
        bool,
        Knob("senders send batches of several orders, taken apart on the way to the lanes",
             instead="run --set ledger=on"),
    ] = False  # fmt: skip
    batch: Annotated[int, Knob("with ledger, transactions of a batch", "messages", 1, 1000)] = 4
    ledger_time: Annotated[Distribution, Knob("with ledger, time to take a batch apart", "s")] = (
        constant(2.0)
    )
    ledger_processors: Annotated[
        int,
        Knob("with ledger, who takes batches apart", "actors", 0, 1000, "spawn ledger-processor"),
    ] = 1


def bundled(batch: Message, transactions: Sequence[Message]) -> Message:
    """Return a batch that carries these transactions: of each its group and its number in it."""
    entries = (
        (str(place), f"{each.group} {each.sequence} {_LAST if each.last else ''}".rstrip())
        for place, each in enumerate(transactions, 1)
    )
    return replace(batch, group="", headers=tuple(entries))


def transactions_of(batch: Message) -> tuple[Message, ...]:
    """Return what a batch carries, in its order, by names that follow from that of the batch.

    The same batch, taken apart again, gives the same names: whoever has had one of them can
    tell.
    """
    found: list[Message] = []
    for place, entry in batch.headers:
        group, number, *rest = entry.split()
        found.append(
            replace(
                batch, id=f"{batch.id}-{place}", group=group, sequence=int(number),
                last=rest == [_LAST], headers=(), work=-1.0,
            )
        )  # fmt: skip
    return tuple(found)


def taken_apart(to: str) -> Callable[[Port[Any], Message, Reader], Reaction]:
    """Return what is done with a batch: all it carries is sent to the queue ``to``, in order."""

    def react(port: Port[Any], message: Message, own: Reader) -> Reaction:
        sends = tuple(Outgoing(to, each) for each in transactions_of(message))
        return Reaction(sends=sends, effect=False)

    return react


def apart_from_ledger(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return the handlers of a fold about lanes, told nothing of the queue before the lanes."""

    def of_lanes(handler: Handler) -> Handler:
        def handle(event: Event) -> None:
            if event.queue != LEDGER:
                handler(event)

        return handle

    return {name: of_lanes(handler) for name, handler in handlers.items()}
