"""Telling that something strikes which somebody armed by hand, as the run comes to it."""

from __future__ import annotations

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run

from .narration import narrate
from .notices import Notice


class Herald:
    """Tells of one run, each event once; of what had happened before it came, nothing."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._read = len(run.events)

    def news(self) -> list[Notice]:
        """Return what is to be told of what has happened since the last call."""
        events = self._run.events
        first, self._read = self._read, len(events)
        if first == self._read or not self._run.commands:
            return []
        strikes: dict[tuple[str, int], int] = {}
        for index in range(first, self._read):
            event = events[index]
            if _strikes(event):  # one that strikes again and again is told the last time
                strikes[event.kind, event.token if event.kind == kind.STRUCK else event.n] = index
        return [Notice(self._told(index), "warning", news=True) for index in strikes.values()]

    def _told(self, index: int) -> str:
        """Tell an event, and what came of it at once."""
        events = self._run.events
        event = events[index]
        parts = [event]
        if event.kind == kind.STRUCK:
            parts += [e for e in events[index + 1 : index + 3] if e.cause == event.n]
        rows = (narrate(part) for part in parts)
        return " → ".join(row.text for row in rows if row is not None)


def _strikes(event: Event) -> bool:
    at_a_point = event.kind == kind.CRASHED and event.text.startswith("K")
    return event.kind == kind.STRUCK or at_a_point
