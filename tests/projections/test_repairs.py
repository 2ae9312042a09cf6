"""What a claim was lost to, and the time until its order was done: recounted from the journal."""

from __future__ import annotations

import pytest
from tests.support.by_hand import ran

from mailrail_patterns.orders import PROCESSED, PROCESSING, TABLE
from mailrail_patterns.projections.repairs import Cause
from mailrail_patterns.run import Run

NAME = "scheduler-agent-supervisor"


PACE = {"count": "2", "every": "7s", "supervisors": "1", "max_failures": "9", "call_timeout": "0s"}
"""The order that matters is m02: claimed at 7, until 11; the scans come at 6, 12, and so on."""


def repairs(run: Run) -> dict[str, object]:
    """Return the times to repair that there are, by what they were repairs of."""
    values = run.metrics()
    found = {cause.value: values[f"mttr_{cause.value}"] for cause in Cause}
    return {cause: value for cause, value in found.items() if value is not None}


def took(run: Run, key: str = "m02") -> float:
    """Return the time from the first claim of an order to its being done, in seconds."""
    rows = [e for e in run.events if e.kind == "state" and e.queue == TABLE and e.message == key]
    assert [e.group for e in rows].count(PROCESSING) > 1
    began = next(e.t for e in rows if e.group == PROCESSING)
    return next(e.t for e in rows if e.group == PROCESSED) - began


@pytest.mark.parametrize(
    ("cause", "commands"),
    [
        ("crash", ["7.5s crash agent-1", "7.5s crash agent-2", "13.5s restart agent-1"]),
        ("crash", ["7.5s crash scheduler-2"]),
        ("crash", ["6s crash remote-1", "13.5s restart remote-1"]),
        ("crash", ["6s crash agent-1", "6s crash agent-2", "13.5s restart agent-2"]),
        ("hang", ["7.5s pause remote-1", "13.5s resume remote-1"]),
        ("hang", ["7.5s pause scheduler-2", "37s resume scheduler-2"]),
        ("cut_off", ["6s inject cut-off on scheduler-2"]),
        ("lost", ["6s inject lose-send at K3 of scheduler-2"]),
        ("lost", ["6s inject lose-send at K3 of remote-1"]),
        ("lost", ["6s inject lose-send at K3 of agent-2"]),
        ("lost", ["6s inject lose-send at K2 of agent-2"]),
        ("slow", ["6s inject slow on remote-1 9", "13.5s heal slow on remote-1"]),
        ("steal", ["7s inject clock-skew on supervisor-1", "11s heal clock-skew on supervisor-1"]),
        ("other", ["6s inject expire-claim"]),
        ("other", ["8.2s inject store-down", "13.5s heal store-down"]),
        ("other", ["6s inject unavailable 6"]),
    ],
)
def test_a_claim_is_lost_to_what_befell_it_first(cause: str, commands: list[str]) -> None:
    often = {"scan_every": "1s"} if cause == "steal" else {}
    run = ran(NAME, 90, *commands, call_pause="1s", **PACE | often)
    assert repairs(run) == {cause: pytest.approx(took(run))}


def test_who_leaves_of_his_own_accord_has_not_failed() -> None:
    run = ran(
        NAME, 60, "6s inject slow on remote-1 9", "7.5s stop agent-2", "13.5s heal slow", **PACE
    )
    assert list(repairs(run)) == ["slow"]


def test_what_was_given_up_and_mended_counts_from_its_first_claim() -> None:
    run = ran(
        NAME,
        60,
        "6s crash remote-1",
        "22s restart remote-1",
        operators="1",
        remedy="operator",
        **PACE,
    )
    values = run.metrics()
    assert values["alerts"] == 1
    assert repairs(run) == {"crash": pytest.approx(took(run))}
    expired = next(e.t for e in run.events if e.group == PROCESSING and e.message == "m02") + 4
    done = next(e.t for e in run.events if e.group == PROCESSED and e.message == "m02")
    assert values["recovery_mean"] == values["recovery_max"] == pytest.approx(done - expired)


def test_of_several_lost_claims_the_first_tells_what_it_was() -> None:
    run = ran(
        NAME,
        90,
        "7.5s crash agent-1",
        "7.5s crash agent-2",
        "13.5s restart agent-1",
        "14.5s pause remote-1",
        "19.5s resume remote-1",
        **PACE,
    )
    assert run.metrics()["failures"] == 2
    assert repairs(run) == {"crash": pytest.approx(took(run))}


def test_nothing_lost_is_nothing_repaired() -> None:
    run = ran(NAME, 30, count="5", supervisors="1")
    assert repairs(run) == {}
    assert run.metrics()["recovery_mean"] is None
