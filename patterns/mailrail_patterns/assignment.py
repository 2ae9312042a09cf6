"""Which agent gets a task: whoever is free, or one the scheduler picks by a policy.

A shared queue asks nobody: whoever is free takes what is next, so a dead agent is passed over by
itself. Whoever picks has to know who is there and what each has to do. Agents sign in to the
store; what each has to do is read off the claims. That an agent has died is written nowhere. What
can be known is that a claim given to it came to nothing: then the row, which remembers whom it was
given to, is given to one that has not been asked yet, so that no order meets the same dead agents
until it is given up; and the agent may be *benched*, and gets no task for a while. Dead or merely
slow, it looks the same; if it is alive it is picked again.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final

import msgspec
from msgspec.structs import replace

from . import orders
from .kernel.events import NOTED
from .port import Port, Receiver, Row
from .queue_settings import Knob, QueueSettings
from .wrong_clocks import time_of

HERE: Final = "here"
GONE: Final = "gone"
"""States of an agent's row."""

TURN: Final = "turn"
"""The count by which agents take turns: one for all schedulers."""


class Assignment(enum.Enum):
    """Which agent gets a task."""

    WHOEVER_IS_FREE = "whoever-is-free"
    ROUND_ROBIN = "round-robin"
    LEAST_LOADED = "least-loaded"
    RANDOM = "random"


class AssignmentSettings(QueueSettings, frozen=True, kw_only=True):
    """The settings that say who gets a task, and who gets it after that came to nothing."""

    assignment: Annotated[
        Assignment, Knob("which agent gets a task", instead="--set assignment=POLICY")
    ] = Assignment.WHOEVER_IS_FREE
    elsewhere: Annotated[
        bool, Knob("what came to nothing at one agent is given to one not asked yet, if there is")
    ] = True
    bench: Annotated[
        float, Knob("an agent whose claim came to nothing is not picked for so long", "s")
    ] = 0.0


class Seat(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of an agent besides that it has signed in.

    Attributes:
        benched: Until when it gets no task, in seconds.
    """

    benched: float = 0.0


def task_queue(tasks: str, agent: str) -> str:
    """Return the queue an agent takes its tasks from; without an agent, the one they share."""
    return f"{tasks}-{agent}" if agent else tasks


async def take_part(port: Port[Any], tasks: str) -> Receiver:
    """Sign in to the store where schedulers pick their agents; return where tasks come from."""
    if port.settings.assignment is Assignment.WHOEVER_IS_FREE:
        return port.broker.receiver(tasks)
    own = task_queue(tasks, port.name)
    await port.broker.declare(port.settings.queue(own))
    await port.store.write(orders.AGENTS, port.name, state=HERE)
    return port.broker.receiver(own)


async def leave(port: Port[Any]) -> None:
    """Sign off, so that nobody picks this agent any more."""
    if port.settings.assignment is not Assignment.WHOEVER_IS_FREE:
        await port.store.write(orders.AGENTS, port.name, state=GONE)


async def bench(port: Port[Any], key: str, order: orders.Order) -> None:
    """Give an agent no task for a while if the latest claim it was given came to nothing.

    Args:
        port: A scheduler's port.
        key: The row it was given, which is about to be claimed again.
        order: What the row says.
    """
    if not (port.settings.bench and order.failures and order.agent):
        return
    row = await port.store.read(orders.AGENTS, order.agent)
    until = time_of(port) + port.settings.bench
    if row.state == HERE and await port.store.write(
        orders.AGENTS, row.key, Seat(until), state=HERE, expected=row.version
    ):
        name = orders.attempt_id(key, order.attempt)
        port.note(NOTED, name, f"benched: benches {row.key}: {name} came to nothing")


def _tried(order: orders.Order) -> tuple[str, ...]:
    """Return at whom the claims of a row came to nothing, the latest last."""
    return (*order.tried, order.agent) if order.failures and order.agent else ()


async def _candidates(port: Port[Any], order: orders.Order) -> list[str]:
    """Return who may be picked: all who have signed in, without those it is no use to ask.

    These are all at whom the row came to nothing (or, once everybody has been asked, who had it
    last), and the benched. If nobody else is left, they are better than nobody.
    """
    here: list[Row] = [r for r in await port.store.rows(orders.AGENTS) if r.state == HERE]
    tried = _tried(order) if port.settings.elsewhere else ()
    fresh = [row for row in here if row.key not in tried]
    others = fresh or [row for row in here if row.key not in tried[-1:]] or here
    now = time_of(port)
    able = [row for row in others if row.fields(Seat).benched <= now + orders.LATE]
    return [row.key for row in able or others]


async def assign(port: Port[Any], order: orders.Order) -> orders.Order | None:
    """Give a task to an agent, or to whoever is free; None: there is nobody to pick.

    Args:
        port: A scheduler's port.
        order: What the row says that is about to be claimed.

    Returns:
        The same with the agent, and with those at whom it came to nothing before.
    """
    if port.settings.assignment is Assignment.WHOEVER_IS_FREE:
        return replace(order, agent="", tried=())
    here = await _candidates(port, order)
    if not here:
        return None
    given, tried = await _pick(port, here), _tried(order)
    return replace(order, agent=given, tried=() if given in tried else tried)


async def _pick(port: Port[Any], here: list[str]) -> str:
    """Pick one of those that may be picked."""
    policy = port.settings.assignment
    if policy is Assignment.ROUND_ROBIN:
        return here[(port.number(TURN) - 1) % len(here)]
    if policy is Assignment.RANDOM:
        return here[int(port.chance.random() * len(here))]
    rows = await port.store.rows(orders.TABLE)
    load = [r.fields(orders.Order).agent for r in rows if r.state == orders.PROCESSING]
    return min(here, key=load.count)


__all__ = [
    "Assignment", "AssignmentSettings", "assign", "bench", "leave", "take_part", "task_queue",
]  # fmt: skip
