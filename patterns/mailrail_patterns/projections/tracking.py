"""One saga as its log tells it, step by step."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ..log import OPEN, Saga
from ..step_types import TypeSettings, type_of
from ..worth import worth_of
from .saga_scene import SagaMark, StepMark

_FACT: Final = re.compile(r"(declined|failed|refused|unknown) (\w+)#\d+$")


class Tracked(msgspec.Struct, frozen=True):
    """A saga so far.

    Attributes:
        saga: Its row.
        state: Where it is.
        began: When it began, in seconds.
        since: When its row was last written, in seconds.
        turned: When it came to its state, in seconds.
        intent: When something was last sent, in seconds.
        words: Of each step, what became of it and since when, in seconds.
        awaited: Since when each command is awaited, in seconds.
    """

    saga: Saga
    state: str
    began: float
    since: float
    turned: float
    intent: float
    words: dict[str, tuple[str, float]]
    awaited: dict[str, float]


def begun(saga: Saga, t: float) -> Tracked:
    """Return a saga of which nothing is known yet."""
    return Tracked(saga, "", t, t, t, t, dict.fromkeys(saga.steps, ("waiting", t)), {})


def moved_on(before: Tracked, saga: Saga, state: str, t: float) -> Tracked:
    """Return a saga after its row was written once more."""
    fact = _FACT.match(saga.entry.partition(", ")[0])
    words = dict(before.words)
    for step in saga.steps:
        old = words[step][0]
        word = old
        if step in saga.awaited:
            word = "doing"
        elif f"undo-{step}" in saga.awaited:
            word = "undoing"
        elif step in saga.undone:
            word = "undone"
        elif fact is not None and fact[2] == step:
            word = "declined" if fact[1] == "refused" else fact[1]
        elif old == "undoing":
            word = "failed"
        elif step in saga.done and old not in {"unknown", "failed"}:
            word = "done"
        elif old == "doing":
            word = "unknown"
        if word != old:
            words[step] = (word, t)
    intent = t if "intent" in saga.entry or "no answer" in saga.entry else before.intent
    awaited = {name: before.awaited.get(name, t) for name in saga.awaited}
    turned = before.turned if state == before.state else t
    return Tracked(saga, state, before.began, t, turned, intent, words, awaited)


def marked(key: str, tracked: Tracked, settings: TypeSettings) -> SagaMark:
    """Return a saga as it is to be drawn; the settings say what its steps are."""
    saga = tracked.saga
    steps = tuple(
        StepMark(step, type_of(settings, saga.steps, step).value, *tracked.words[step])
        for step in saga.steps
    )
    ended = -1.0 if tracked.state in OPEN else tracked.since
    waited = saga.due - tracked.intent if saga.due else 0.0
    return SagaMark(
        key, tracked.state, steps, tracked.began, tracked.since, ended, saga.due, waited,
        saga.owner, saga.entry, saga.policy, worth_of(saga.amount),
        "" if saga.way is msgspec.UNSET else saga.way,
    )  # fmt: skip
