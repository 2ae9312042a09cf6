"""Faults that are on, and those that wait for their next occurrence, folded from events."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from ..kernel.events import LASTING, PENDING, Event
from ..views import FaultView, PendingView


class FaultsFold:
    """What was injected and is not over, by fault and by what it is for.

    Attributes:
        poison: Messages that the scenario makes poison and that nobody has healed, each after the
            fault it is made so by.
    """

    def __init__(self, poison: Sequence[tuple[str, str]] = ()) -> None:
        self.poison = tuple(poison)
        self._on: dict[tuple[str, str], FaultView] = {}
        self._waiting: dict[tuple[str, str], PendingView] = {}
        self._began: dict[int, tuple[str, str]] = {}

    def views(self) -> tuple[FaultView, ...]:
        """Return what is on, in the order in which it was injected."""
        return tuple(self._on.values())

    def pending(self) -> tuple[PendingView, ...]:
        """Return what waits, in the order in which it began to."""
        return tuple(self._waiting.values())

    def injected(self, event: Event) -> None:
        """Something is on from now on, or waits (for more occurrences than before)."""
        target = event.actor or event.group
        key = event.message, target
        if event.token == LASTING:
            sticks = bool(event.group and event.text)  # a fault on a message has no amount
            amount, role = ("", event.text) if sticks else (event.text, "")
            self._on[key] = FaultView(*key, amount, event.t, role)
        elif event.token == PENDING:
            known = self._waiting.get(key)
            if known is None:
                self._began[event.n] = key
                known = PendingView(*key, 0, event.t)
            self._waiting[key] = replace(known, left=known.left + int(event.value))

    def struck(self, event: Event) -> None:
        """What waited has happened, for the last time or not."""
        key = self._began.get(event.token)
        if key is not None:
            self._waiting[key] = replace(self._waiting[key], left=int(event.value))
            if not event.value:
                self._forget(key)

    def healed(self, event: Event) -> None:
        """What is on is off, and what waits will not happen: for one target, or for all."""
        target = event.actor or event.group

        def over(key: tuple[str, str]) -> bool:
            return key[0] == event.message and target in ("", key[1])

        self.poison = tuple(each for each in self.poison if not over(each))
        self._on = {key: view for key, view in self._on.items() if not over(key)}
        for key in filter(over, tuple(self._waiting)):
            self._forget(key)

    def _forget(self, key: tuple[str, str]) -> None:
        del self._waiting[key]
        self._began = {n: each for n, each in self._began.items() if each != key}

    def copy(self) -> FaultsFold:
        """Return an independent copy."""
        twin = FaultsFold(self.poison)
        twin._on, twin._waiting = dict(self._on), dict(self._waiting)
        twin._began = dict(self._began)
        return twin
