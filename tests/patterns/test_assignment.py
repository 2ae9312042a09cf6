"""Who gets a task: whoever is free, in turn, by load or by chance; and those who come and go."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.run import Run

PATTERN = "scheduler-agent-supervisor"
POLICIES = ["round-robin", "least-loaded", "random"]


def given(run: Run, since: float = 0.0) -> Counter[str]:
    """Return how many tasks each agent was given, from an instant on."""
    return Counter(
        event.queue.removeprefix("tasks-")
        for event in run.events
        if event.kind == "sent" and event.queue.startswith("tasks-") and event.t >= since
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_an_agent_that_is_spawned_takes_part_and_one_that_leaves_does_not(policy: str) -> None:
    run = ran(PATTERN, 60, "10s spawn agent", "35s stop agent-2", assignment=policy,
              schedulers="4", every="0.6s", supervisors="1")  # fmt: skip
    assert set(given(run)) == {"agent-1", "agent-2", "agent-3"}
    assert set(given(run, 36)) == {"agent-1", "agent-3"}
    assert broken(run) <= {"every-order-processed", "error-means-uncharged"}  # mere hopes


def test_in_turn_means_the_same_number_of_tasks_to_each() -> None:
    counts = given(ran(PATTERN, 32, assignment="round-robin", agents="3", every="1s", count="30"))
    assert counts == {"agent-1": 10, "agent-2": 10, "agent-3": 10}


def test_by_chance_means_a_seeds_own_chance() -> None:
    one, again = (ran(PATTERN, 40, assignment="random") for _ in range(2))
    assert one.digest() == again.digest()
    assert len(given(one)) == 2


@pytest.mark.parametrize("policy", POLICIES)
def test_a_dead_agent_goes_on_being_picked_where_others_would_have_taken_over(policy: str) -> None:
    def after(assignment: str) -> Run:
        return ran(PATTERN, 60, "4s crash agent-1", assignment=assignment, supervisors="1")

    assert after("whoever-is-free").metrics()["failures"] == 0
    picked = after(policy)
    assert (picked.metrics()["failures"] or 0) > 2
    assert "effect-once" not in broken(picked)


def test_nothing_is_claimed_while_nobody_has_signed_in() -> None:
    run = ran(PATTERN, 12, "8s spawn agent", assignment="least-loaded", agents="0", count="1")
    claims = [e.t for e in run.events if e.kind == "state" and e.group == "Processing"]
    assert claims == [10.0]  # what the scheduler finds when it looks unasked


def test_a_scheduler_that_dies_leaves_turns_and_load_as_they_are() -> None:
    for policy in POLICIES:
        run = ran(PATTERN, 60, "6s crash scheduler-1 at K3", "9s restart scheduler-1",
                  assignment=policy, count="12", supervisors="1")  # fmt: skip
        assert run.metrics()["processed"] == 12
        assert run.metrics()["overcharged"] == 0


@pytest.mark.parametrize("policy", POLICIES)
def test_a_benched_agent_is_not_picked_until_its_time_is_over(policy: str) -> None:
    run = ran(PATTERN, 60, "4s crash agent-1", assignment=policy, supervisors="1", bench="500s")
    benched = [e.t for e in run.events if e.kind == "noted" and e.text.startswith("benched: ")]
    assert benched
    later = [t for t in benched if t > benched[0]]
    assert "agent-1" not in given(run, benched[0] + 0.001)
    assert len(later) < 4  # claims that were out already when it was benched


def test_who_is_alive_is_picked_again_and_if_all_are_benched_any_is() -> None:
    run = ran(PATTERN, 90, "2s inject slow on remote-1 20", "30s heal slow", supervisors="1",
              assignment="round-robin", bench="15s", max_failures="9")  # fmt: skip
    assert set(given(run, 60)) == {"agent-1", "agent-2"}
    assert (run.metrics()["processed"] or 0) > 20


def test_an_agent_that_has_left_is_not_signed_in_by_being_benched() -> None:
    run = ran(PATTERN, 40, "2s inject slow on remote-1 50", "3s stop agent-1", count="2",
              assignment="round-robin", supervisors="1", bench="15s")  # fmt: skip
    rows = [e.group for e in run.events if e.kind == "state" and e.message == "agent-1"]
    assert rows[-1] == "gone"
