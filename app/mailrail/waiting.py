"""Where coroutines stand at the playhead: read off the engine, or off the same run anew.

The engine stands at the frontier and never goes back. Where a coroutine stood in the past no
event tells; but a run is deterministic, so a second one carried to the playhead stands there.
"""

from __future__ import annotations

from typing import Final

from mailrail_patterns import catalog
from mailrail_patterns.run import Run

from .code import CodeView, Place, source_of

FARTHEST: Final = 6_000
"""Events a second run is carried over at once: more would be felt at every step back."""

WORDS: Final = {"crashed": "died", "paused": "frozen"}


class Waiting:
    """Finds where the actors of one run stand."""

    def __init__(self, run: Run) -> None:
        """Start at the frontier."""
        self._run = run
        self._source = source_of(str(catalog.source(run.pattern.name)))
        self._twin: Run | None = None
        self._carried_to = (-1, -1.0)
        self._made_for: object = None
        self._view = CodeView(self._source)

    def view(self, actor: str) -> CodeView:
        """Return where an actor stands at the playhead; an empty name is nobody."""
        run = self._run
        # The playhead's instant matters: a sleep may end between two events.
        here = (actor, run.position, run.now, len(run.events))
        if here != self._made_for:
            self._made_for = here
            self._view = self._find(actor)
        return self._view

    def _find(self, actor: str) -> CodeView:
        found = self._run.picture.actors.actors.get(actor)
        if found is None:
            why = f"{actor} has not started yet." if actor else "Select an actor: tab or a click."
            return CodeView(self._source, why=why)
        if found.state == "stopped":
            return CodeView(self._source, actor, why=f"{actor} has left: its coroutine is over.")
        if found.state == "halted":
            why = f"{actor} has halted: its coroutine is over until somebody restarts it."
            return CodeView(self._source, actor, why=why)
        there = self._there()
        if there is None:
            why = f"Where {actor} stood so late in a run is told at the frontier only: press end."
            return CodeView(self._source, actor, why=why)
        places = tuple(Place(source_of(path), line) for path, line in there.stands_at(actor))
        why = "" if places else f"{actor} has just begun."
        return CodeView(self._source, actor, WORDS.get(found.state, "waits"), places, why)

    def _there(self) -> Run | None:
        """Return a run whose engine stands at the playhead; None: it would take too long."""
        run = self._run
        if not run.rewound:
            return run
        twin = self._twin
        if twin is not None and self._carried_to == (run.position, run.now):
            return twin
        events, position = run.events, run.position
        whole = position == len(events) or events[position].t > run.now
        if twin is None or not _leads_to(twin, run, whole=whole):
            if position > FARTHEST:
                return None
            twin = self._twin = run.again()
        if position - twin.position > FARTHEST:
            return None
        while twin.position < position and twin.step():
            pass
        if whole:
            twin.advance(run.now)
        self._carried_to = position, run.now
        return twin


def _leads_to(twin: Run, run: Run, *, whole: bool) -> bool:
    """Return whether a second run has not come beyond the playhead of the first."""
    if len(twin.commands) != len(run.commands) or twin.position > run.position:
        return False
    if twin.now > run.now:
        return False
    # What came after the last event of an instant that is not over cannot be taken back.
    return whole or twin.now < run.now or len(twin.events) <= run.position
