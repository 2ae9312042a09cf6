"""What a run is going to do, seen in a copy: looking for it is no step into the future.

Whatever is done to a run takes effect where its engine stands. Were the run itself run on to look
for something, the next thing done would part from a future that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from mailrail_patterns.kernel.events import Event
from mailrail_patterns.run import Run

from .errands import SLICE


class Foresight:
    """Looks ahead of one run.

    The copy is kept, so that a key pressed again and again runs nothing twice. Whatever is done
    by hand makes another future, and another copy.
    """

    def __init__(self, run: Run) -> None:
        """Look at nothing yet."""
        self._run = run
        self._copy: Run | None = None
        self._done = 0

    def find(self, wanted: Callable[[Event], bool]) -> Generator[float, None, int | None]:
        """Look for the first event beyond all that have happened; the run stays where it is.

        Args:
            wanted: Whether it is that event.

        Yields:
            How much of the run has been looked at, from 0 to 1.

        Returns:
            The number of the event, if there is one before the end.
        """
        run = self._run
        if run.stalled or self._finished():
            return None
        copy = self._ahead()
        seen, over = len(run.events), False
        while True:
            for index in range(seen, len(copy.events)):
                if wanted(copy.events[index]):
                    return copy.events[index].n
            if over:
                return None
            seen = max(seen, len(copy.events))
            over = copy.advance(run.duration, SLICE) or copy.stalled
            if not over:
                yield copy.now / run.duration

    def _finished(self) -> bool:
        """Return whether the playhead is at the end and nothing is due at that instant any more."""
        run = self._run
        return not run.rewound and run.now >= run.duration and run.advance(run.now, 0)

    def _ahead(self) -> Run:
        done = len(self._run.commands)
        if self._copy is None or done != self._done:
            self._copy, self._done = self._run.again(), done
        return self._copy
