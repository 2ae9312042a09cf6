"""What a forecast measures is what the run will have measured, and it keeps nothing of it."""

from __future__ import annotations

import pytest

from mailrail_patterns import catalog
from mailrail_patterns.forecast import Forecast
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

SLICE = 50


@pytest.mark.parametrize("pattern", catalog.MODULES)
def test_it_measures_what_the_run_will_have_measured(pattern: str) -> None:
    own = [name for name in catalog.bundled() if name.startswith(f"{pattern}/")]
    for name in own[::4]:
        scenario = find(name)
        run, forecast = Run(scenario), Forecast(scenario, seed=scenario.seed)
        run.advance(run.duration)
        while not forecast.advance(SLICE):
            assert forecast.now <= run.now
        assert forecast.now == run.now
        assert forecast.series() == run.view().series, name
        assert not forecast._world.journal.events


def test_it_goes_by_its_seed_and_its_settings() -> None:
    scenario, overrides = find("competing-consumers/the-lock-is-a-lease"), {"lock": "3s"}
    run = Run(scenario, seed=5, overrides=overrides)
    run.advance(run.duration)
    forecast = Forecast(scenario, seed=5, overrides=overrides)
    while not forecast.advance(SLICE):
        pass
    assert forecast.series() == run.view().series
    assert forecast.series() != Forecast(scenario, seed=scenario.seed).series()
