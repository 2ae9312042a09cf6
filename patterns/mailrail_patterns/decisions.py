"""What an orchestrator decides on a start, an answer or a timeout.

Each decision is a reaction to one message, made from nothing but the row of its saga: forward
step by step, backward what was done, and past the pivot no way back.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from . import compensations, log, worth
from .port import Message, Port, Reaction, Reader, Row
from .step_types import asks_again, is_retryable, read_names, repeatable

STEPS: Final = ("stock", "credit", "card", "shipping", "notification")
NEXT_VERSION: Final = ("credit", "stock", "card", "shipping", "notification")
ACCOUNT: Final = "credit"
"""The ledger whose balance can be read beforehand, and written back."""


def defined(settings: Any) -> tuple[str, ...]:
    """Return the steps; pessimists reserve what others look at as late as they can."""
    return NEXT_VERSION if settings.pessimistic else STEPS


def decide(known: set[str], port: Port[Any], message: Message, own: Reader) -> Reaction:
    """Decide on a start, an answer or a timeout from nothing but the saga's row."""
    key = message.group or message.id
    row = own.row(log.LOG, key)
    if not port.settings.durable_log and key not in known:
        row = replace(row, state="")  # it was in the memory of a process that is gone
    saga = row.fields(log.Saga)
    if not message.correlation:
        if row.state:
            return log.discard(f"second-start: finds a saga {key} already, one for each key")
        known.add(key)
        amount = worth.amount_of(message)
        way = worth.way_of(port.settings.careful_from, amount)
        saga = log.Saga(steps=current(port), conversation=message.id, amount=amount, way=way)
        if port.settings.commutative:
            return forward(port, row, saga, "start")
        return log.look_up(port, row, saga, ACCOUNT)
    if message.subject == log.TIMER and (row.state not in log.OPEN or log.is_stale(message, saga)):
        return log.discard(f"stale-timer: ignores {message.id}: the answer came first")
    if row.state not in log.OPEN:
        code = "late" if row.state or not row.version else "forgotten"
        return log.discard(f"{code}: discards {message.id}: saga {key} is {row.state or 'unknown'}")
    if message.subject == log.TIMER:
        return time_out(port, row, saga)
    name = message.correlation.removeprefix(f"{key}-")
    if name not in saga.awaited:
        return log.discard(f"late: discards {message.id}: nobody waits for it any more")
    return answered(port, row, log.learn(saga, message), name, message.subject)


def answered(port: Port[Any], row: Row, saga: log.Saga, name: str, word: str) -> Reaction:
    """Go on as an answer says: forward, backward, or no further without a human."""
    verb, _, step = name.rpartition("-")
    fact = f"{word} {log.label(saga, name)}"
    if word == "busy":  # pending for another saga; asked again in a while
        return log.record(port, row, row.state, saga, fact, (name,), port.settings.retry_delay)
    saga = replace(saga, awaited=tuple(each for each in saga.awaited if each != name))
    if word == "done" and verb == "undo":
        return backward(port, row, replace(saga, undone=(*saga.undone, step)), fact)
    if word == "done":
        done = saga.done if verb else tuple(dict.fromkeys((*saga.done, step)))
        return forward(port, row, replace(saga, done=done), fact)
    if verb or row.state == log.COMMITTED:
        return log.call_human(port, row, saga, fact)
    return backward(port, row, saga, fact)


def forward(port: Port[Any], row: Row, saga: log.Saga, fact: str) -> Reaction:
    """Begin the next step; once past the pivot, let go of what was pending as well."""
    steps, pivot = plan_of(port, saga), port.settings.pivot
    past = steps[pivot - 1] in saga.done
    keep = tuple(f"keep-{step}" for step in steps[: pivot - 1])
    send = keep if past and row.state == log.RUNNING else ()
    if saga.begun < len(steps) and all("-" in name for name in saga.awaited):
        send = (steps[saga.begun], *send)
        saga = replace(saga, begun=saga.begun + 1)
    saga = replace(saga, awaited=(*saga.awaited, *send), asked=0 if send else saga.asked)
    state = log.COMMITTED if past else log.RUNNING
    return log.record(port, row, state if saga.awaited else log.COMPLETED, saga, fact, send)


def backward(port: Port[Any], row: Row, saga: log.Saga, fact: str) -> Reaction:
    """Undo what was done, or may have been: never the step that said no."""
    if not port.settings.compensation:
        return log.record(port, row, log.ABANDONED, replace(saga, awaited=()), fact)
    policy = saga.policy or compensations.write_order(port.settings)
    over = (*saga.undone, *read_names(port.settings.uncompensated))
    left = [step for step in reversed(saga.done) if step not in over]
    busy = [name.removeprefix("undo-") for name in saga.awaited]
    send = tuple(f"undo-{step}" for step in compensations.next_undone(policy, left, busy))
    saga = replace(saga, policy=policy, awaited=(*saga.awaited, *send), asked=0)
    return log.record(
        port, row, log.COMPENSATING if saga.awaited else log.COMPENSATED, saga, fact, send
    )


def time_out(port: Port[Any], row: Row, saga: log.Saga) -> Reaction:
    """Nobody knows what became of the command. Before the pivot: undo, that step included.

    The pivot itself cannot be undone, nor what comes after it, and undoing must succeed: all
    these are asked for again under the same ids, and in the end a human has to look. A retryable
    step before the pivot is asked for again first; one after it that is not retryable never is.
    """
    name, steps, settings = saga.awaited[0], plan_of(port, saga), port.settings
    verb, _, step = name.rpartition("-")
    early = steps.index(step) < settings.pivot - 1
    more = asks_again(saga.asked, settings.asks)
    patient = not verb and is_retryable(settings, steps, step) and more
    if row.state == log.RUNNING and (verb or early) and not patient:
        unknown = replace(saga, awaited=(), done=saga.done if verb else (*saga.done, step))
        return backward(port, row, unknown, f"unknown {log.label(saga, name)}")
    again = repeatable(settings, steps, saga.awaited)
    if once := next((each for each in saga.awaited if each not in again), ""):
        return log.call_human(port, row, saga, f"unknown {log.label(saga, once)}")
    if not more:
        return log.call_human(port, row, saga, "no answer")
    saga = replace(saga, asked=saga.asked + 1)
    return log.record(port, row, row.state, saga, f"no answer (try {saga.asked})", saga.awaited)


def current(port: Port[Any]) -> tuple[str, ...]:
    """Return the steps as they are defined now; a new version puts credit first."""
    return NEXT_VERSION if port.suffers("new-definition") else defined(port.settings)


def plan_of(port: Port[Any], saga: log.Saga) -> tuple[str, ...]:
    """Return the steps of a saga: by the definition it began with, if it is pinned to it."""
    return saga.steps if port.settings.pinned else current(port)
