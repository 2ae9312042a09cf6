"""How a run goes if nobody interferes: known beforehand, because the same run always goes the same.

A chart whose axis grows with its curve shows the same curve at every scale: nobody sees how steep
a backlog builds up, and two moments cannot be compared. So the axes are laid for the highest value
that the run is going to reach by its plan, and stay there. Only what a person does can take the
curve beyond; then the scale changes once, at least twofold, and says so.

A short run is rehearsed at once; a long one in slices between frames, without a thread, and until
that is done its charts say that their scale is not known yet. Meanwhile the axes are laid for as
much as has been looked at, which is ahead of whoever plays.
"""

from __future__ import annotations

from typing import Final

from mailrail_patterns.forecast import Forecast
from mailrail_patterns.run import Run
from mailrail_patterns.views import SeriesView

STEPS: Final = 20_000
"""Steps of the engine that are taken at once, about a tenth of a second: no bundled scenario
needs more."""

MOST: Final = 4_000_000
"""Steps of the engine that are taken at the most, about half a minute in all: what they leave
behind at the broker and in the stores, some sixty bytes each, is held meanwhile. The axes of a
longer run stand still for as much of it as that, and then grow, twofold at the least."""


class Plan:
    """A run as it goes if nobody interferes.

    Attributes:
        share: How much of it has been looked at, from 0 to 1.
        known_to: Where looking at it was given up because it is too long, in seconds of virtual
            time; None: it was not.
    """

    def __init__(self, run: Run) -> None:
        """Begin to look at what has been planned.

        What has been done by hand is left out, so that all futures of a run share their axes.
        """
        self.share = 0.0
        self.known_to: float | None = None
        self._duration = run.duration
        self._taken = 0
        self._forecast: Forecast | None = Forecast(
            run.scenario, seed=run.seed, overrides=run.overrides
        )
        self._series = self._forecast.series()
        self.go_on(STEPS)

    @property
    def open(self) -> bool:
        """Whether more of it will be looked at."""
        return self._forecast is not None

    @property
    def series(self) -> SeriesView:
        """Its measurements, as far as it has been looked at."""
        return self._series if self._forecast is None else self._forecast.series()

    def go_on(self, steps: int) -> None:
        """Look further ahead.

        Args:
            steps: Steps of the engine to take at the most.
        """
        forecast = self._forecast
        if forecast is None:
            return
        over = forecast.advance(steps)
        self._taken += steps
        self.share = forecast.now / self._duration if self._duration else 1.0
        if over or self._taken >= MOST:
            self._series, self._forecast = forecast.series(), None
            if not over:
                self.known_to = forecast.now


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
