"""Several messages handled together: cheaper by the piece, all or nothing."""

from __future__ import annotations

import pytest
from tests.support.scenarios import LEVELING, broken, scenario
from tests.support.scenarios import ran as finished

from mailrail_patterns.batching import per_message
from mailrail_patterns.commands import parse_timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def ran(*commands: str, **settings: str) -> Run:
    """Return a run of one worker with batches of three, 1 s and half a second a further one."""
    given = {
        "consumers": "1", "service": "1s", "every": "1us", "count": "7", "patience": "0s",
        "batch": "3", "batch_share": "0.5", "max_deliveries": "9", **settings,
    }  # fmt: skip
    timed = [parse_timed(command) for command in commands]
    run = Run(find("queue-based-load-leveling"), overrides=given, commands=timed)
    run.advance(60.0)
    return run


def ends(run: Run, what: str = "completed") -> list[tuple[float, str]]:
    """Return what became of which message when, to a tenth of a second."""
    return [(round(e.t, 1), e.message) for e in run.events if e.kind == what]


def test_what_is_there_is_taken_together_and_nobody_waits_for_more() -> None:
    assert ends(ran()) == [
        (1.0, "m01"), (3.0, "m02"), (3.0, "m03"), (3.0, "m04"), (5.0, "m05"), (5.0, "m06"),
        (5.0, "m07"),
    ]  # fmt: skip


def test_a_full_batch_is_cheaper_by_the_piece() -> None:
    assert per_message(3, 0.5) == pytest.approx(2 / 3)
    assert per_message(1, 0.5) == 1


def test_a_crash_before_the_settlement_brings_all_of_it_back() -> None:
    crash, restart = "1.5s crash worker-1 at K5", "3.5s restart worker-1"
    bare = ran(crash, restart, lock="4s")
    assert len(ends(bare, "effect")) == 10  # m02, m03 and m04 twice
    safe = ran(crash, restart, lock="4s", idempotent="on")
    assert len(ends(safe, "effect")) == 7
    assert len(ends(safe, "effect_skipped")) == 3
    for run in (bare, safe):
        assert {name for _, name in ends(run)} == {f"m0{number}" for number in range(1, 8)}


def test_renewal_keeps_every_lock_of_a_batch() -> None:
    assert len(ends(ran(lock="1.5s"), "lock_lost")) > 0
    assert ends(ran(lock="1.5s", renewal="on"), "lock_lost") == []


def test_a_batch_needs_one_connection() -> None:
    run = ran(consumers="2", database="1")
    assert [t for t, _ in ends(run, "working")] == [0.0, 1.0, 2.0, 2.0, 2.0, 4.0, 4.0]


def test_a_worker_that_is_asked_to_leave_finishes_its_batch() -> None:
    assert len(ends(ran("1.5s stop worker-1"))) == 4


@pytest.mark.parametrize(
    ("poison", "batches"),
    [
        (["m03"], [6, 3, 2, 1, 1, 1, 3]), (["m02", "m07"], [6, 3, 2, 1, 1, 1, 3, 2, 1]),
        ([f"m{n:02}" for n in range(2, 8)], [6, 3, 2, 1, 1, 1, 3, 2, 1, 1, 1]),
    ],
)  # fmt: skip
def test_a_batch_is_halved_until_what_fails_is_alone(poison: list[str], batches: list[int]) -> None:
    """m01 is taken alone, the others together: m02 to m07; m02 and m03 are the first two of it."""
    text = "\n".join(f"[messages.{name}]\npoison = true" for name in poison)
    run = finished(
        scenario(
            LEVELING, text=text, consumers=1, service="1s", every="1us", count=7, patience="0s",
            batch=6, batch_failed="halves", max_deliveries=1,
        )
    )  # fmt: skip
    assert {name for _, name in ends(run, "dead_lettered")} == set(poison)
    assert len(ends(run, "effect")) == 7 - len(poison)
    times = [t for t, _ in ends(run, "working")][1:]
    found = [times.count(t) for t in dict.fromkeys(times)]
    assert found == batches


def test_a_worker_that_dies_while_it_takes_a_batch_apart_loses_nothing() -> None:
    """m05 and m06 are done one by one when it dies at m07: who is safe does not do them again."""
    poisoned = find("queue-based-load-leveling/batches-taken-apart")
    crash = [parse_timed("6s crash worker-1"), parse_timed("7s restart worker-1")]
    run = Run(poisoned, overrides={"lock": "5s", "idempotent": "on"}, commands=crash)
    run.advance(90.0)
    done = [name for _, name in ends(run, "effect")]
    assert sorted(done) == [f"m{number:02}" for number in range(1, 14) if number != 7]
    assert ends(run, "dead_lettered")[0][1] == "m07"
    assert not broken(run)
