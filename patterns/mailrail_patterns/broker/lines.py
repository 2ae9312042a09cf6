"""In which order ready messages are delivered: first come first served, or by priority."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from .entry import READY, Entry


class Line(Protocol):
    """Ready messages in the order in which they will be delivered.

    A message that is no longer ready when its turn comes is passed over: taking one out of
    the middle would cost more than stepping over it.
    """

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message at the tail, or at the head, of those of its own rank."""
        ...

    def take(self) -> Entry | None:
        """Take the next message, to deliver it; None if there is none."""
        ...

    def peek(self) -> Entry | None:
        """Return the next message without taking it; None if there is none."""
        ...

    def shed(self) -> Entry | None:
        """Take the next message to drop it, which counts as nobody's turn; None if none."""
        ...

    def leave(self) -> Sequence[Entry]:
        """Return all messages as they stand, whatever their ranks; the line is not used again."""
        ...


class Fifo:
    """First come, first served."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message at the tail, or at the head."""
        if head:
            self._entries.appendleft(entry)
        else:
            self._entries.append(entry)

    def take(self) -> Entry | None:
        """Take the next message; None if there is none."""
        entries = self._entries
        while entries:
            entry = entries.popleft()
            if entry.stage is READY:
                return entry
        return None

    def shed(self) -> Entry | None:
        """Take the next message; None if there is none."""
        return self.take()

    def peek(self) -> Entry | None:
        """Return the next message without taking it; None if there is none."""
        entries = self._entries
        while entries and entries[0].stage is not READY:
            entries.popleft()
        return entries[0] if entries else None

    def leave(self) -> Sequence[Entry]:
        """Return all messages as they stand."""
        return [entry for entry in self._entries if entry.stage is READY]
