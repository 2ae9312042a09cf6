"""Asks every rule at every event, and keeps what was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..kernel.journal import Journal
from .rules import Breach, Guarantee, Rule

CHAIN: int = 64
"""Longest causal chain that is reported, in events."""


_number: Final = attrgetter("event")


class Finding(msgspec.Struct, frozen=True):
    """How one guarantee fared.

    Attributes:
        guarantee: The guarantee.
        violations: How often it broke.
        first: Its first breach, or None.
        because: Numbers of the events that led to the first breach, oldest first.
    """

    guarantee: Guarantee
    violations: int
    first: Breach | None
    because: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether it never broke."""
        return self.violations == 0


class Judge:
    """Judges a journal as it grows; a breach becomes a ``violated`` event at once.

    A violated guarantee never stops a run: it is shown, counted and reported.
    """

    def __init__(self, journal: Journal, rules: Sequence[Rule]) -> None:
        self._journal = journal
        self._rules = rules
        self.guarantees = tuple(g for rule in rules for g in rule.guarantees)
        self.breaches: list[Breach] = []
        self._of: dict[str, list[Breach]] = {g.name: [] for g in self.guarantees}
        self._asleep: list[Rule] = []
        for rule in rules:
            rule.attach(self._breached)
            if rule.asleep():
                self._asleep.append(rule)
            else:
                self._listen(rule)
        if self._asleep:
            journal.watch(kind.CHANGED, self._rouse)

    def _listen(self, rule: Rule) -> None:
        for name, watcher in rule.watches().items():
            self._journal.watch(name, watcher)

    def _rouse(self, event: Event) -> None:
        """Wake the rules that a change of the settings gives something to judge."""
        for rule in [each for each in self._asleep if not each.asleep()]:
            self._asleep.remove(rule)
            handlers = rule.watches()
            for earlier in self._journal.events[: event.n - 1]:
                if earlier.kind in handlers:
                    handlers[earlier.kind](earlier)
            self._listen(rule)

    def _breached(self, guarantee: str, event: Event, what: str) -> None:
        breach = Breach(guarantee, event.n, event.t, what)
        self.breaches.append(breach)
        self._of[guarantee].append(breach)
        self._journal.emit(
            kind.VIOLATED, event.actor, event.queue, event.message, 0, event.n,
            text=f"{guarantee}: {what}",
        )  # fmt: skip

    def findings(self, now: float, quiet: bool, upto: int | None = None) -> list[Finding]:
        """Return how every guarantee fared up to event ``upto`` (default: all, and the end)."""
        late = [
            breach
            for rule in self._rules
            for breach in rule.closing(now, quiet)
            if upto is None or 0 < breach.event <= upto
        ]
        found = []
        for guarantee in self.guarantees:
            own = self._of[guarantee.name]
            # Each was told at the event being judged, so they lie in the order of the events; a
            # screen asks many times a second, when there may be a hundred thousand of them.
            count = len(own) if upto is None else bisect_right(own, upto, key=_number)
            others = [breach for breach in late if breach.guarantee == guarantee.name]
            first = own[0] if count else others[0] if others else None
            because = chain(self._journal.events, first.event) if first else ()
            found.append(Finding(guarantee, count + len(others), first, because))
        return found


def chain(events: Sequence[Event], number: int) -> tuple[int, ...]:
    """Return the numbers of an event and of everything that led to it, oldest first."""
    found: list[int] = []
    while 0 < number <= len(events) and len(found) < CHAIN:
        found.append(number)
        number = events[number - 1].cause
    return tuple(reversed(found))


__all__ = ["Finding", "Judge", "chain"]
