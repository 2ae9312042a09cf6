"""What had gone wrong before a guarantee broke, where its chain of causes cannot tell.

A chain goes from event to event, and silence is no event: that an answer never came follows from
nothing that happened, but from the crash of whoever was to give it. So the faults and crashes of a
run are looked through for those that concern what broke: its messages, with all of their
conversation, and whoever had a hand in it: did what is in the chain, held one of them, alone was
to take it, or took it while something was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

MOST: Final = 4
"""Faults that are told, the latest of them."""

WINDOW: Final = 100_000
"""Events that are looked through, the latest before the breach."""

_WORD: Final = re.compile(r"[\w-]+")
_ENDS: Final = frozenset(
    {kind.COMPLETED, kind.ABANDONED, kind.DEFERRED, kind.LOCK_EXPIRED, kind.DEAD_LETTERED}
)
_GONE: Final = frozenset({kind.COMPLETED, kind.DEAD_LETTERED, kind.EXPIRED})
_DOWN: Final = frozenset({kind.CRASHED, kind.PAUSED, kind.HALTED, kind.INJECTED})
_SENDS: Final = " producer"
"""How the text of a ``spawned`` event ends if the actor only sends."""
_UP: Final = frozenset({kind.RESTARTED, kind.RESUMED, kind.HEALED})


class _Look:
    """One look through the events before a breach."""

    def __init__(self, concerns: frozenset[str] | None, links: frozenset[str]) -> None:
        self._concerns = concerns
        self._links = links
        self._conversations: dict[str, str] = {}
        self._serving: dict[str, set[str]] = {}
        self._holder: dict[tuple[str, str], str] = {}
        self._open: set[tuple[str, str]] = set()
        self._down: dict[str, int] = {}
        self._weak: dict[str, int] = {}
        self.found: set[int] = set()

    def concerned(self, message: str) -> bool:
        """Return whether a message is of a conversation that broke."""
        if self._concerns is None:
            return True
        talk = self._conversations.get(message)
        if talk is None:  # lost before it was sent; its id follows from what it answers
            return any(message == each or message.startswith(f"{each}-") for each in self._concerns)
        return talk in self._concerns

    def take(self, event: Event) -> None:
        """Take notice of an event, in order."""
        sort, place = event.kind, (event.queue, event.message)
        if sort == kind.SENT:
            self._conversations[event.message] = event.conversation or event.message
            if self.concerned(event.message):
                self._open.add(place)
        elif sort == kind.SPAWNED:
            if not event.text.endswith(_SENDS):
                self._serving.setdefault(event.queue, set()).add(event.actor)
        elif sort == kind.STOPPED:
            for crew in self._serving.values():
                crew.discard(event.actor)
        elif sort == kind.DELIVERED:
            if self.concerned(event.message):
                self._holder[place] = event.actor
                if event.actor in self._weak:
                    self.found.add(self._weak[event.actor])
        elif sort in _DOWN or sort == kind.STRUCK:
            self._fault(event)
        elif sort in _UP:
            self._down.pop(event.actor, None)
            self._weak.pop(event.actor, None)
        if sort in _ENDS:
            self._holder.pop(place, None)
        if sort in _GONE:
            self._open.discard(place)

    def _fault(self, event: Event) -> None:
        if event.kind == kind.INJECTED and event.token == kind.PENDING:
            return  # it is told where it strikes
        if event.group or event.kind == kind.STRUCK:
            if self.concerned(event.group):
                self.found.add(event.n)
        elif not event.actor:
            self.found.add(event.n)
        else:
            self._down[event.actor] = event.n
            if event.kind == kind.INJECTED:
                self._weak[event.actor] = event.n
            if event.actor in self._links or event.actor in self._holder.values():
                self.found.add(event.n)

    def close(self) -> None:
        """Add whoever is still down while something waits in a queue that nobody else serves."""
        for queue in {queue for queue, _ in self._open}:
            crew = self._serving.get(queue, set())
            if crew.issubset(self._down):
                self.found.update(self._down[actor] for actor in crew)


def gone_wrong(events: Sequence[Event], because: Sequence[int], what: str) -> tuple[int, ...]:
    """Return the faults and crashes that concern what broke and are no link of its chain.

    Args:
        events: Every event of the run.
        because: Numbers of the events that led to the breach, the last of them the one at which
            it broke; empty: it was found at the end.
        what: What was found; the messages it names are of concern. If there are none, and no
            chain, everything is.

    Returns:
        Their numbers, oldest first, :data:`MOST` at the most.
    """
    end = because[-1] if because else len(events)
    before = events[max(0, end - WINDOW) : end]
    talks = {
        event.message: event.conversation or event.message
        for event in before
        if event.kind == kind.SENT
    }
    links = {events[n - 1].message for n in because} | talks.keys() & _WORD.findall(what)
    concerns = frozenset(talks.get(message, message) for message in links if message)
    look = _Look(concerns or None, frozenset(events[n - 1].actor for n in because))
    for event in before:
        look.take(event)
    look.close()
    return tuple(sorted(look.found.difference(because))[-MOST:])
