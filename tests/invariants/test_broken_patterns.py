"""Break a pattern on purpose, one way at a time: the guarantee that is for it has to notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.by_hand import broken, ran

from mailrail_patterns import (
    compensations,
    decisions,
    ledgers,
    orders,
    scheduler_agent_supervisor,
    supervision,
)
from mailrail_patterns.broker.entry import Entry
from mailrail_patterns.broker.outside import Outside
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.ledger_rows import Shelf
from mailrail_patterns.log import Saga
from mailrail_patterns.port import Message, Port, Reaction, Reader, Row

Patch = pytest.MonkeyPatch
SAGA = "saga/point-of-no-return"
PLAIN_ROWS = "scheduler-agent-supervisor"
ROWS = "scheduler-agent-supervisor/nobody-tells-the-supervisor"


def turning_back(patch: Patch) -> None:
    """Undo what was done once the pivot has committed."""
    forward = decisions.forward

    def back(port: Port[Any], row: Row, saga: Saga, fact: str) -> Reaction:
        past = saga.steps[port.settings.pivot - 1] in saga.done
        return (decisions.backward if past else forward)(port, row, saga, fact)

    patch.setattr(decisions, "forward", back)


def first_done_first_undone(patch: Patch) -> None:
    """Undo the steps in the order in which they were done."""

    def earliest(policy: str, left: Sequence[str], awaited: Sequence[str]) -> tuple[str, ...]:
        return tuple(step for step in left if step not in awaited)[-1:]

    patch.setattr(compensations, "next_undone", earliest)


def forgetting_the_key(patch: Patch) -> None:
    """Begin a saga whether there is one for that key or not."""
    decide = decisions.decide

    class Blind:
        """Sees rows without their state."""

        def __init__(self, own: Reader) -> None:
            self._own = own

        def row(self, table: str, key: str) -> Row:
            return replace(self._own.row(table, key), state="")

    def again(known: set[str], port: Port[Any], message: Message, own: Reader) -> Reaction:
        seen: Any = own if message.correlation else Blind(own)
        return decide(known, port, message, seen)

    patch.setattr(decisions, "decide", again)


def multiplying(patch: Patch) -> None:
    """Find one item more on the shelf each time it is looked at."""
    shelf = ledgers.Ledger._shelf

    def one_more(ledger: Any, own: Reader, settings: Any) -> tuple[int, Shelf]:
        version, found = shelf(ledger, own, settings)
        return version, replace(found, free=found.free + 1)

    patch.setattr(ledgers.Ledger, "_shelf", one_more)


def reopening(patch: Patch) -> None:
    """Give back what is Processed."""

    async def reopen(port: Port[Any], key: str) -> None:
        row = await port.store.read(orders.TABLE, key)
        order = row.fields(orders.Order)
        await port.store.write(orders.TABLE, key, order, state=orders.PENDING)

    patch.setattr(supervision, "is_expired", lambda row, now: row.state == orders.PROCESSED)
    patch.setattr(supervision, "count_failure", reopen)


def never_giving_up(patch: Patch) -> None:
    """Give a row back however often it has failed."""

    async def count(port: Port[Any], key: str) -> None:
        row = await port.store.read(orders.TABLE, key)
        order = row.fields(orders.Order)
        order = replace(order, locked_by="", complete_by=0.0, failures=order.failures + 1)
        await port.store.write(orders.TABLE, key, order, state=orders.PENDING)

    patch.setattr(supervision, "count_failure", count)


def looking_away(patch: Patch) -> None:
    """See nothing that has expired."""
    patch.setattr(supervision, "is_expired", lambda row, now: False)


def speaking_up(patch: Patch) -> None:
    """Tell the agent of a later end than the claim has."""
    hand_over = scheduler_agent_supervisor.hand_over

    async def generous(port: Port[Any], key: str, order: orders.Order) -> None:
        await hand_over(port, key, replace(order, complete_by=order.complete_by + 60.0))

    patch.setattr(scheduler_agent_supervisor, "hand_over", generous)


def boundless(patch: Patch) -> None:
    """Find that there is always room."""
    patch.setattr(Queue, "is_full_for", lambda queue, message: False)


def serving_twice(patch: Patch) -> None:
    """Complete each message a second time."""
    complete = Queue.complete

    def twice(queue: Any, entry: Entry, actor: str, cause: int) -> int:
        n = complete(queue, entry, actor, cause)
        queue._journal.emit(kind.COMPLETED, actor, queue.spec.name, entry.name, 1, n, entry.token)
        return n

    patch.setattr(Queue, "complete", twice)


def failing(patch: Patch) -> None:
    """Fail with an exception where an effect is applied."""

    def mark(*_: object) -> bool:
        raise ValueError("no such row")

    patch.setattr(Outside, "mark", mark)


SEEDED: dict[str, tuple[Callable[[Patch], None], str, float, tuple[str, ...]]] = {
    "no-way-back": (turning_back, SAGA, 20.0, ()),
    "reverse-order": (first_done_first_undone, SAGA, 25.0, ()),
    "one-per-key": (forgetting_the_key, SAGA, 12.0, ("0s set idempotent=off",
                                                     "9.5s inject duplicate")),
    "stock-adds-up": (multiplying, SAGA, 9.0, ()),
    "processed-is-final": (reopening, PLAIN_ROWS, 20.0, ()),
    "enough-is-enough": (never_giving_up, ROWS, 45.0, ()),
    "expired-rows-noticed": (looking_away, ROWS, 20.0, ()),
    "silent-past-complete-by": (speaking_up, PLAIN_ROWS, 20.0, ("0s inject slow 6",)),
    "pipe-bound-kept": (boundless, "pipes-and-filters", 30.0, ("0s set capacity=1",)),
    "bound-kept": (boundless, "queue-based-load-leveling", 20.0,
                   ("0s set capacity=1", "0s set service=9s")),
    "offered-accounted": (serving_twice, "queue-based-load-leveling", 10.0, ()),
    "sound-code": (failing, "competing-consumers", 10.0, ("0s set idempotent=on",)),
}  # fmt: skip
"""What breaks each guarantee: the bug, the scenario that has a use for it, for how many seconds,
and what is done there."""


@pytest.mark.parametrize("guarantee", SEEDED)
def test_a_guarantee_notices(guarantee: str, monkeypatch: Patch) -> None:
    seed, name, seconds, commands = SEEDED[guarantee]
    assert guarantee not in broken(ran(name, seconds, *commands))
    seed(monkeypatch)
    assert guarantee in broken(ran(name, seconds, *commands))
