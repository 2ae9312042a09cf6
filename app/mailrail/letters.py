"""Text that came from outside: bytes that are no letters are spelt, so that it can be written."""

from __future__ import annotations


def legible(text: str) -> str:
    """Return text in which bytes that are no letters, as names of files may hold, are spelt."""
    return text.encode("utf-8", "backslashreplace").decode()
