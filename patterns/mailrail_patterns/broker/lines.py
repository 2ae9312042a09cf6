"""In which order ready messages are delivered: first come first served, or the newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from ..kernel.journal import Journal
from ..quantities import on_grid
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


def _ready(entries: deque[Entry], take: Callable[[], Entry]) -> Entry | None:
    """Take from one end of ``entries`` up to the first that is ready; None if none is."""
    while entries:
        entry = take()
        if entry.stage is READY:
            return entry
    return None


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
        return _ready(self._entries, self._entries.popleft)

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


class Newest(Fifo):
    """The newest first: always, or while the oldest has waited for too long.

    What is old is sidelined, not lost: it is served when nothing newer waits.
    """

    def __init__(self, journal: Journal, late: float) -> None:
        """Serve the newest first while the oldest has waited ``late`` seconds; 0: always."""
        super().__init__()
        self._journal = journal
        self._late = late

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message as the newest, or where it is next."""
        if head and not self._turned():
            self._entries.appendleft(entry)
        else:
            self._entries.append(entry)

    def take(self) -> Entry | None:
        """Take the message whose turn it is; None if there is none."""
        if not self._turned():
            return super().take()
        return _ready(self._entries, self._entries.pop)

    def shed(self) -> Entry | None:
        """Take the oldest message; None if there is none."""
        return super().take()

    def _turned(self) -> bool:
        if not self._late:
            return True
        oldest = self.peek()
        return oldest is not None and oldest.since <= on_grid(self._journal.now - self._late)
