"""The durable log of an orchestrator: a row for each saga, and the messages its rows call for.

A row is written by compare and set in the transaction that handles a message, and says what is
awaited before any of it is sent. So whoever reads the row after a crash knows what to send
again, under the same ids; and of a timeout and an answer the second finds the row changed.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec.structs import replace

from .port import Message, Outgoing, Port, Reaction, Row, Write
from .step_types import repeatable
from .worth import AMOUNT, WAY
from .wrong_clocks import rate_of

INBOX: Final = "to-orchestrator"
LOG: Final = "log"
TIMER: Final = "timer"
READ, PRICE = "read", "price"
"""Headers: a balance, and a price that is not the usual one, as the saga has read them."""
RUNNING, COMMITTED, COMPENSATING = "Running", "Committed", "Compensating"
COMPLETED, COMPENSATED = "Completed", "Compensated"
NEEDS_HUMAN, ABANDONED = "NeedsHuman", "Abandoned"
OPEN: Final = frozenset({RUNNING, COMMITTED, COMPENSATING})
"""States of a saga that has not ended."""


class Saga(msgspec.Struct, frozen=True):
    """One row of the log: where a saga stands. Each version of it is one entry.

    Attributes:
        entry: What this version says: ``done stock#1, intent credit#2``.
        steps: The steps of the definition it began with.
        begun: How many of them were begun.
        awaited: Commands not answered yet: ``credit``, ``undo-credit``, ``keep-credit``.
        done: Steps that were done, or may have been.
        undone: Steps that were made up for.
        asked: How often what is awaited was asked for again.
        due: When the orchestrator stops waiting, in seconds; 0: never.
        policy: The order of compensation, once it has begun: a word, or as it is written.
        conversation: The conversation its messages belong to.
        owner: Who wrote the row last, and goes on with it after a restart.
        read: The balance it has read and will write back, changed; nothing where it only adds.
        price: The price it has read, where that is not the usual one.
        amount: What its order is worth, in EUR, where that is not the usual.
        way: ``careful`` or ``quick``, where the value of an order decides which.
    """

    entry: str = ""
    steps: tuple[str, ...] = ()
    begun: int = 0
    awaited: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    asked: int = 0
    due: float = 0.0
    policy: str = ""
    conversation: str = ""
    owner: str = ""
    read: int | msgspec.UnsetType = msgspec.UNSET
    price: int | msgspec.UnsetType = msgspec.UNSET
    amount: int | msgspec.UnsetType = msgspec.UNSET
    way: str | msgspec.UnsetType = msgspec.UNSET


async def resume(port: Port[Any]) -> None:
    """Send again, after a restart, what is unanswered in the sagas this process had begun.

    What may be tried only once is not: it was sent with its intent, or nobody knows.
    """
    if not port.settings.durable_log:
        return
    for row in await port.store.rows(LOG):
        saga = row.fields(Saga)
        if row.state in OPEN and saga.owner == port.name:
            for name in repeatable(port.settings, saga.steps, saga.awaited):
                again = command(port, row, saga, name)
                await port.broker.send(again.to, again.message)


def discard(note: str) -> Reaction:
    """Change nothing, and tell."""
    return Reaction(effect=False, note=note)


def learn(saga: Saga, message: Message) -> Saga:
    """Return a saga that knows what an answer told of a balance or a price."""
    read, price = message.header(READ), message.header(PRICE)
    saga = replace(saga, read=int(read)) if read else saga
    return replace(saga, price=int(price)) if price else saga


def record(
    port: Port[Any], row: Row, state: str, saga: Saga, fact: str,
    send: tuple[str, ...] = (), delay: float = 0.0,
) -> Reaction:  # fmt: skip
    """Commit a result and the next intents; what is sent, and a timer for it, follow.

    Args:
        port: The orchestrator's port.
        row: The row as it was read.
        state: Where the saga is now.
        saga: Its row, with what is awaited.
        fact: What has become known: ``done stock#1``.
        send: Commands to be sent now.
        delay: How much later they are to arrive, in seconds.
    """
    timeout = port.settings.timeout / rate_of(port)
    due = saga.due if saga.awaited else 0.0
    if send and timeout:
        due = port.clock.after(delay + timeout)
    entry = ", ".join((fact, *(f"intent {label(saga, name)}" for name in send)))
    saga = replace(saga, entry=entry, due=due, owner=port.name)
    sends = [command(port, row, saga, name, delay) for name in send]
    if send and timeout:
        sends.append(timer(row, saga, delay + timeout))
    writes = (Write(LOG, row.key, saga, state, row.version),)
    return Reaction(writes, tuple(sends), effect=False)


def look_up(port: Port[Any], row: Row, saga: Saga, step: str) -> Reaction:
    """Begin a saga by reading a balance; when it acts on that, others may have changed it."""
    read = (f"read-{step}",)
    return record(port, row, RUNNING, replace(saga, awaited=read), "start", read)


def call_human(port: Port[Any], row: Row, saga: Saga, fact: str) -> Reaction:
    """Stop, and call somebody."""
    stopped = record(port, row, NEEDS_HUMAN, replace(saga, awaited=()), fact)
    return replace(stopped, note=f"needs-human: cannot go on with saga {row.key}: {fact}")


def command(
    port: Port[Any], row: Row, saga: Saga, name: str, delay: float = 0.0
) -> Outgoing:  # fmt: skip
    """Return a command; its id follows from saga and step, so asking again is no second one."""
    verb, _, step = name.rpartition("-")
    key = row.key
    if port.suffers("delay-command", f"{key}-{name}"):
        delay = port.settings.detour
    known = ((READ, saga.read), (PRICE, saga.price), (AMOUNT, saga.amount), (WAY, saga.way))
    message = Message(
        f"{key}-{name}", group=key, subject=verb or "do", reply_to=INBOX, correlation=key,
        conversation=saga.conversation, delay=delay, work=0.0 if verb == "keep" else -1.0,
        headers=(
            ("entry", str(row.version + 1)),
            *((word, str(value)) for word, value in known if value is not msgspec.UNSET),
        ),
    )  # fmt: skip
    return Outgoing(f"to-{step}", message)


def timer(row: Row, saga: Saga, delay: float) -> Outgoing:
    """Return a timeout: a message to oneself that cannot be revoked, only be found stale."""
    message = Message(
        f"{row.key}-timer-{row.version + 1}", group=row.key, subject=TIMER, delay=delay,
        correlation=row.key, conversation=saga.conversation, headers=(("due", _written(saga)),),
    )  # fmt: skip
    return Outgoing(INBOX, message)


def is_stale(message: Message, saga: Saga) -> bool:
    """Return whether a timer is for something that is not awaited any more."""
    return message.header("due") != _written(saga)


def taken_apart(command: str) -> tuple[str, str]:
    """Return saga and step of a command to do a step, from the id of any copy of it."""
    key, _, step = command.partition("~")[0].rpartition("-")
    return key, step


def label(saga: Saga, name: str) -> str:
    """Return a command as the log has it: ``credit#2``, ``undo credit#2``."""
    verb, _, step = name.rpartition("-")
    return f"{verb} {step}#{saga.steps.index(step) + 1}".strip()


def _written(saga: Saga) -> str:
    return f"{saga.due:.6f}"
