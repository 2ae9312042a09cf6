"""Asks every rule at every event, and keeps what was found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..kernel.journal import Journal
from .rules import Breach, Guarantee, Rule

CHAIN: int = 64
"""Longest causal chain that is reported, in events."""


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
        for rule in rules:
            rule.attach(self._breached)
            for name, watcher in rule.watches().items():
                journal.watch(name, watcher)

    def _breached(self, guarantee: str, event: Event, what: str) -> None:
        self.breaches.append(Breach(guarantee, event.n, event.t, what))
        self._journal.emit(
            kind.VIOLATED, event.actor, event.queue, event.message, 0, event.n,
            text=f"{guarantee}: {what}",
        )  # fmt: skip

    def findings(self, now: float, quiet: bool, upto: int | None = None) -> list[Finding]:
        """Return how every guarantee fared up to event ``upto`` (default: all, and the end)."""
        breaches = list(self.breaches)
        for rule in self._rules:
            breaches.extend(rule.closing(now, quiet))
        if upto is not None:
            breaches = [b for b in breaches if 0 < b.event <= upto]
        found = []
        for guarantee in self.guarantees:
            own = [b for b in breaches if b.guarantee == guarantee.name]
            first = own[0] if own else None
            because = chain(self._journal.events, first.event) if first else ()
            found.append(Finding(guarantee, len(own), first, because))
        return found


def chain(events: Sequence[Event], number: int) -> tuple[int, ...]:
    """Return the numbers of an event and of everything that led to it, oldest first."""
    found: list[int] = []
    while 0 < number <= len(events) and len(found) < CHAIN:
        found.append(number)
        number = events[number - 1].cause
    return tuple(reversed(found))


__all__ = ["Finding", "Judge", "chain"]
