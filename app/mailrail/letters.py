"""Names and titles that came from outside, fit to be told: in letters, and not without end."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 200
"""Letters of a name that are told."""


def legible(text: str) -> str:
    """Return text in which bytes that are no letters, as names of files may hold, are spelt."""
    return text.encode("utf-8", "backslashreplace").decode()


def brief(name: str) -> str:
    """Return a name as it is told: of one that fits no line its beginning."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}…"
