"""What a supervised state store does: the worked numbers, each safeguard, each role's failure."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.actor_names import role_of
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.orders import Order, attempt_of
from mailrail_patterns.records import Row
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

PATTERN = "scheduler-agent-supervisor"
BASE = f"{PATTERN}/nobody-tells-the-supervisor"


def rows(run: Run, key: str) -> list[tuple[float, str, str, float, int]]:
    """Return instant, state, owner, complete-by and failures of each write of a row."""
    found = []
    for event in run.events:
        if event.kind == "state" and (event.queue, event.message) == ("orders", key):
            order = Row(key, event.text).fields(Order)
            found.append((event.t, event.group, order.locked_by, order.complete_by, order.failures))
    return found


def told(run: Run, kind: str, **what: Any) -> list[Event]:
    """Return the events of a kind with these fields."""
    return [
        event
        for event in run.events
        if event.kind == kind and all(getattr(event, key) == value for key, value in what.items())
    ]


# --- the worked example ---------------------------------------------------------------------


def test_the_hung_order_is_claimed_three_times_and_charged_once() -> None:
    run = ran(BASE, 48)
    assert rows(run, "m01") == [
        (1, "Pending", "", 0, 0),
        (1, "Processing", "scheduler-1", 5, 0),
        (6, "Pending", "", 0, 1),
        (7, "Processing", "scheduler-2", 11, 1),
        (12, "Pending", "", 0, 2),
        (13, "Processing", "scheduler-1", 17, 2),
        (15, "Processed", "", 0, 2),
    ]
    assert [e.t for e in told(run, "effect")] == [14.5]
    assert [e.t for e in told(run, "effect_skipped")] == [15, 15]


def test_the_order_of_a_dead_remote_is_given_up_after_three_scans() -> None:
    run = ran(BASE, 48)
    assert [(t, state, end, failures) for t, state, _, end, failures in rows(run, "m02")] == [
        (20, "Pending", 0, 0),
        (20, "Processing", 24, 0),
        (30, "Pending", 0, 1),
        (31, "Processing", 35, 1),
        (36, "Pending", 0, 2),
        (37, "Processing", 41, 2),
        (42, "Error", 0, 3),
    ]
    assert [(e.t, e.message) for e in told(run, "sent", queue="pager")] == [(42, "m02-3-alert")]
    assert broken(run) == {"every-order-processed"}


def test_a_claim_is_not_over_at_its_complete_by_but_after_it() -> None:
    run = ran(BASE, 24)
    assert run.metrics()["scans"] == 4
    assert rows(run, "m02")[-1][1] == "Processing", "scanned at 24.0, and not expired yet"


def test_an_agent_goes_silent_at_the_complete_by_and_drops_what_comes_later() -> None:
    run = ran(BASE, 48)
    silent = [e.t for e in told(run, "noted", actor="agent-1") if e.text.startswith("silent")]
    assert silent == [5, 11, 24, 35, 41]
    late = [(e.t, e.message) for e in run.events if e.text.startswith("late-answer")]
    assert late == [(14.5, "m01-1"), (15, "m01-2")]
    assert not told(run, "sent", message="m01-1-reply")


def test_the_supervisor_talks_to_no_agent_and_restarts_nobody() -> None:
    run = ran(BASE, 48)
    sent = {e.queue for e in told(run, "sent", actor="supervisor-1")}
    assert sent == {"wake-ups", "pager"}
    assert not told(run, "restarted")


# --- failures -------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["scheduler-1", "agent-1", "supervisor-1"])
@pytest.mark.parametrize("at", [0, 2.5, 3, 5.5, 6, 12, 12.7])
def test_whoever_of_us_dies_every_order_ends_processed(actor: str, at: float) -> None:
    run = ran(PATTERN, 60, f"{at}s crash {actor}", count="8", every="1s")
    assert run.metrics()["processed"] == 8
    assert run.metrics()["overcharged"] == 0
    # The lease of a dead leader has to run out first, so a row may wait for more than a period.
    assert broken(run) <= {"no-row-rots"}


def test_a_restarted_scheduler_waits_for_the_replies_to_what_it_had_claimed() -> None:
    run = ran(PATTERN, 20, "0.5s crash scheduler-1", "1s restart scheduler-1", count="1")
    assert [(t, state) for t, state, *_ in rows(run, "m01")] == [
        (0, "Pending"), (0, "Processing"), (1.5, "Processed"),
    ]  # fmt: skip


def test_a_lost_wake_up_is_made_up_for_by_looking() -> None:
    run = ran(PATTERN, 20, "2s inject lose-send", count="2", every="2.5s")
    assert rows(run, "m02")[:2] == [
        (2.5, "Pending", "", 0, 0),
        (5, "Processing", "scheduler-2", 9, 0),
    ]


def test_a_paused_scheduler_rejects_the_reply_it_finds_when_it_wakes() -> None:
    run = ran(PATTERN, 30, "0.5s pause scheduler-1", "7.5s resume scheduler-1", count="1")
    assert [e.t for e in run.events if e.text.startswith("stale")] == [7.5]
    assert rows(run, "m01")[-1][1] == "Processed"
    assert run.metrics()["overcharged"] == 0
    assert broken(run) == set()


def test_a_declined_order_is_an_error_at_once_and_told_at_the_next_scan() -> None:
    run = ran(PATTERN, 20, "0s inject poison on m02", count="2")
    assert [(t, state) for t, state, *_ in rows(run, "m02")][-1] == (4, "Error")
    assert [(e.t, e.message) for e in told(run, "sent", queue="pager")] == [(6, "m02-1-alert")]
    assert broken(run) == set()


def test_an_agent_tries_again_within_the_claim_when_the_remote_turns_it_away() -> None:
    run = ran(PATTERN, 20, "0s inject unavailable", count="1")
    assert [e.t for e in told(run, "sent", queue="calls")] == [0, 2]
    assert rows(run, "m01")[-1][:2] == (3.5, "Processed")
    assert run.metrics()["claims"] == 1


def test_a_scheduler_that_is_cut_off_loses_its_claims_and_another_one_does_them() -> None:
    run = ran(PATTERN, 30, "0s inject cut-off on scheduler-2", count="3")
    assert run.metrics()["processed"] == 3
    assert {e.actor for e in run.events if e.text.startswith("cut-off")} == {"scheduler-2"}


def test_nothing_has_to_drain_while_the_store_cannot_be_reached() -> None:
    run = ran(f"{PATTERN}/three-rows-at-once", 600, "1.5s inject store-down", batch="1")
    waiting = next(queue for queue in run.view().queues if queue.name == "wake-ups")
    assert waiting.depth == 1
    assert "drains" not in broken(run)


def test_an_alert_that_is_lost_is_raised_again_at_the_next_scan() -> None:
    run = ran(PATTERN, 40, "0s crash remote-1", "4.5s inject lose-send", count="1",
              max_failures="1")  # fmt: skip
    dropped = [(e.t, e.message) for e in told(run, "dropped")]
    assert dropped == [(6, "m01-1-alert")]
    assert [(e.t, e.message) for e in told(run, "sent", queue="pager")] == [(12, "m01-1-alert")]
    assert "one-alert" not in broken(run)


def test_asked_to_leave_an_agent_gives_its_task_to_another_one() -> None:
    run = ran(PATTERN, 20, "0.5s stop agent-1", count="1")
    assert [e.t for e in told(run, "abandoned", queue="tasks")] == [0.5]
    assert run.metrics()["claims"] == 1
    assert rows(run, "m01")[-1][1] == "Processed"


# --- safeguards -----------------------------------------------------------------------------


def test_without_compare_and_set_two_schedulers_claim_one_row() -> None:
    run = ran(f"{PATTERN}/two-schedulers-one-row", 20)
    claims = [(t, owner) for t, state, owner, *_ in rows(run, "m02") if state == "Processing"]
    assert claims == [(6, "scheduler-1"), (6, "scheduler-2")]
    assert broken(run) == {"one-owner", "effect-once", "processed-means-charged"}


def test_with_a_key_the_double_claim_charges_once_all_the_same() -> None:
    run = ran(f"{PATTERN}/two-schedulers-one-row", 20, idempotent="on")
    assert broken(run) == {"one-owner"}
    assert run.metrics()["overcharged"] == 0


def test_without_leader_election_a_failure_is_counted_by_each_supervisor() -> None:
    run = ran(f"{BASE}-two-supervisors", 48)
    assert [(t, failures) for t, _, _, _, failures in rows(run, "m02")][2:] == [
        (30, 1), (30, 2), (31, 2), (36, 3),
    ]  # fmt: skip
    assert rows(run, "m01")[-1][:2] == (12, "Error")


def test_with_leader_election_the_standby_takes_over_when_the_lease_has_run_out() -> None:
    run = ran(f"{BASE}-one-leads", 48)
    scans = [(e.t, e.actor) for e in told(run, "state", queue="scans")]
    assert scans[:4] == [
        (6, "supervisor-1"), (12, "supervisor-1"), (24, "supervisor-2"), (30, "supervisor-2"),
    ]  # fmt: skip


def test_fencing_is_what_keeps_an_early_steal_from_going_wrong() -> None:
    fenced, bare = ran(f"{PATTERN}/a-clock-ahead", 20), ran(f"{PATTERN}/a-clock-ahead-unfenced", 20)
    assert broken(fenced) == {"no-early-steal"}
    assert broken(bare) == {"no-early-steal", "fenced", "row-moves"}
    assert (fenced.metrics()["claims"], bare.metrics()["claims"]) == (2, 1)


def test_without_a_supervisor_rows_rot() -> None:
    with_one, without = ran(BASE, 48), ran(BASE, 48, supervisor="off")
    assert "no-row-rots" not in broken(with_one)
    assert "no-row-rots" in broken(without)
    assert without.metrics()["overdue_longest"] == 43


# --- remedies -------------------------------------------------------------------------------


def test_waiting_long_before_a_retry_outlasts_what_retrying_soon_does_not() -> None:
    down = ("0s crash remote-1", "20s restart remote-1")
    soon = ran(PATTERN, 60, *down, count="1")
    late = ran(PATTERN, 60, *down, count="1", remedy="wait")
    assert rows(soon, "m01")[-1][:2] == (18, "Error")
    assert rows(late, "m01")[-1][:2] == (22.5, "Processed")


def test_compensation_is_an_order_too_and_bars_a_charge_that_comes_late() -> None:
    run = ran(
        PATTERN, 60, "0.5s pause remote-1", "7s resume remote-1",
        count="1", max_failures="1", remedy="compensate",
    )  # fmt: skip
    assert [(t, state) for t, state, *_ in rows(run, "m01-refund")][-1][1] == "Processed"
    books = [(e.t, e.group) for e in told(run, "state", queue="charges")]
    assert books[-1][1] == "refunded"
    assert "error-means-uncharged" not in broken(run)


def test_a_charge_that_comes_after_the_refund_is_refused() -> None:
    run = ran(
        PATTERN, 60, "1s inject slow 10", "3s heal slow",
        count="2", max_failures="1", remedy="compensate", call_timeout="0s",
    )  # fmt: skip
    books = [(e.t, e.group) for e in told(run, "state", queue="charges", message="m02")]
    assert books == [(13.5, "refunded")]
    assert [e.t for e in run.events if e.text.startswith("refused")] == [17.5]
    assert not told(run, "effect", message="m02-charge")


def test_a_person_is_paged_at_once_and_mends_it() -> None:
    down = ("0s crash remote-1", "10s restart remote-1")
    run = ran(PATTERN, 60, *down, count="1", remedy="operator", operators="1")
    assert [(t, state, failures) for t, state, _, _, failures in rows(run, "m01")] == [
        (0, "Pending", 0), (0, "Processing", 0), (6, "Error", 1), (16, "Pending", 0),
        (16, "Processing", 0), (17.5, "Processed", 0),
    ]  # fmt: skip
    assert broken(run) == {"every-order-processed"}


# --- the rest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "row"),
    [("m01-2", ("m01", 2)), ("m01-2-reply~3", ("m01", 2)), ("x27-01-4-alert", ("x27-01", 4)),
     ("m01-refund-1", ("m01-refund", 1)), ("m01", ("m01", 0))],
)  # fmt: skip
def test_names_tell_the_attempt(name: str, row: tuple[str, int]) -> None:
    assert attempt_of(name) == row


@pytest.mark.parametrize(
    ("settings", "named"), [({"lease": "6s"}, "lease"), ({"complete_in": "40s"}, "lock")]
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], named: str
) -> None:
    with pytest.raises(BadInput, match=named):
        Run(find(PATTERN), overrides=settings)


def test_a_remote_works_on_several_calls_at_once_but_not_on_more_than_it_can() -> None:
    run = ran(
        f"{PATTERN}/three-rows-at-once", 20,
        agents="3", concurrency="2", call_timeout="0s", service="1s",
    )  # fmt: skip
    begun = [(e.t, e.message) for e in told(run, "working", queue="calls")]
    assert begun[:3] == [(1, "m01-charge"), (1, "m02-charge"), (2, "m03-charge")]


def test_what_is_done_about_a_row_follows_from_who_wrote_it_last() -> None:
    run = ran(BASE, 48)
    finding = next(f for f in run.findings() if f.guarantee.name == "every-order-processed")
    chain = [run.events[n - 1] for n in finding.because]
    assert [(role_of(e.actor), e.group) for e in chain if e.message == "m02"] == [
        ("submitter", "Pending"),
        ("scheduler", "Processing"), ("supervisor", "Pending"),
        ("scheduler", "Processing"), ("supervisor", "Pending"),
        ("scheduler", "Processing"), ("supervisor", "Error"),
    ]  # fmt: skip
    assert not [e for e in chain if e.message == "m01"]


def test_a_claim_shorter_than_a_call_is_refused_with_the_reason() -> None:
    with pytest.raises(BadInput, match=r"shorter than a call takes.*raise complete_in"):
        Run(find(PATTERN), overrides={"complete_in": "1s", "service": "1.5s"})
    Run(find(PATTERN), overrides={"complete_in": "1.5s", "service": "1.5s"})


def test_a_broker_that_drops_what_is_sent_twice_keeps_every_second_try_from_the_remote() -> None:
    """The key of a call is its message id, so the calls of later attempts never arrive."""
    run = ran(f"{PATTERN}/three-rows-at-once", 40, dialect="amazon-sqs-fifo")
    calls = [e.message for e in told(run, "sent", queue="calls")]
    assert sorted(calls) == ["m01-charge", "m02-charge", "m03-charge"]
    assert {(e.queue, e.text) for e in told(run, "dropped")} == {("calls", "duplicate")}
    assert broken(run) == {"every-order-processed", "error-means-uncharged"}
