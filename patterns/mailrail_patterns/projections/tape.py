"""An append-only list whose copies share their common past."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Tape(Generic[T]):
    """A list that only grows; a copy costs nothing and may lag behind.

    A copy that replays the same events appends the same values, so it need only move its own
    end forward. Copies must never be fed different events.
    """

    __slots__ = ("items", "length")

    def __init__(self, items: list[T] | None = None, length: int = 0) -> None:
        self.items: list[T] = [] if items is None else items
        self.length = length

    def append(self, value: T) -> None:
        """Add ``value`` at this copy's end."""
        if self.length == len(self.items):
            self.items.append(value)
        self.length += 1

    def since(self, start: int) -> list[T]:
        """Return this copy's values from index ``start`` on."""
        return self.items[start : self.length]

    def copy(self) -> Tape[T]:
        """Return a copy that shares the past."""
        return Tape(self.items, self.length)
