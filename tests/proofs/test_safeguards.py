"""Each safeguard keeps its guarantee: switched off, a sweep finds the breach by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.safeguards import guarded

from mailrail_patterns import catalog
from mailrail_patterns.pattern import Safeguard
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find, load
from mailrail_patterns.sweeping import Trial, by_crash, by_fault
from mailrail_patterns.trials import Sweep, carry_out

REGRESSIONS = Path(__file__).parents[1] / "regressions"
MOST = 400
DECLARED = [
    (name, safeguard) for name in catalog.MODULES for safeguard in catalog.pattern(name).safeguards
]
NAMES = [f"{name}/{safeguard.setting}" for name, safeguard in DECLARED]


def breaks(run: Run, guarantee: str) -> bool:
    """Say whether a guarantee broke in a run, played to its end."""
    run.advance(run.duration)
    return not next(f for f in run.findings() if f.guarantee.name == guarantee).holds


def demo(name: str) -> Scenario:
    """Return the scenario that makes a pattern's point."""
    return find(catalog.demo(name))


def trials(scenario: Scenario, overrides: dict[str, str]) -> list[Trial]:
    """Return every crash and every fault worth trying on a scenario."""
    run = Run(scenario, overrides=overrides)
    run.advance(run.duration)
    crashes = by_crash(run, down=None, most=MOST).trials
    return [Trial(run.seed), *crashes, *by_fault(run, down=None, most=MOST).trials]


@pytest.mark.parametrize(("name", "safeguard"), DECLARED, ids=NAMES)
def test_a_sweep_finds_what_breaks_without_it(name: str, safeguard: Safeguard) -> None:
    pattern = catalog.pattern(name)
    overrides = guarded(pattern, but=safeguard.setting)
    for scenario in (demo(name), find(name)):
        sweep = Sweep(scenario, overrides, strict=False)
        for trial in trials(scenario, overrides):
            if safeguard.keeps in {each.name for each in carry_out(sweep, trial).breaks}:
                return
    pytest.fail(f"{safeguard.setting}={safeguard.off} never broke {safeguard.keeps}")


@pytest.mark.parametrize(("name", "safeguard"), DECLARED, ids=NAMES)
def test_the_shortest_failure_is_kept_and_cured_by_it(name: str, safeguard: Safeguard) -> None:
    scenario = load(REGRESSIONS / name / f"{safeguard.setting}-off.toml")
    assert scenario.pattern == name
    assert breaks(Run(scenario), safeguard.keeps)
    assert not breaks(Run(scenario, overrides={safeguard.setting: safeguard.on}), safeguard.keeps)


def test_no_regression_is_kept_for_what_is_no_safeguard() -> None:
    kept = {f"{path.parent.name}/{path.stem}" for path in REGRESSIONS.glob("*/*.toml")}
    assert kept == {f"{name}-off" for name in NAMES}
