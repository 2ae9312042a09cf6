"""Whoever sleeps until an instant finds that it has come, whatever a sum of fractions says."""

from __future__ import annotations

import pytest
from tests.support.scenarios import broken

from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, StepTable, build

BESIDE = 10.300722 + 0.3
"""A sum that lies beside the grid, as many do: 10.600722 and something."""

UNEVEN = {
    "asynchronous-request-reply": ({"patience": "300ms"}, ()),
    "competing-consumers": ({"defer_for": "300ms"}, ("inject early",) * 40),
    "queue-based-load-leveling": ({"patience": "300ms", "retries": "3"}, ()),
    "sequential-convoy": ({"resend_after": "300ms"}, ("inject lose-send 60",)),
}
"""Where somebody waits until an instant of his own: settings, and what makes him."""


def test_such_sums_exist() -> None:
    assert round(BESIDE, 6) < BESIDE


@pytest.mark.parametrize("name", UNEVEN)
def test_time_goes_on_at_every_instant(name: str) -> None:
    """Arrivals at odd instants, some of whose sums lie above the grid."""
    settings, deeds = UNEVEN[name]
    document = Document(
        pattern=name,
        seed=1,
        duration="60s",
        settings={**settings, "every": "exponential(500ms)"},
        steps=[StepTable("0s", deed) for deed in deeds],
    )
    run = Run(build(document, "odd instants"))
    run.advance(60.0)
    assert not run.stalled
    assert "time-moves" not in broken(run)
