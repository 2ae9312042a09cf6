"""What each step of a saga is declared to be: whether it can be undone, and whether repeated.

Before the pivot a step needs a compensation, for the pivot may still say no. After it a step has
to be *retryable*, repeated until it succeeds, for nothing leads back any more. A step that is
neither where it stands leaves its saga stuck between, and somebody has to look.

A step that can be undone may be tried again without being declared retryable: whatever a try left
behind goes with the undoing. Past the pivot only a declared one may.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Sequence
from typing import Final, Protocol

from .names import BadInput, suggest

AFTER_PIVOT: Final = "after-pivot"
"""How the textbook's choice is written: every step after the pivot is retryable."""


class StepType(enum.Enum):
    """What a step is, where it stands."""

    COMPENSABLE = "compensable"
    REPEATED = "compensable and retryable"
    UNCOMPENSATED = "uncompensated"
    PIVOT = "pivot"
    RETRYABLE = "retryable"
    TRIED_ONCE = "not retryable"


class TypeSettings(Protocol):
    """The settings that say what steps are declared to be."""

    @property
    def pivot(self) -> int:
        """The number of the pivot, from 1."""
        ...

    @property
    def retryable(self) -> str:
        """The steps that are repeated until they succeed; empty: none."""
        ...

    @property
    def uncompensated(self) -> str:
        """The steps that nothing undoes; empty: none."""
        ...

    @property
    def attempts(self) -> int:
        """How often work that fails is tried; 0: until it succeeds."""
        ...


class PauseSettings(Protocol):
    """The settings that say how long to wait before work that failed is tried again."""

    @property
    def retry_delay(self) -> float:
        """The first pause, in seconds."""
        ...

    @property
    def longest_pause(self) -> float:
        """How far the pause grows, in seconds."""
        ...


def read_names(text: str) -> tuple[str, ...]:
    """Return the steps of a list."""
    return tuple(name.strip() for name in text.split(",")) if text else ()


def is_retryable(settings: TypeSettings, steps: Sequence[str], step: str) -> bool:
    """Say whether a step is declared to be repeated until it succeeds."""
    if settings.retryable == AFTER_PIVOT:
        return step in steps[settings.pivot :]
    return step in read_names(settings.retryable)


def type_of(settings: TypeSettings, steps: Sequence[str], step: str) -> StepType:
    """Return what a step is.

    Args:
        settings: The pivot, and what steps are declared to be.
        steps: The steps of the definition.
        step: One of them.
    """
    number, again = steps.index(step) + 1, is_retryable(settings, steps, step)
    if number == settings.pivot:
        return StepType.PIVOT
    if number > settings.pivot:
        return StepType.RETRYABLE if again else StepType.TRIED_ONCE
    if step in read_names(settings.uncompensated):
        return StepType.UNCOMPENSATED
    return StepType.REPEATED if again else StepType.COMPENSABLE


def tries_of(settings: TypeSettings, steps: Sequence[str], step: str) -> int:
    """Return how often a participant tries work that fails before it says so."""
    if type_of(settings, steps, step) is StepType.TRIED_ONCE:
        return 1
    return settings.attempts or sys.maxsize


def pause_of(settings: PauseSettings, count: int) -> float:
    """Return the pause after work has failed so many times: it doubles, up to the longest.

    Without a longest one, work that is tried until it succeeds would find out ever later that
    nothing keeps it from succeeding any more: after twenty failures, a week later.
    """
    pause, longest = settings.retry_delay, settings.longest_pause
    while count > 1 and 0 < pause < longest:
        pause, count = min(2.0 * pause, longest), count - 1
    return pause


def asks_again(asked: int, most: int | None) -> bool:
    """Say whether what has been asked for again so many times may be once more; None: always."""
    return most is None or asked < most


def repeatable(
    settings: TypeSettings, steps: Sequence[str], commands: Sequence[str]
) -> tuple[str, ...]:
    """Return those of the commands that may be sent again: all but a step that is tried once."""
    return tuple(
        name
        for name in commands
        if name not in steps or type_of(settings, steps, name) is not StepType.TRIED_ONCE
    )


def check_types(settings: TypeSettings, steps: Sequence[str]) -> None:
    """Refuse names that are no steps, and a second point of no return.

    A step past the pivot that is not retryable, and one before it that nothing undoes, can be
    had: a guarantee breaks when it matters.

    Raises:
        BadInput: Names what does not fit, and what does.
    """
    if settings.retryable != AFTER_PIVOT:
        _check_names("retryable", settings.retryable, steps, (AFTER_PIVOT, *steps))
    _check_names("uncompensated", settings.uncompensated, steps, steps)
    for step in read_names(settings.uncompensated):
        number = steps.index(step) + 1
        if number < settings.pivot and is_retryable(settings, steps, step):
            raise BadInput(
                f"retryable: {step} is repeated until it succeeds and nothing undoes it, which "
                f"is a point of no return before the pivot; use pivot={number}, or compensate it"
            )


def _check_names(
    setting: str, text: str, steps: Sequence[str], words: Sequence[str]
) -> None:  # fmt: skip
    names = read_names(text)
    for place, name in enumerate(names):
        if name not in steps:
            problem = f"unknown step {name!r}" if name else "expected a step beside each ','"
            raise BadInput(f"{setting}: {problem}; {suggest(name, words)}")
        if name in names[:place]:
            raise BadInput(f"{setting}: {name} is named twice")
