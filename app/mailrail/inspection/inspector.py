"""Makes the sheet of whatever is selected, again only when something has changed."""

from __future__ import annotations

from mailrail.code import CodeView
from mailrail.selection import Kind, Selection
from mailrail.sheet import Entry, Section, Sheet
from mailrail_patterns.run import Run

from .actors import actor_sheet
from .links import Tell
from .messages import message_sheet
from .occurrences import event_sheet
from .queues import queue_sheet
from .rows import row_sheet
from .threads import Threads


class Inspector:
    """Looks things up in one run."""

    def __init__(self, run: Run, tell: Tell) -> None:
        """Start with nothing looked up.

        Args:
            run: The run.
            tell: Tells an event.
        """
        self._run = run
        self._tell = tell
        self._threads = Threads(run.events)
        self._made_for: object = None
        self._sheet: Sheet | None = None

    def sheet(self, chosen: Selection, code: CodeView | None = None) -> Sheet:
        """Return everything about what is selected, as of the playhead.

        Args:
            chosen: What is selected.
            code: Where the coroutine of a selected actor waits.
        """
        run = self._run
        self._threads.read()
        # Countdowns are told to the tenth of a second.
        here = (chosen, run.position, len(run.events), round(run.now, 1), code,
                self._threads.behind)  # fmt: skip
        if self._sheet is None or here != self._made_for:
            self._made_for = here
            self._sheet = self._make(chosen, code or CodeView())
        return self._sheet

    def _make(self, chosen: Selection, code: CodeView) -> Sheet:
        run, threads, tell = self._run, self._threads, self._tell
        if chosen.kind is Kind.ACTOR:
            return actor_sheet(run, tell, chosen, code)
        if chosen.kind is Kind.QUEUE:
            return queue_sheet(run, chosen)
        if threads.behind:
            done = 1 - threads.behind / max(1, len(run.events))
            told = Entry(f"reading the events: {done:.0%}", "", "faint")
            return Sheet(chosen, chosen.key, (Section("", (told,)),), partial=True)
        if chosen.kind is Kind.MESSAGE:
            return message_sheet(run, threads, tell, chosen)
        if chosen.kind is Kind.ROW:
            return row_sheet(run, threads, tell, chosen)
        return event_sheet(run, threads, tell, chosen)
