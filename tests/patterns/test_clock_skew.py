"""Clocks that differ between whoever claims a row and whoever takes it away."""

from __future__ import annotations

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.names import BadInput
from mailrail_patterns.orders import TABLE

NAME = "scheduler-agent-supervisor"
ALONE = {
    "schedulers": "1", "supervisors": "1", "agents": "1", "count": "2", "every": "10s",
    "service": "3s", "call_timeout": "0s", "scan_every": "3s",
}  # fmt: skip
"""m02 comes at 10 s and is claimed for 4 s; scans at 12, 15, 18 and 21 s."""


@pytest.mark.parametrize(
    ("whose", "skew", "crash", "back", "told", "breaks"),
    [
        # At 12 s it takes it for 17: the claim was to last until 14, and the reply comes at 13.
        ("supervisor-1", "5s", (), 12, (13, "stale"), {"no-early-steal"}),
        # At 10 s it takes it for 7.5, so the claim ends at 11.5: the agent goes silent then.
        ("scheduler-1", "-2.5s", (), 12, (11.5, "silent"), set()),
        # At 18 s it takes it for 13, before the claim's end at 14; at 21 s for 16.
        ("supervisor-1", "-5s", ("11s crash agent-1",), 21, None, {"no-row-rots"}),
        # At 10 s it takes it for 15, so the claim ends at 19.
        ("scheduler-1", "5s", ("11s crash agent-1",), 21, None, set()),
    ],
)
def test_clocks_that_differ_end_a_claim_early_or_late(
    whose: str, skew: str, crash: tuple[str, ...], back: float,
    told: tuple[float, str] | None, breaks: set[str],
) -> None:  # fmt: skip
    run = ran(NAME, 21.5, f"5s inject clock-skew on {whose}", *crash, skew=skew, **ALONE)
    moved = [(e.t, e.group) for e in run.events if e.queue == TABLE and e.message == "m02"]
    assert moved[1:3] == [(10, "Processing"), (back, "Pending")]
    if told is not None:
        assert told in [(e.t, e.text.partition(":")[0]) for e in run.events if e.kind == "noted"]
    assert broken(run) == breaks


def test_only_whoever_reads_a_claim_by_the_clock_can_have_a_wrong_one() -> None:
    with pytest.raises(BadInput, match="applies to a supervisor or scheduler, not to agent-1"):
        ran(NAME, 2, "1s inject clock-skew on agent-1", **ALONE)
