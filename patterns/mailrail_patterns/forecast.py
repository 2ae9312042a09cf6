"""What is measured in a run from start to end, found out without keeping the run."""

from __future__ import annotations

from collections.abc import Mapping

from . import catalog
from .projections.queues import QueuesFold
from .projections.series import SeriesFold, step_of
from .quantities import on_grid
from .scenario import Scenario
from .settings import resolve
from .views import SeriesView
from .world import World


class Forecast:
    """A run that nobody looks back in, and that nobody judges.

    What happens in it is what happens in the :class:`~mailrail_patterns.run.Run` of the same
    scenario and seed, as judges change nothing. Its events are counted in and forgotten, so that
    a million of them take no more room than what they leave behind in the broker.
    """

    def __init__(
        self, scenario: Scenario, *, seed: int, overrides: Mapping[str, object] | None = None
    ) -> None:
        """Prepare it; nothing has happened yet.

        Args:
            scenario: What is run; a run has been made of it before, so that it is a good one.
            seed: The seed.
            overrides: Settings given on top of the scenario's.
        """
        pattern = catalog.pattern(scenario.pattern)
        given = {**dict(scenario.settings), **(overrides or {})}
        self._until = on_grid(scenario.duration)
        self._world = World(pattern, resolve(pattern, given), seed, dict(scenario.messages), given)
        self._queues = QueuesFold()
        self._series = SeriesFold(self._queues, step_of(scenario.duration))
        self._folds = (self._queues.handlers(), self._series.handlers())
        self._world.open(scenario.cast)
        self._world.schedule(scenario.steps)

    @property
    def now(self) -> float:
        """How far it has come, in seconds of virtual time."""
        return self._world.journal.now

    def advance(self, steps: int) -> bool:
        """Go on by so many steps of the engine at the most.

        Returns:
            Whether that is all there will be: its end, or an instant that would not end.
        """
        agenda, journal = self._world.agenda, self._world.journal
        over = agenda.advance(self._until, steps) or agenda.stalled
        before = self._series.before
        for event in journal.events:
            before(event.t)
            for handlers in self._folds:
                if event.kind in handlers:
                    handlers[event.kind](event)
        journal.forget()
        before(journal.now)
        return over

    def series(self) -> SeriesView:
        """Return what has been measured so far."""
        return self._series.view(self.now)
