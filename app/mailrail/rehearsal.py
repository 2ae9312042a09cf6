"""How a run goes if nobody interferes: known beforehand, because the same run always goes the same.

A chart whose axis grows with its curve shows the same curve at every scale: nobody sees how steep
a backlog builds up, and two moments cannot be compared. So the axes are laid for the highest value
that the run is going to reach by its plan, and stay there. Only what a person does can take the
curve beyond; then the scale changes once, at least twofold, and says so.

A short run is rehearsed at once; a long one in slices between frames, without a thread, and until
that is done its charts say that their scale is not known yet.
"""

from __future__ import annotations

from typing import Final

from mailrail_patterns.projections.queues import QueuesFold
from mailrail_patterns.projections.series import SeriesFold, step_of
from mailrail_patterns.run import Run
from mailrail_patterns.views import SeriesView

STEPS: Final = 20_000
"""Steps of the engine that are taken at once, about a seventh of a second: no bundled scenario
needs more."""

MOST: Final = 1_000_000
"""Steps of the engine that are taken at the most, as all events of a rehearsal are held until its
end. A longer run has axes that grow, twofold at the least."""

HOPELESS: Final = 4 * MOST
"""Steps that a run would take at its pace so far beyond which it is not looked at any further."""


class Plan:
    """A run as it goes if nobody interferes.

    Attributes:
        series: Its measurements from start to end; None: not known.
        share: How much of it has been looked at, from 0 to 1.
    """

    def __init__(self, run: Run) -> None:
        """Begin to look at what has been planned.

        What has been done by hand is left out, so that all futures of a run share their axes.
        """
        self.series: SeriesView | None = None
        self.share = 0.0
        self._run: Run | None = Run(run.scenario, seed=run.seed, overrides=run.overrides)
        self._queues = QueuesFold()
        self._series = SeriesFold(self._queues, step_of(run.duration))
        self._folds = (self._queues.handlers(), self._series.handlers())
        self._read = self._taken = 0
        self.go_on(STEPS)

    @property
    def open(self) -> bool:
        """Whether it is not known yet and will be."""
        return self._run is not None

    def go_on(self, steps: int) -> None:
        """Look further ahead.

        Args:
            steps: Steps of the engine to take at the most.
        """
        run = self._run
        if run is None:
            return
        arrived = run.advance(run.duration, steps)
        self._taken += steps
        self._fold(run)
        if arrived:
            self.series = self._series.view(run.now)
        self.share = run.now / run.duration if run.duration else 1.0
        pace = self._taken / self.share if self.share else 0.0
        if arrived or run.stalled or self._taken >= MOST or pace > HOPELESS:
            self._run = None

    def _fold(self, run: Run) -> None:
        events, before = run.events, self._series.before
        for index in range(self._read, len(events)):
            event = events[index]
            before(event.t)
            for handlers in self._folds:
                if event.kind in handlers:
                    handlers[event.kind](event)
        self._read = len(events)
        before(run.now)


class Rehearsal:
    """Remembers the last plan, which the futures of one run share."""

    def __init__(self) -> None:
        self._which: tuple[object, ...] = ()
        self._plan: Plan | None = None

    def of(self, run: Run) -> Plan:
        """Return how a run goes by its plan, as far as that is known."""
        which = (run.scenario, run.seed, run.overrides)
        if self._plan is None or which != self._which:
            self._which, self._plan = which, Plan(run)
        return self._plan
