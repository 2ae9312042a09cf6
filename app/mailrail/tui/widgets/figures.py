"""Numbers as a person reads them, in few columns."""

from __future__ import annotations

import re

_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(ms|s|m|min|h)?$")
_FACTORS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def count(number: int) -> str:
    """Return a count of things: ``999``, ``1,234``, ``12.3k``, ``4.56M``."""
    if number < 10_000:
        return f"{number:,}"
    for size, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return (
                f"{number / size:.3g}{sign}" if number < 999.5 * size else f"{number // size}{sign}"
            )
    return str(number)


def clock(seconds: float) -> str:
    """Return an instant or a length in seconds with one decimal: ``9.0``, ``123.4``."""
    return f"{seconds:.1f}"


def left(seconds: float) -> str:
    """Return what is left of a countdown: ``2.1s``, ``45s``, ``12m``, never below zero."""
    seconds = max(0.0, seconds)
    if seconds < 99.95:
        return f"{seconds:.1f}s"
    return f"{seconds:.0f}s" if seconds < 600 else f"{seconds / 60:.0f}m"


def tally(sign: str, number: int, word: str, room: int) -> str:
    """Return how many of something there are: ``● 3 working``; where room is short ``● 3``."""
    text = f"{sign} {count(number)} {word}"
    closer = f"{sign}{count(number)} {word}"
    return next((each for each in (text, closer) if len(each) <= room), f"{sign} {count(number)}")


def brief(seconds: float) -> str:
    """Return a length in as few columns as tell it: ``4.0s``, ``29s``, ``12m``."""
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    return f"{seconds:.0f}s" if seconds < 999.5 else f"{seconds / 60:.0f}m"


def restarts(incarnation: int) -> str:
    """Return how often an actor has come back: ``restarted``, ``restarted ×3``."""
    return "restarted" if incarnation == 2 else f"restarted {times(incarnation - 1)}"


def short(number: float) -> str:
    """Return a number without needless decimals: ``4``, ``2.5``, ``0.04``."""
    return count(int(number)) if number == int(number) else f"{number:.3g}"


def times(factor: float) -> str:
    """Return a factor: ``×3``, ``×0.25``."""
    return f"×{factor:g}"


def seconds_of(text: str) -> float | None:
    """Return the length a setting such as ``5s`` or ``250ms`` tells; None if it is none."""
    found = _DURATION.match(text.strip())
    if found is None:
        return None
    return float(found[1]) * _FACTORS[found[2] or "s"]
