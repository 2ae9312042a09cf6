"""What an orchestrator promises: where a saga may go, and that its log comes before its word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..log import (
    COMMITTED,
    COMPENSATED,
    COMPENSATING,
    COMPLETED,
    INBOX,
    LOG,
    NEEDS_HUMAN,
    OPEN,
    RUNNING,
    Saga,
)
from ..step_types import StepType, read_names, type_of
from .outages import track_outage
from .rules import Breach, Guarantee, Handler, Rule

EDGES: Final[dict[str, frozenset[str]]] = {
    "": frozenset({RUNNING}),
    RUNNING: frozenset({RUNNING, COMMITTED, COMPENSATING, COMPENSATED, COMPLETED, NEEDS_HUMAN}),
    COMMITTED: frozenset({COMMITTED, COMPLETED, NEEDS_HUMAN}),
    COMPENSATING: frozenset({COMPENSATING, COMPENSATED, NEEDS_HUMAN}),
}
"""Where a saga may go from each state; the states that are left out are the end."""

DECLARED = Guarantee(
    "declared-edges",
    "A saga goes along declared edges only, and ends Completed, Compensated or NeedsHuman.",
    source="A9 (1)",
)
INTENT_FIRST = Guarantee(
    "intent-before-send", "No command is sent that is not on the log as an intent.", source="A9 5"
)
FOLLOWS = Guarantee(
    "undo-follows-do",
    "A step is undone only if it was begun before and not answered with no: that left nothing.",
    source="A9 (1)",
)
REVERSE = Guarantee(
    "reverse-order",
    "Where the policy is reverse, steps are undone in the reverse of the order they were done in.",
    source="A9 3",
)
DEPENDED_ON = Guarantee(
    "dependents-first",
    "A step is undone only when what was built on it has been: the card is refunded before its "
    "credit is given back, a parcel is back before its item is on the shelf.",
    source="A9 3",
)
ONE_OUTCOME = Guarantee(
    "one-outcome", "Of an answer and a timeout exactly one decides.", source="A9 7"
)
ONE_PER_KEY = Guarantee(
    "one-per-key", "Two starts with one business key begin one saga.", source="A9 9"
)
ENDS = Guarantee(
    "every-saga-ends",
    "No saga is left open when nothing is under way any more and an orchestrator is there.",
    source="A9 5",
)
FORWARD = Guarantee(
    "forward-after-pivot",
    "Past the pivot no saga stops at a step that may not be repeated: what cannot be undone any "
    "more has to be retryable.",
    source="A9 4",
)
NO_HUMAN = Guarantee(
    "no-human-needed", "Every saga ends without a human.", source="A9 2", hope=True
)

_OUTCOME = re.compile(r"(done|declined|failed|refused|unknown) ((\w+)#\d+)$")
_NO: Final = frozenset({"declined", "failed", "refused"})


class Orchestrating(Rule):
    """Follows the log row of each saga and what is sent in its name."""

    guarantees = (
        DECLARED, INTENT_FIRST, FOLLOWS, REVERSE, DEPENDED_ON, ONE_OUTCOME, ONE_PER_KEY, ENDS,
        FORWARD, NO_HUMAN,
    )  # fmt: skip

    def __init__(self, settings: Callable[[], Any], depends: Mapping[str, Sequence[str]]) -> None:
        """Judge the log; ``depends`` says what has to be undone before a step is."""
        super().__init__()
        self._settings = settings
        self._depends = depends
        self._state: dict[str, str] = {}
        self._intents: dict[str, set[str]] = {}
        self._order: dict[str, list[str]] = {}
        self._decided: set[tuple[str, str]] = set()
        self._left_nothing: set[tuple[str, str]] = set()
        self._excused: set[str] = set()
        self._alive: set[str] = set()
        self._outages: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of the log, of what is sent, and of what excuses silence."""
        begins = (kind.SPAWNED, kind.RESTARTED, kind.RESUMED)
        ends = (kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED)
        lost = (kind.DROPPED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED)
        return {
            kind.STATE: self._written,
            kind.SENT: self._sent,
            kind.NOTED: self._noted,
            kind.INJECTED: lambda event: track_outage(self._outages, event),
            kind.HEALED: lambda event: track_outage(self._outages, event),
            **dict.fromkeys(begins, self._born),
            **dict.fromkeys(ends, lambda event: self._alive.discard(event.actor)),
            **dict.fromkeys(lost, self._lost),
        }

    def _born(self, event: Event) -> None:
        if event.text.startswith("orchestrator"):
            self._alive.add(event.actor)

    def _lost(self, event: Event) -> None:
        """Nobody can go on with a saga whose answer and timeout never came."""
        if event.queue == INBOX and event.text not in {"acknowledgement lost", "duplicate"}:
            self._excused.add(event.message.partition("-")[0])

    def _written(self, event: Event) -> None:
        if event.queue != LOG:
            return
        key, saga = event.message, msgspec.json.decode(event.text, type=Saga)
        before, after = self._state.get(key, ""), event.group
        fact = saga.entry.partition(", ")[0]
        if fact == "start" and before:
            self.breach("one-per-key", event, f"{key} is begun again")
        if after not in EDGES.get(before, ()):
            self.breach(
                "declared-edges", event, f"{key} goes from {before or 'nothing'} to {after}"
            )
        outcome = _OUTCOME.match(fact)
        if after == NEEDS_HUMAN:
            self.breach("no-human-needed", event, f"{key}: {fact}")
        if outcome is not None:
            word, label, step = outcome.groups()
            if after == NEEDS_HUMAN and before == COMMITTED:
                self._stuck(event, saga, step, fact)
            if (key, label) in self._decided:
                self.breach("one-outcome", event, f"{key}: {fact}, and it was decided before")
            self._decided.add((key, label))
            if word in _NO:
                self._left_nothing.add((key, step))
        order = self._order.setdefault(key, [])
        order += [step for step in saga.done if step not in order]
        intents = self._intents.setdefault(key, set())
        self._undoes(event, saga, [name for name in saga.awaited if name not in intents])
        intents |= set(saga.awaited)
        self._state[key] = after

    def _stuck(self, event: Event, saga: Saga, step: str, fact: str) -> None:
        """Tell a saga that can go neither way from one that has tried."""
        if type_of(self._settings(), saga.steps, step) is StepType.TRIED_ONCE:
            what = f"{event.message}: {fact}; there is no way back, and it may not be repeated"
            self.breach("forward-after-pivot", event, what)

    def _undoes(self, event: Event, saga: Saga, fresh: Sequence[str]) -> None:
        over = (*saga.undone, *read_names(self._settings().uncompensated))
        left = [step for step in reversed(self._order[event.message]) if step not in over]
        for name in fresh:
            step = name.removeprefix("undo-")
            if name != step and saga.policy == "reverse" and step != left[0]:
                self.breach("reverse-order", event, f"{event.message}: {step} before {left[0]}")
            if name != step and (event.message, step) in self._left_nothing:
                self.breach("undo-follows-do", event, f"{event.message}: {step} had said no")
            early = [other for other in self._depends.get(step, ()) if other in left]
            if name != step and early:
                what = f"{event.message}: {step} is undone while {' and '.join(early)} stands"
                self.breach("dependents-first", event, what)

    def _sent(self, event: Event) -> None:
        name = event.message.partition("~")[0].removeprefix(f"{event.group}-")
        if event.queue == INBOX:
            return
        intents = self._intents.get(event.group, set())
        if name not in intents:
            self.breach("intent-before-send", event, f"{event.message} is not on the log")
        if name.startswith("undo-") and name.removeprefix("undo-") not in intents:
            self.breach("undo-follows-do", event, f"{event.message}: it was never begun")

    def _noted(self, event: Event) -> None:
        if event.text.startswith("forgotten:"):
            self.breach("every-saga-ends", event, f"{event.message}: nobody knows its saga")

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report sagas that nobody will ever go on with."""
        if not quiet or not self._alive or self._outages or not self._settings().timeout:
            return ()
        left = [
            key for key, state in self._state.items() if state in OPEN and key not in self._excused
        ]
        if not left:
            return ()
        return (Breach("every-saga-ends", 0, now, f"left open: {', '.join(left[:5])}"),)
