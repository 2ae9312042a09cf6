"""What a person can do to a priority queue while it runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.by_hand import broken, ran
from tests.support.scenarios import as_written

from mailrail_patterns.commands import parse_command, parse_timed
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build, find, parse

POLICIES = ["fifo", "strict", "aging", "share", "pools"]
NAME = "priority-queue/starve-then-age"


def sent(run: Run, who: str) -> list[Event]:
    return [e for e in run.events if e.kind == "sent" and e.actor == who]


def test_a_burst_is_so_many_high_messages_within_a_second() -> None:
    run = ran(NAME, 75.0, "10s inject burst 40")
    burst = sent(run, "sender-2")
    assert len(burst) == 40
    assert {e.group for e in burst} == {"high"}
    assert burst[0].t == 10.0
    assert burst[-1].t < 11.0
    assert any(e.kind == "stopped" and e.actor == "sender-2" for e in run.events)


def test_a_mislabelling_sender_makes_everything_high_until_it_is_healed() -> None:
    run = ran(NAME, 75.0, "10s inject mislabel", "20s heal mislabel")
    groups = {
        when: {e.group for e in sent(run, "sender-1") if low < e.t <= high}
        for when, low, high in (("before", 0, 10), ("during", 10, 20), ("after", 20, 75))
    }
    assert groups["during"] == {"high"}
    assert groups["before"] == groups["after"] == {"high", "low"}
    assert len(sent(run, "sender-1")) == 90, "nothing else changes"


def test_one_sender_may_mislabel_and_another_not() -> None:
    run = ran("priority-queue", 20.0, "1s inject mislabel on sender-2", producers=2)
    assert {e.group for e in sent(run, "sender-2") if e.t > 1} == {"high"}
    assert {e.group for e in sent(run, "sender-1") if e.t > 1} == {"high", "low"}
    with pytest.raises(BadInput, match="applies to a producer"):
        run.do(parse_command("inject mislabel on worker-1"))


def test_with_pools_the_mislabelled_go_to_the_pool_of_the_high() -> None:
    run = ran(NAME, 40.0, "0s inject mislabel", policy="pools")
    assert {e.queue for e in sent(run, "sender-1") if e.t > 0} == {"high"}


@pytest.mark.parametrize(
    ("options", "groups", "count"),
    [
        ("kind=low every=1s count=5", {"low"}, 5),
        ("every=1s count=5", {"high"}, 5),
        ("count=3", {"high", "low"}, 6),
        ("kind=low count=4", {"low"}, 4),
    ],
)
def test_a_further_sender_sends_what_it_was_told(
    options: str, groups: set[str], count: int
) -> None:
    run = ran("priority-queue", 30.0, f"2s spawn sender {options}")
    mine = sent(run, "sender-2")
    assert ({e.group for e in mine}, len(mine)) == (groups, count)


def test_a_kind_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="high"):
        ran("priority-queue", 1.0, "0s spawn sender kind=hihg")
    streams = '[[producers]]\nstreams = [{ kind = "urgent", every = "1s", count = 1 }]'
    with pytest.raises(BadInput, match=r"streams\[0\].kind"):
        build(parse(f'pattern = "priority-queue"\n{streams}'), "x")
    with pytest.raises(BadInput, match="one kind"):
        build(parse(f'pattern = "competing-consumers"\n{streams}'), "x")


def test_a_rhythm_changed_while_it_runs_counts_from_the_next_message_on() -> None:
    run = ran("priority-queue", 20.0, "10s set high_every=0.25s")
    before = [e for e in sent(run, "sender-1") if e.group == "high" and e.t <= 10]
    after = [e for e in sent(run, "sender-1") if e.group == "high" and e.t > 11]
    assert len(before) == 11
    assert len(after) == 36


def test_killing_the_pool_of_the_high_helps_nobody() -> None:
    run = ran(NAME, 75.0, "20s crash high-worker-1", policy="pools")
    metrics = run.metrics()
    assert metrics["high_served"] != metrics["high_offered"]
    assert metrics["low_wait_max"] == 0.0
    assert {e.actor for e in run.events if e.kind == "delivered" and e.queue == "high"} == {
        "high-worker-1"
    }


def test_the_policy_of_first_come_serves_a_backlog_in_the_order_it_came() -> None:
    run = ran(NAME, 75.0, "20s set policy=fifo")
    later = [e.message for e in run.events if e.kind == "delivered" and e.t > 20]
    assert later == sorted(later), "not the high ones first because they stood in a line before"


def test_changing_to_pools_brings_the_pools_along() -> None:
    run = ran(NAME, 75.0, "20s set policy=pools", "21s crash high-worker-1")
    assert {"high-worker-1", "low-worker-1"} <= {a.name for a in run.view().actors}
    assert sum(e.kind == "spawned" for e in run.events) == 5
    again = ran(NAME, 75.0, "20s set policy=pools", "30s set policy=strict", "40s set policy=pools")
    assert sum(e.kind == "spawned" for e in again.events) == 5, "and only once"


CHANGES = st.lists(
    st.tuples(st.integers(1, 600), st.sampled_from(POLICIES)), min_size=1, max_size=6
).map(sorted)


@given(seed=st.integers(0, 9999), first=st.sampled_from(POLICIES), changes=CHANGES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_message_is_lost_whatever_the_policy_becomes(
    seed: int, first: str, changes: list[tuple[int, str]]
) -> None:
    chosen = {
        "policy": first, "count": 40, "high_every": "exponential(700ms)", "consumers": 2,
        "low_every": "exponential(900ms)", "service": "uniform(200ms, 2s)", "redelivery": "head",
    }  # fmt: skip
    commands = [parse_timed(f"{at * 100}ms set policy={policy}") for at, policy in changes]
    scenario = as_written('pattern = "priority-queue"\nduration = "600s"')
    run = Run(scenario, seed=seed, overrides=chosen, commands=commands)
    run.advance(600.0)
    offered = {e.message for e in run.events if e.kind == "sent"}
    served = [e.message for e in run.events if e.kind == "completed"]
    assert len(offered) == 80
    assert sorted(served) == sorted(offered)
    assert broken(run) <= {"nobody-starves"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_priority_never_changes_the_set_of_messages_that_are_processed(seed: int) -> None:
    found = set()
    for policy in POLICIES:
        chosen = {"policy": policy, "count": 60, "high_every": "exponential(600ms)",
                  "low_every": "exponential(800ms)"}  # fmt: skip
        run = Run(find("priority-queue"), seed=seed, overrides=chosen)
        run.advance(300.0)
        sends = tuple((e.t, e.message, e.group) for e in run.events if e.kind == "sent")
        served = frozenset(e.message for e in run.events if e.kind == "completed")
        found.add((sends, served))
        assert len(served) == 120
    assert len(found) == 1


def test_who_was_frozen_while_messages_came_lets_nobody_overtake() -> None:
    text = """pattern = "priority-queue"
    [settings]
    consumers = 1
    prefetch = 3
    [[producers]]
    streams = [{ kind = "high", every = "1s", count = 9, start = "2s" },
               { kind = "low", every = "1s", count = 20 }]
    """
    commands = [parse_timed("0.5s pause worker-1"), parse_timed("6.5s resume worker-1")]
    run = Run(build(parse(text), "x"), commands=commands, overrides={"service": "2s"})
    run.advance(60.0)
    assert "fifo-within-class" not in broken(run)


def test_what_is_dropped_for_want_of_room_is_nobodys_turn() -> None:
    run = ran(
        "priority-queue", 60.0, policy="share", capacity=5, overflow="drop-oldest", consumers=1,
        high_every="0.3s", low_every="0.9s",
    )  # fmt: skip
    assert run.metrics()["dropped"]
    assert "share-kept" not in broken(run)
