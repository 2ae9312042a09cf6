"""Each safeguard keeps its guarantee: switched off, a sweep finds the breach by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from tests.support.safeguards import guarded

from mailrail_patterns import catalog
from mailrail_patterns.declaration import Safeguard
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find, load
from mailrail_patterns.sweeping import Trial, by_crash, by_fault
from mailrail_patterns.trials import Sweep, carry_out

REGRESSIONS = Path(__file__).parents[1] / "regressions"
# How many crashes, and faults, of a scenario are tried, and then how many more: what breaks does
# so at most instants of one scenario, and at hardly any of the others.
WIDENING = (4, 25, 150)
DECLARED = [
    (name, safeguard) for name in catalog.MODULES for safeguard in catalog.pattern(name).safeguards
]
NAMES = [f"{name}/{safeguard.setting}" for name, safeguard in DECLARED]


def breaks(run: Run, guarantee: str) -> bool:
    """Say whether a guarantee broke in a run, played to its end."""
    run.advance(run.duration)
    return not next(f for f in run.findings() if f.guarantee.name == guarantee).holds


def scenarios(name: str) -> Iterator[Scenario]:
    """Yield the scenario that makes a pattern's point, its defaults, then all it brings."""
    first = catalog.demo(name)
    yield find(first)
    yield find(name)
    yield from (find(each) for each in catalog.bundled(name) if each != first)


def plans(name: str, overrides: dict[str, str]) -> Iterator[tuple[Run, int]]:
    """Yield the demo with some trials, then every scenario with its trials: the cheapest first.

    A scenario that refuses what it is told to be without cannot show what that does.
    """
    runs = []
    for scenario in scenarios(name):
        with suppress(BadInput):
            run = Run(scenario, overrides=overrides)
            run.advance(run.duration)
            runs.append(run)
            if len(runs) == 1:
                yield run, WIDENING[1]
    yield from sorted(product(runs, WIDENING), key=lambda plan: len(plan[0].events) * plan[1])


def trials(run: Run, most: int) -> list[Trial]:
    """Return crashes and faults spread over a run, at most so many of each."""
    crashes = by_crash(run, down=None, most=most).trials
    return [Trial(run.seed), *crashes, *by_fault(run, down=None, most=most).trials]


@pytest.mark.parametrize(("name", "safeguard"), DECLARED, ids=NAMES)
def test_a_sweep_finds_what_breaks_without_it(name: str, safeguard: Safeguard) -> None:
    pattern = catalog.pattern(name)
    overrides = guarded(pattern, but=safeguard.setting)
    if safeguard.given:
        key, _, value = safeguard.given.partition("=")
        overrides[key] = value
    for run, most in plans(name, overrides):
        sweep = Sweep(run.scenario, overrides, strict=False)
        for trial in trials(run, most):
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
    assert {name.partition("-off")[0] for name in kept} == set(NAMES)
