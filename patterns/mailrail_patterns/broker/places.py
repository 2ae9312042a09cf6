"""Where messages of one queue stand, though its line keeps them by another rule."""

from __future__ import annotations

from collections.abc import Iterable

from .entry import Entry


class Places:
    """Numbers messages as they come: at the tail upwards, at the head downwards."""

    __slots__ = ("_head", "_tail")

    def __init__(self) -> None:
        self._head = self._tail = 0

    def give(self, entry: Entry, *, head: bool) -> None:
        """Give a message its place: behind, or with ``head`` before, all that have one."""
        if head:
            self._head = entry.place = self._head - 1
        else:
            self._tail = entry.place = self._tail + 1


def place(entry: Entry) -> int:
    """Return where a message stands among all ranks of its line; the least came first."""
    return entry.place


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return messages as they came, whatever rule their line keeps them by."""
    return sorted(entries, key=place)
