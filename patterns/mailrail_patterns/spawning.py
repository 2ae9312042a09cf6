"""What actors are called, and what they can be given when they are spawned."""

from __future__ import annotations

from typing import Any

from .names import BadInput, suggest
from .port import Distribution, Options, Phase, Role
from .quantities import parse_distribution, parse_rate

LETTERS = "mnopqrstuvwxyzabcdefghijkl"


def letter(index: int) -> str:
    """Return what the ids of the ``index``-th producer's messages begin with: first m, then n."""
    if index < len(LETTERS):
        return LETTERS[index]
    return f"x{index + 1}-"


def options_of(role: Role[Any], pairs: tuple[tuple[str, str], ...], now: float) -> Options:
    """Read what ``spawn`` was given: ``every rate count`` for producers, ``service`` for consumers.

    Raises:
        BadInput: If a key does not fit the role or a value cannot be read.
    """
    keys = ("every", "rate", "count") if role.kind == "producer" else ("service",)
    arrivals: tuple[Phase, ...] = ()
    count, service = None, None
    for key, value in pairs:
        try:
            if key == "service" and key in keys:
                service = parse_distribution(value)
            elif key == "every" and key in keys:
                arrivals = (Phase(_spaced(parse_distribution(value))),)
            elif key == "rate" and key in keys:
                arrivals = (Phase(Distribution("constant", 1.0 / parse_rate(value))),)
            elif key == "count" and key in keys:
                count = _count(value)
            else:
                raise BadInput(f"a {role.name} takes no such thing; {suggest(key, keys)}")
        except BadInput as problem:
            raise problem.inside(key) from None
    return Options(arrivals, count, now, service)


def _spaced(every: Distribution) -> Distribution:
    if every.mean <= 0:
        raise BadInput("the time between two messages must be above 0s")
    return every


def _count(text: str) -> int:
    if not text.isdigit():
        raise BadInput(f"expected a whole number, not {text!r}")
    return int(text)
