"""Which events belong together, found without reading all of them anew."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from mailrail.blame import gone_wrong
from mailrail_patterns.invariants.judge import chain
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

PORTION: Final = 30_000
"""Events read in one frame at the most; a long run is read over several."""

_NAMES_NONE: Final = frozenset(
    {kind.CHANGED, kind.INJECTED, kind.HEALED, kind.ARMED, kind.DISARMED, kind.STATE}
)
"""Kinds whose message field holds the name of something else."""

_NONE: Final = array("I")

CHILDREN: Final = 20
"""Consequences of an event among which a breach of a guarantee is looked for."""


def concerned(event: Event) -> str:
    """Return the message an event is about; empty: about none."""
    if event.kind == kind.STRUCK:
        return event.group
    return "" if event.kind in _NAMES_NONE else event.message


class Threads:
    """The threads that run through the events of one run.

    One for each message, one for each durable row, and one from each event through all that had
    it as their cause: the first of these, and from each of them the next.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        """Start with nothing read."""
        self._events = events
        self._first = array("I", (0,))
        self._last = array("I", (0,))
        self._next = array("I", (0,))
        self._messages: dict[str, array[int]] = {}
        self._rows: dict[tuple[str, str], array[int]] = {}
        self._troubles: tuple[int, list[Event]] = (0, [])

    @property
    def behind(self) -> int:
        """Events that have not been read yet."""
        return len(self._events) - len(self._first) + 1

    def read(self) -> None:
        """Read what has happened since the last call, a portion of it at the most."""
        start = len(self._first) - 1
        first, last, following = self._first, self._last, self._next
        for event in self._events[start : start + PORTION]:
            n, cause = event.n, event.cause
            for links in (first, last, following):
                links.append(0)
            if 0 < cause < n:
                before = last[cause]
                if before:
                    following[before] = n
                else:
                    first[cause] = n
                last[cause] = n
            self._note(event)

    def _note(self, event: Event) -> None:
        if event.kind == kind.STATE:
            row = (event.queue, event.message)
            thread = self._rows.get(row)
            if thread is None:
                thread = self._rows[row] = array("I")
        elif message := concerned(event):
            thread = self._messages.get(message)
            if thread is None:
                thread = self._messages[message] = array("I")
        else:
            return
        thread.append(event.n)

    def of_message(self, name: str, upto: int, most: int) -> list[Event]:
        """Return the latest ``most`` things that happened to a message up to event ``upto``."""
        return self._latest(self._messages.get(name, _NONE), upto, most)

    def of_row(self, table: str, key: str, upto: int, most: int) -> list[Event]:
        """Return the latest ``most`` versions of a durable row up to event ``upto``."""
        return self._latest(self._rows.get((table, key), _NONE), upto, most)

    def _latest(self, thread: array[int], upto: int, most: int) -> list[Event]:
        end = bisect_right(thread, upto)
        return [self._events[n - 1] for n in thread[max(0, end - most) : end]]

    def begins(self, name: str) -> Event | None:
        """Return the first thing that ever happened to a message; None if nothing has."""
        thread = self._messages.get(name, _NONE)
        return self._events[thread[0] - 1] if thread else None

    def followed(self, number: int, most: int) -> list[Event]:
        """Return the first ``most`` events that followed from one, the future included."""
        found: list[Event] = []
        n = self._first[number] if number < len(self._first) else 0
        while n and len(found) < most:
            found.append(self._events[n - 1])
            n = self._next[n]
        return found

    def troubles(self, number: int) -> list[Event]:
        """Return what had gone wrong when a guarantee broke at an event, or is told to have."""
        if self._troubles[0] != number:
            self._troubles = number, self._blamed(number)
        return self._troubles[1]

    def _blamed(self, number: int) -> list[Event]:
        event = self._events[number - 1]
        following = (event, *self.followed(number, CHILDREN))
        breach = next((each for each in following if each.kind == kind.VIOLATED), None)
        if breach is None:
            return []
        _, _, what = breach.text.partition(": ")
        because = chain(self._events, breach.cause)
        return [self._events[n - 1] for n in gone_wrong(self._events, because, what)]
