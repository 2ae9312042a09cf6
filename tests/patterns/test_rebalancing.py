"""Partitions that are assigned anew when a worker comes or goes, and what stands still then."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.by_hand import broken, ran
from tests.support.scenarios import firmly_broken

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

NAME = "sequential-convoy/rebalance"


def told(run: Any, *kinds: str) -> list[tuple[float, str, str]]:
    return [(event.t, event.kind, event.text) for event in run.events if event.kind in kinds]


def test_nothing_is_done_while_all_have_let_go() -> None:
    run = ran(NAME, 20.0)
    assert told(run, "rebalancing", "rebalanced") == [
        (3.5, "rebalancing", "eager: worker-3 joins"), (7.0, "rebalanced", ""),
    ]  # fmt: skip
    assert [e.t for e in run.events if e.kind == "working" and 3.5 <= e.t < 7] == []
    assert {e.actor for e in run.events if e.kind == "working" and e.t == 7} == {
        "worker-1", "worker-2", "worker-3",
    }  # fmt: skip


def test_who_has_a_partition_keeps_it_in_a_cooperative_one() -> None:
    run = ran(f"{NAME}-cooperative", 20.0)
    begun = [(e.t, e.actor) for e in run.events if e.kind == "working" and 3.5 <= e.t < 6.5]
    assert begun == [(4, "worker-1"), (4, "worker-2"), (5, "worker-1"), (5, "worker-2"),
                     (6, "worker-1")]  # fmt: skip
    assert {e.actor for e in run.events if e.kind == "working" and e.t == 6.5} == {
        "worker-2", "worker-3",
    }  # fmt: skip


def test_a_worker_that_leaves_makes_the_others_let_go() -> None:
    run = ran(NAME, 30.0, "9.5s stop worker-3")
    assert told(run, "rebalancing")[1:] == [(10.0, "rebalancing", "eager: worker-3 leaves")]
    assert run.metrics()["completed"] == 30


def test_that_a_worker_is_dead_is_known_when_its_lock_runs_out() -> None:
    run = ran(NAME, 30.0, "8.5s crash worker-1")
    expired = next(e for e in run.events if e.kind == "session_expired")
    assert told(run, "rebalancing")[1:] == [(expired.t, "rebalancing", "eager: worker-1 is gone")]
    run.advance(60.0)
    assert run.metrics()["completed"] == 30


def test_who_joins_meanwhile_begins_it_anew() -> None:
    run = ran(NAME, 30.0, "6s spawn worker")
    assert told(run, "rebalanced") == [(9.0, "rebalanced", "")]
    metrics = run.metrics()
    assert (metrics["rebalances"], metrics["rebalancing_time"]) == (1, 5.5)


def test_it_can_be_made_to_happen() -> None:
    run = ran(NAME, 30.0, "9.5s inject rebalance")
    assert told(run, "rebalancing")[1:] == [(9.5, "rebalancing", "eager: by hand")]
    with pytest.raises(BadInput, match="no lanes are shared"):
        ran("sequential-convoy/lanes", 1.0, "0s inject rebalance")


@pytest.mark.parametrize("change", ["partitions=0", "rebalance=none", "sessions=off"])
def test_it_ends_where_there_is_nothing_left_to_assign(change: str) -> None:
    run = ran(NAME, 30.0, f"5s set {change}")
    assert told(run, "rebalanced")[0][0] == 5.0
    assert run.metrics()["completed"] == 30
    assert broken(run) <= {"order-in-group", "in-turn", "one-at-a-time", "effects-in-order"}


@given(
    mode=st.sampled_from(["eager", "cooperative"]),
    idle=st.sampled_from(["0s", "2s"]),
    resequence=st.booleans(),
    does=st.lists(
        st.tuples(
            st.integers(1, 120),
            st.sampled_from([
                "spawn worker", "stop worker-1", "crash worker-2", "restart worker-2",
                "pause worker-1", "resume worker-1", "inject rebalance", "inject broker-down",
                "heal broker-down", "set partitions=2", "set partitions=0",
            ]),
        ),
        max_size=8,
    ),
)  # fmt: skip
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_message_is_lost_and_no_order_whatever_happens(
    mode: str, idle: str, resequence: bool, does: list[tuple[int, str]]
) -> None:
    after = ["20s heal broker-down", "20s resume worker-1", "20s restart worker-2"]
    steps = [f"{at / 10}s {do}" for at, do in sorted(does)] + after
    chosen = {"rebalance": mode, "session_idle": idle, "resequence": resequence}
    run = Run(
        find(NAME),
        overrides={**chosen, "max_deliveries": 0},
        commands=[parse_timed(step) for step in steps],
    )
    run.advance(200.0)
    assert run.metrics()["completed"] == 30
    assert not firmly_broken(run)


def test_a_lost_last_word_on_a_message_holds_no_rebalance_up() -> None:
    chosen = {"partitions": 2, "rebalance": "eager", "loss": 0.5, "resequence": "on"}
    run = ran("sequential-convoy", 40.0, "0s crash worker-1", "2s restart worker-1", **chosen)
    lost = next(e for e in run.events if e.text == "acknowledgement lost")
    assert any(e.kind == "rebalanced" and e.t == lost.t + 3 for e in run.events)
    assert any(e.kind == "completed" and e.message == lost.message for e in run.events)


def test_lanes_that_are_rearranged_meanwhile_hold_no_rebalance_up() -> None:
    """What was in hand then is in no lane any more: a lock that runs out on it ends nothing."""
    steps = ("0.1s inject broker-down", "4.2s set partitions=2", "20s heal broker-down")
    run = ran(NAME, 60.0, *steps)
    assert told(run, "rebalancing", "rebalanced") == [
        (3.5, "rebalancing", "eager: worker-3 joins"), (7.2, "rebalanced", ""),
    ]  # fmt: skip
    assert run.metrics()["completed"] == 30
    assert broken(run) == set()
