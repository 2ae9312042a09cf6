"""A saga under crashes and faults: the orchestrator dies anywhere, the ledgers do not notice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.patterns.test_saga import DEMO, ONE, ended, rows
from tests.support.by_hand import broken, ran

from mailrail_patterns.commands import CrashPoint, parse_timed
from mailrail_patterns.crash_points import HANDLER
from mailrail_patterns.run import Run
from mailrail_patterns.saga import PATTERN
from mailrail_patterns.scenario import build, find

LONG = 150.0
POINTS = ["", *(f" at {point.name}" for point in HANDLER)]


def played(*commands: str) -> Run:
    """Return the demo, with time to finish, and these commands planned from the start."""
    document = replace(find(DEMO).document, duration=LONG, expect=[])
    run = Run(build(document, DEMO), commands=[parse_timed(text) for text in commands])
    run.advance(LONG)
    return run


CALM = played()
INSTANTS = sorted({event.t for event in CALM.events if event.t < 60})


@pytest.mark.parametrize("point", POINTS)
def test_the_orchestrator_may_die_at_every_event(point: str) -> None:
    assert len(INSTANTS) > 30
    for t in INSTANTS:
        run = played(
            f"{t}s crash orchestrator-1{point}",
            f"{t + 3}s restart orchestrator-1",
            f"{t + 25}s restart orchestrator-1",
        )
        for table in PATTERN.ledgers:
            assert rows(run, table) == rows(CALM, table), (t, table)
        assert broken(run) == set(), t


@pytest.mark.parametrize("point", [p.name for p in HANDLER])
def test_a_second_orchestrator_takes_over_from_one_that_never_returns(point: str) -> None:
    for t in (0, 2, 4, 6, 8):
        run = ran("saga", 60, f"{t}s crash orchestrator-1 at {point}", **ONE, orchestrators="2")
        assert ended(run)[1] == "Completed", t
        assert broken(run) == set()


@pytest.mark.parametrize("role", ["stock", "credit", "card", "shipping", "notification"])
@pytest.mark.parametrize("point", [p.name for p in HANDLER])
def test_a_participant_that_dies_does_nothing_twice(role: str, point: str) -> None:
    run = ran("saga", 90, f"0s crash {role}-1 at {point}", count="2", restart_after="6s")
    assert run.metrics()["crashes"] == 1
    assert "effect-once" not in broken(run)
    assert "nothing-left-behind" not in broken(run)
    assert {ended(run, saga)[1] for saga in ("m01", "m02")} <= {"Completed", "Compensated"}


def test_without_an_inbox_a_command_is_carried_out_twice() -> None:
    run = ran("saga", 40, "0s crash stock-1 at K3", "1s set idempotent=off", "4s restart stock-1",
              **ONE)  # fmt: skip
    assert "effect-once" in broken(run)
    assert rows(run, "stock")["m01"][1] == '{"amount":-2,"back":0}'


def test_without_a_durable_log_a_crash_loses_what_is_under_way() -> None:
    run = ran("saga", 40, "3s crash orchestrator-1", "3s restart orchestrator-1", **ONE,
              durable_log="off")  # fmt: skip
    assert broken(run) == {"every-saga-ends"}
    assert ended(run) == (2, "Running")


def test_without_tombstones_credit_is_held_for_ever() -> None:
    run = ran("saga/late-command-no-tombstone", 20)
    assert broken(run) == {"nothing-left-behind"}
    assert rows(run, "credit")["m01"][0] == "pending"
    assert ended(run) == (9, "Compensated")


def test_without_a_semantic_lock_a_sale_is_lost_to_a_dirty_read() -> None:
    run = ran("saga/last-item-no-lock", 30)
    assert broken(run) == {"no-dirty-read"}
    assert rows(run, "shelf")["item"][1] == '{"free":1,"reserved":0,"sold":0}'


def test_without_pinning_a_step_is_left_out() -> None:
    run = ran("saga/new-definition-not-pinned", 30)
    assert {"completed-means-all", "one-outcome"} <= broken(run)
    assert "m01" not in rows(run, "credit")


def test_without_compensation_what_was_reserved_stays_so() -> None:
    run = ran("saga/point-of-no-return-no-compensation", 60)
    assert run.metrics()["left_held"] == 4
    assert {"nothing-left-behind", "declared-edges"} <= broken(run)


def test_a_participant_that_is_cut_off_is_undone_without_it_and_catches_up() -> None:
    run = ran("saga", 120, "1s inject partition on credit-1", "20s heal partition on credit-1",
              **ONE)  # fmt: skip
    assert ended(run)[1] == "Compensated"
    assert run.metrics()["left_held"] == 0
    assert broken(run) == set()


def test_a_participant_cut_off_at_work_loses_its_lock_and_does_nothing_twice() -> None:
    run = ran("saga", 120, "3s inject partition on credit-1", "15s heal partition on credit-1",
              **ONE, timeout="40s")  # fmt: skip
    assert ended(run)[1] == "Completed"
    assert [e.t for e in run.events if e.kind == "effect" and e.message == "m01-credit"] == [4]
    assert [e.t for e in run.events if e.kind == "lock_lost"] == [15]
    assert broken(run) == set()


def test_a_clock_that_runs_fast_brings_timeouts_early() -> None:
    run = ran("saga", 60, "0s inject clock-skew", "0s inject slow on credit-1 3", count="2",
              every="3s")  # fmt: skip
    assert ended(run, "m02")[1] == "Compensated"
    assert "one-outcome" not in broken(run)


def test_commands_take_a_detour_until_it_is_healed() -> None:
    run = ran("saga", 60, "0s inject delay-command on m01-credit", "3s heal delay-command on "
              "m01-credit", **ONE, detour="3s")  # fmt: skip
    assert [e.t for e in run.events if e.kind == "due" and e.message == "m01-credit"] == [5]
    assert run.view().faults == ()
    assert ended(run) == (12, "Completed")


@pytest.mark.parametrize("fault", ["lose-send", "lose-ack", "duplicate", "reorder", "expire-lock"])
@pytest.mark.parametrize("t", [0, 2, 3, 5, 7])
def test_every_saga_ends_and_nothing_is_done_twice(fault: str, t: int) -> None:
    run = ran("saga", 120, f"{t}s inject {fault}", count="3", every="2s")
    assert not broken(run) - {"no-human-needed"}
    assert run.metrics()["running"] == 0


def test_who_sends_before_writing_can_die_between_and_leave_a_command_nobody_knows_of() -> None:
    run = ran("saga/sent-before-written", 60)
    assert run.metrics()["crashes"] == 1
    assert "nothing-left-behind" in broken(run)
    assert broken(ran("saga/sent-before-written-intent-first", 60)) == set()


@pytest.mark.parametrize("point", [p.name for p in CrashPoint])
def test_a_lone_orchestrator_that_sends_first_decides_the_same_again(point: str) -> None:
    """The message comes back before any timeout, so the same commands go out under the same ids."""
    run = ran("saga", 60, f"0s crash orchestrator-1 at {point}",
              restart_after="1.5s", intent_first="off", **ONE)  # fmt: skip
    assert run.metrics()["crashes"] == 1
    assert ended(run)[1] == "Completed"
    assert broken(run) == {"intent-before-send"}
