"""What a pipeline promises: every item goes through every stage in order, and none is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from ..broker_rules import read_declared
from ..items import item_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..messages import Mode
from .blocking import Blocking
from .rules import Guarantee, Handler, Rule
from .waiting import Waiting

IN_ORDER = Guarantee(
    "stages-in-order",
    "An item enters the next stage only after the stage before it has done its work.",
    source="A5 (1)",
)
BOUND = Guarantee(
    "pipe-bound-kept", "A bounded pipe never holds more than its bound.", source="A5 (1)"
)
ACCOUNTED = Guarantee(
    "items-accounted",
    "Items in = items out + in the pipes + in the filters + dead.",
    source="A5 (1)",
)


_NEVER: Final = frozenset({"a pipe nobody has been through"})
"""What an item needs to have been through before it enters a pipe that is not wired."""


def _needs(line: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return, for each pipe of a line of filters, the pipes an item goes through before."""
    pipes = [f"to-{stage}" for stage in line]
    return {pipe: frozenset(pipes[:index]) for index, pipe in enumerate(pipes)}


class Piping(Rule):
    """Follows each item from pipe to pipe."""

    guarantees = (IN_ORDER, BOUND, ACCOUNTED)

    def __init__(self, settings: Callable[[], Any], pipes: Sequence[str]) -> None:
        super().__init__()
        self._settings = settings
        self._visited: dict[str, set[str]] = {}
        self._ready: dict[str, set[str]] = {pipe: set() for pipe in pipes}
        self._bound = dict.fromkeys(pipes, -1)
        self._alive: dict[str, int] = {}
        self._deletes: set[str] = set()
        self._hands: dict[str, list[str]] = {}
        self._out: set[str] = set()
        self._lost: set[str] = set()
        self._now = 0.0
        self._needs = [_needs(settings().line)]
        self._since: dict[str, int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that moves an item."""
        ends = (kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED)
        return {
            kind.DECLARED: self._declared,
            kind.CHANGED: self._changed,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._working,
            kind.EFFECT: self._effect,
            kind.EFFECT_SKIPPED: self._effect,
            kind.DROPPED: self._dropped,
            kind.REDRIVEN: self._redriven,
            **dict.fromkeys(ends, self._ended),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._left),
        }

    def _declared(self, event: Event) -> None:
        if event.queue in self._bound:
            self._bound[event.queue] = event.token
            self._ready[event.queue].clear()
            deletes = read_declared(event.text).mode == Mode.RECEIVE_AND_DELETE.value
            (self._deletes.add if deletes else self._deletes.discard)(event.queue)

    def _changed(self, event: Event) -> None:
        if event.message == "wiring":
            self._needs.append(_needs(self._settings().line))

    def _look(self, event: Event) -> None:
        if event.t != self._now:
            self._now = event.t
            for pipe, ready in self._ready.items():
                if 0 <= self._bound[pipe] < len(ready):
                    what = f"{len(ready)} in {pipe}, bound {self._bound[pipe]}"
                    self.breach("pipe-bound-kept", event, what)
                    ready.clear()

    def _sent(self, event: Event) -> None:
        self._look(event)
        if event.queue not in self._ready:
            return
        name = item_of(event.message)
        visited = self._visited.setdefault(name, set())
        # Where it goes was decided by a wiring that has held since its sender began its work.
        held = self._needs[self._since.get(event.actor, 0) :]
        if not any(visited.issuperset(needs.get(event.queue, _NEVER)) for needs in held):
            self.breach("stages-in-order", event, f"{name} skipped a stage before {event.queue}")
        visited.add(event.queue)
        self._alive[name] = self._alive.get(name, 0) + 1
        self._ready[event.queue].add(event.message)
        self._done_with(event)

    def _delivered(self, event: Event) -> None:
        self._look(event)
        if event.queue in self._ready:
            self._ready[event.queue].discard(event.message)

    def _working(self, event: Event) -> None:
        self._since[event.actor] = len(self._needs) - 1
        held, name = self._hands.get(event.actor, ()), item_of(event.message)
        if name in held:
            for given_up in held[: held.index(name)]:
                self._gone(event, given_up)
            self._hands[event.actor] = [*held[held.index(name) :]]

    def _effect(self, event: Event) -> None:
        self._out.add(item_of(event.message))
        self._done_with(event)

    def _dropped(self, event: Event) -> None:
        if event.text == "send lost":
            self._lost.add(item_of(event.message))
        elif event.text in kind.LEAVES:
            self._ended(event)
        if event.actor:
            self._done_with(event)

    def _done_with(self, event: Event) -> None:
        """Take an item that was deleted on receipt out of its filter's hands: it has gone on."""
        held = self._hands.get(event.actor)
        if held and item_of(event.message) in held:
            held.remove(item_of(event.message))

    def _left(self, event: Event) -> None:
        for name in self._hands.pop(event.actor, ()):
            self._gone(event, name)

    def _redriven(self, event: Event) -> None:
        name = item_of(event.message)
        self._alive[name] = self._alive.get(name, 0) + 1
        self._lost.discard(name)

    def _ended(self, event: Event) -> None:
        if event.kind == kind.EXPIRED and event.text:
            return
        if event.queue in self._ready:
            self._ready[event.queue].discard(event.message)
        name = item_of(event.message)
        self._alive[name] = self._alive.get(name, 0) - 1
        if event.kind != kind.COMPLETED:
            self._lost.add(name)
        elif event.queue in self._deletes:
            self._hands.setdefault(event.actor, []).append(name)
        else:
            self._gone(event, name)

    def _gone(self, event: Event, name: str) -> None:
        """Report an item that has left a filter if it is nowhere else: not out, dead, in a pipe."""
        if self._alive[name] <= 0 and name not in self._out and name not in self._lost:
            self.breach("items-accounted", event, f"{name} is nowhere any more")
            self._lost.add(name)


def piping_rules(settings: Callable[[], Any], pipes: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of a pipeline."""
    return (Piping(settings, pipes), Blocking(settings), Waiting(settings))
