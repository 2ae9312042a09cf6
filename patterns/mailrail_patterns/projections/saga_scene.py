"""What the picture of sagas is given to draw besides queues and actors."""

from __future__ import annotations

import msgspec


class StepMark(msgspec.Struct, frozen=True):
    """One step of one saga.

    Attributes:
        name: The step, named as its participant.
        kind: A value of :class:`~mailrail_patterns.step_types.StepType`.
        word: ``waiting doing done declined failed unknown undoing undone``.
        since: When that began, in seconds.
    """

    name: str
    kind: str
    word: str
    since: float


class SagaMark(msgspec.Struct, frozen=True):
    """One saga.

    Attributes:
        key: Its business key.
        state: Where it is.
        steps: Its steps, in the order of its definition.
        began: When it began, in seconds.
        since: When its row was last written, in seconds.
        ended: When it ended, in seconds; below 0: it has not.
        due: When the orchestrator stops waiting, in seconds; 0: never.
        waited: How long it waits from the last intent to then, in seconds.
        owner: The orchestrator that wrote its row last.
        entry: The last entry of its log.
        policy: The order of compensation, once it has begun.
        amount: What its order is worth, in EUR.
        way: ``careful`` or ``quick``; empty: value decides nothing.
    """

    key: str
    state: str
    steps: tuple[StepMark, ...]
    began: float
    since: float
    ended: float
    due: float
    waited: float
    owner: str
    entry: str
    policy: str
    amount: int
    way: str


class LogMark(msgspec.Struct, frozen=True):
    """One entry of the durable log.

    Attributes:
        number: From 1, over all sagas.
        t: When it was written, in seconds.
        key: The saga.
        text: ``done stock#1``.
    """

    number: int
    t: float
    key: str
    text: str


class SagaScene(msgspec.Struct, frozen=True):
    """Everything about sagas at one instant; the latest ones where there are many.

    Attributes:
        sagas: Sagas in the order in which they began.
        hidden: How many earlier ones are left out.
        log: The tail of the log, oldest first.
        shelf: Items free, reserved and sold.
        tally: How many are in each state.
        missing: What the balances of ledgers are wrong by, where they are.
        fuzzy: The latest commands that acted on another price than their saga had read.
    """

    sagas: tuple[SagaMark, ...] = ()
    hidden: int = 0
    log: tuple[LogMark, ...] = ()
    shelf: tuple[int, int, int] = (0, 0, 0)
    tally: tuple[tuple[str, int], ...] = ()
    missing: tuple[tuple[str, int], ...] = ()
    fuzzy: tuple[str, ...] = ()
