"""In which order a saga makes up for what was done: backwards, all at once, or as it is written.

An order of one's own names every step that can be undone: ``card, credit+stock`` undoes the card
first, then credit and stock at the same time.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final, Protocol

from .names import BadInput, suggest
from .step_types import TypeSettings, check_types, read_names

THEN: Final = ","
TOGETHER: Final = "+"


class Policy(enum.Enum):
    """In which order what was done is undone."""

    REVERSE = "reverse"
    PARALLEL = "parallel"
    CUSTOM = "custom"


class CompensationSettings(TypeSettings, Protocol):
    """The settings that say what is undone, and how."""

    @property
    def policy(self) -> Policy:
        """In which order steps are undone."""
        ...

    @property
    def custom_order(self) -> str:
        """The order of the custom policy; empty: there is none."""
        ...


def read_order(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the steps of a written order, those that are undone at the same time together."""
    return tuple(tuple(name.strip() for name in wave.split(TOGETHER)) for wave in text.split(THEN))


def write_order(settings: CompensationSettings) -> str:
    """Return what the log says of the order: a policy's word, or the order as it is written."""
    policy = settings.policy
    return settings.custom_order if policy is Policy.CUSTOM else policy.value


def check_steps(settings: CompensationSettings, steps: Sequence[str]) -> None:
    """Refuse a pivot that is no step, types that contradict it, an order that cannot be followed.

    Args:
        settings: The pivot, what the steps are declared to be, the policy and the order.
        steps: The steps of the definition.

    Raises:
        BadInput: Names what does not fit, and what does.
    """
    pivot, last = settings.pivot, len(steps)
    if not 1 <= pivot <= last:
        raise BadInput(f"pivot: there is no step {pivot}; the steps are 1 to {last}")
    check_types(settings, steps)
    if settings.custom_order:
        _check_order(settings, steps)
    elif settings.policy is Policy.CUSTOM and (able := revocable(settings, steps)):
        example = THEN.join(reversed(able))
        raise BadInput(f"policy: custom needs an order; set custom_order first, as in {example}")


def revocable(settings: TypeSettings, steps: Sequence[str]) -> tuple[str, ...]:
    """Return the steps that can be undone: those before the pivot that have a compensation."""
    never = read_names(settings.uncompensated)
    return tuple(step for step in steps[: settings.pivot - 1] if step not in never)


def _check_order(settings: CompensationSettings, steps: Sequence[str]) -> None:
    """Look at the names; only while it is followed must an order be complete."""
    followed = settings.policy is Policy.CUSTOM
    able, pivot = revocable(settings, steps), steps[settings.pivot - 1]
    seen: list[str] = []
    for name in (name for wave in read_order(settings.custom_order) for name in wave):
        problem = ""
        if not name:
            problem = f"expected a step between {THEN!r} and {TOGETHER!r}"
        elif name not in steps:
            problem = f"unknown step {name!r}"
        elif name in seen:
            problem = f"{name} is undone once, and named twice"
        elif followed and name not in able:
            where = "is the pivot" if name == pivot else "comes after the pivot"
            where = "has no compensation" if name in steps[: settings.pivot - 1] else where
            problem = f"{name} {where} and is never undone"
        if problem:
            raise BadInput(f"custom_order: {problem}; {suggest(name, able)}")
        seen.append(name)
    left = [name for name in reversed(able) if name not in seen]
    if followed and left:
        whole = f"{THEN} ".join((settings.custom_order, *left))
        raise BadInput(f"custom_order: {' and '.join(left)} would never be undone; use {whole!r}")


def next_undone(policy: str, left: Sequence[str], awaited: Sequence[str]) -> tuple[str, ...]:
    """Return the steps to be undone now.

    Args:
        policy: What the log says of the order.
        left: What was done and is not undone yet, the latest first.
        awaited: What is being undone.
    """
    fresh = tuple(step for step in left if step not in awaited)
    if policy == Policy.REVERSE.value:
        return fresh[:1]
    if awaited:
        return ()
    if policy == Policy.PARALLEL.value:
        return fresh
    for wave in read_order(policy):
        if now := tuple(step for step in wave if step in fresh):
            return now
    return fresh[:1]  # done by a definition that the order does not know
