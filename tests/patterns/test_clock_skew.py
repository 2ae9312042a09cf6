"""Clocks that differ between whoever sets an end and whoever notices it, or from time itself."""

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


@pytest.mark.parametrize(
    ("rate", "given_up", "state"),
    # Credit answers 5 s after it was asked, at 7 s; the orchestrator grants it 6.
    [("2", 5.0, "Compensated"), ("1", 8.0, "Compensated"), ("0.5", None, "Completed")],
)
def test_an_orchestrator_waits_by_its_own_clock(
    rate: str, given_up: float | None, state: str
) -> None:
    wrong = ("0s inject clock-skew on orchestrator-1", "0s inject slow on credit-1 3.5")
    run = ran("saga", 60, *wrong, timeout="6s", clock_rate=rate, count="1")
    undone = [e.t for e in run.events if e.kind == "sent" and e.message == "m01-undo-credit"]
    assert undone[:1] == ([] if given_up is None else [given_up])
    (end,) = [e.group for e in run.events if e.queue == "log"][-1:]
    assert end == state


def test_a_clock_that_is_set_right_moves_no_timeout_that_was_given() -> None:
    told = []
    for until in ("3s", "30s"):
        steps = ("0s inject clock-skew", "0s inject lose-reply on m01-credit")
        run = ran("saga", 60, *steps, f"{until} heal clock-skew", timeout="6s", clock_rate="0.5",
                  count="1")  # fmt: skip
        told += [e.t for e in run.events if e.kind == "sent" and e.message == "m01-undo-credit"][:1]
    assert told == [14, 14]
