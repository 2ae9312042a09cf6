"""Finding the name somebody meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name closest to ``name``, or None when nothing is close."""
    names = list(valid)
    folded = {candidate.lower(): candidate for candidate in reversed(names)}
    found = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.4)
    if found:
        return folded[found[0]]
    starts = [c for c in names if name and c.lower().startswith(name.lower())]
    return starts[0] if starts else None


def suggest(name: str, valid: Iterable[str]) -> str:
    """Return the half sentence that ends every "unknown name" message."""
    names = list(valid)
    close = nearest(name, names)
    if close is not None:
        return f"the nearest is {close!r}"
    if not names:
        return "there are none here"
    return "valid are " + ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


class BadInput(ValueError):
    """Input from outside that cannot be used; its text is fit to show to a person.

    Attributes:
        where: The file, key or flag at fault; empty where the caller knows it better.
        problem: What is wrong, what was expected and the nearest valid name.
    """

    def __init__(self, problem: str, where: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.problem = problem
        self.where = where

    def inside(self, outer: str) -> BadInput:
        """Return the same complaint, its place told from further outside."""
        where = f"{outer}: {self.where}" if self.where else outer
        return BadInput(self.problem, where)
