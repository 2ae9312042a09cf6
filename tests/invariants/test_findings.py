"""What is found by a place in the past is what had been found when the run was there."""

from __future__ import annotations

import pytest
from tests.support.histories import bad_days

from mailrail_patterns.invariants.judge import Finding
from mailrail_patterns.run import Run

RUNS = [run for run in bad_days() if run._judge.breaches]


def counted(run: Run, upto: int) -> list[tuple[str, int, int]]:
    """Return name, number of breaches and first of them, counted one by one."""
    found = []
    for guarantee in run._judge.guarantees:
        own = [b.event for b in run._judge.breaches if b.guarantee == guarantee.name]
        past = [event for event in own if event <= upto]
        found.append((guarantee.name, len(past), past[0] if past else 0))
    return found


def told(found: list[Finding]) -> list[tuple[str, int, int]]:
    return [(f.guarantee.name, f.violations, f.first.event if f.first else 0) for f in found]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.pattern.name)
def test_breaches_are_counted_up_to_any_event(run: Run) -> None:
    for rule in run._judge._rules:
        rule.closing = lambda now, quiet: ()  # type: ignore[method-assign]
    for upto in range(0, len(run.events) + 1, 7):
        assert told(run._judge.findings(run.now, False, upto)) == counted(run, upto)
    everything = told(run._judge.findings(run.now, False))
    assert everything == counted(run, len(run.events))
    assert any(count > 1 for _, count, _ in everything)
