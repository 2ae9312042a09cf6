"""How a run goes if nobody interferes: known beforehand, because the same run always goes the same.

A chart whose axis grows with its curve shows the same curve at every scale: nobody sees how steep
a backlog builds up, and two moments cannot be compared. So the axes are laid for the highest value
that the run is going to reach by its plan, and stay there. Only what a person does can take the
curve beyond; then the scale changes once, at least twofold, and says so.
"""

from __future__ import annotations

from typing import Final

from mailrail_patterns.run import Run
from mailrail_patterns.views import SeriesView

STEPS: Final = 20_000
"""Steps of the engine that are taken at the most, about a seventh of a second: no bundled scenario
needs more. A longer run has axes that grow."""


class Rehearsal:
    """Remembers the last one, which the futures of one run share."""

    def __init__(self) -> None:
        self._which: tuple[object, ...] = ()
        self._plan: SeriesView | None = None

    def of(self, run: Run) -> SeriesView | None:
        """Return the measurements of a whole run by its plan; None: not known."""
        which = (run.scenario, run.seed, run.overrides)
        if which != self._which:
            self._which, self._plan = which, rehearse(run)
        return self._plan


def rehearse(run: Run) -> SeriesView | None:
    """Return the measurements of a whole run by its plan; None if it takes too long to know.

    What has been done by hand is left out, so that all futures of a run share their axes.
    """
    plan = Run(run.scenario, seed=run.seed, overrides=run.overrides)
    if not plan.advance(plan.duration, STEPS):
        return None
    return plan.picture.series.view(plan.now)
