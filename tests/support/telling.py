"""Rules judged on events made by hand, with no run behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mailrail_patterns.invariants.rules import Rule
from mailrail_patterns.kernel.events import Event

Told = tuple[str, dict[str, Any]]
"""An event's kind and its fields; without ``t`` it happens as many seconds in as its number."""


def told_to(rules: Sequence[Rule], told: Sequence[Told]) -> list[tuple[str, int]]:
    """Feed events to rules and return which guarantees broke at which of them."""
    found: list[tuple[str, int]] = []
    for rule in rules:
        rule.attach(lambda name, event, what: found.append((name, event.n)))
    for n, (kind, fields) in enumerate(told, 1):
        event = Event(n=n, kind=kind, **{"t": float(n), **fields})
        for rule in rules:
            handler = rule.watches().get(kind)
            if handler is not None:
                handler(event)
    return found
