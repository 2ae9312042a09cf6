"""Tickets, polls and keys: what a client gets of an API that answers later, and what not."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.by_hand import broken, ran

from mailrail_patterns.asynchronous_request_reply import Settings, check
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, build, find

NAME = "asynchronous-request-reply"
RECEIPT = f"{NAME}/lost-receipt"


def made(seconds: float, messages: dict[str, dict[str, object]], **settings: object) -> Run:
    """Return a run of one client whose requests are special."""
    document = msgspec.convert(
        {"pattern": NAME, "duration": seconds, "messages": messages,
         "settings": {"count": len(messages), **settings}}, Document,
    )  # fmt: skip
    run = Run(build(document, NAME))
    run.advance(seconds)
    return run


def times(run: Run, name: str, what: str = kind.SENT, state: str = "") -> list[float]:
    return [
        e.t for e in run.events
        if e.message == name and e.kind == what and state in ("", e.group)
    ]  # fmt: skip


# --- the golden numbers ---------------------------------------------------------------------


def test_three_polls_where_a_naive_client_needs_eighteen() -> None:
    run = ran(RECEIPT, 11.0)
    polls = [e.t for e in run.events if e.kind == kind.SENT and "-poll" in e.message]
    assert [t for t in polls if t in (3.0, 6.0, 9.0)] == [3.0, 3.0, 6.0, 6.0, 9.0, 9.0]
    assert run.metrics()["polls"] == 3
    assert run.metrics()["wasted_polls"] == 2
    assert run.metrics()["naive_polls"] == 18
    assert times(run, "m01-result-200") == [9.0]


def test_a_lost_ticket_and_the_same_key_make_one_job() -> None:
    run = ran(RECEIPT, 25.0)
    assert times(run, "m02-post-202") == []
    assert times(run, "m02-post2-202") == [15.0]
    assert times(run, "k02-job") == [12.0]
    assert times(run, "m02", kind.STATE, "Replied") == [21.0]
    assert (run.metrics()["jobs"], run.metrics()["charges"]) == (2, 2)
    assert run.metrics()["absorbed"] == 1


def test_without_the_key_there_are_two_jobs_and_two_charges() -> None:
    run = ran(f"{RECEIPT}-without-key", 34.0)
    assert times(run, "m02-post-job", kind.EFFECT) == [21.0]
    assert times(run, "m02-post2-job", kind.EFFECT) == [30.0]
    assert run.metrics()["double_charges"] == 1
    assert {"one-job-per-key", "charged-once"} <= broken(run)


def test_a_worker_dies_and_the_status_goes_on_saying_running() -> None:
    run = ran(RECEIPT, 49.0)
    assert times(run, "k03", kind.STATE, "Running") == [26.0, 36.0]
    polls = [
        e.message for e in run.events if e.kind == kind.SENT and e.message.startswith("m03-poll")
    ]
    assert [name for name in polls if name.endswith("-200")] == [
        f"m03-poll{n}-200" for n in range(1, 7)
    ]
    assert polls[-1] == "m03-poll7-303"
    assert times(run, "m03", kind.STATE, "Replied") == [47.0]


def test_a_late_reply_is_counted_and_changes_nothing() -> None:
    run = ran(RECEIPT, 56.0)
    assert times(run, "n01", kind.STATE, "TimedOut") == [54.0]
    assert times(run, "n01-reply") == [55.0]
    assert run.metrics()["late"] == 1
    assert not [e for e in run.events if e.message == "n01" and e.kind == kind.STATE and e.t > 54]
    assert broken(run) == {"answered-in-time"}


def test_on_a_held_line_clients_hang_up_and_call_again() -> None:
    with_it, without = ran(RECEIPT, 56.0), ran(f"{RECEIPT}-held-line", 56.0)
    assert (with_it.metrics()["resent"], without.metrics()["resent"]) == (1, 9)
    assert (with_it.metrics()["call_max"], without.metrics()["call_max"]) == (0, 17)
    assert without.metrics()["polls"] == 0
    assert without.metrics()["charges"] == 3


def test_on_a_held_line_without_a_key_everybody_pays_for_every_call() -> None:
    run = ran(f"{RECEIPT}-held-line", 56.0, idempotency_key="off")
    assert (run.metrics()["double_charges"] or 0) >= 2
    assert "charged-once" in broken(run)


# --- what is answered -----------------------------------------------------------------------


def test_what_cannot_be_done_is_refused_now_and_never_enqueued() -> None:
    run = made(20.0, {"m01": {"headers": {"invalid": "yes"}}})
    assert times(run, "m01-post-400") == [0.0]
    assert not times(run, "k01-job")
    assert run.metrics()["refused"] == 1
    assert broken(run) == set()


def test_a_failed_job_says_so_and_takes_no_money() -> None:
    run = made(20.0, {"m01": {"headers": {"fail": "yes"}}})
    assert times(run, "k01", kind.STATE, "Failed") == [4.0]
    assert times(run, "m01", kind.STATE, "Replied") == [6.0]
    assert times(run, "k01-job", kind.STATE, "Released") == [4.0]
    assert run.metrics()["charges"] == 0


def test_a_handler_that_always_fails_is_told_of_or_polled_for_ever() -> None:
    told = made(60.0, {"m01": {"poison": True}}, max_deliveries=3)
    assert times(told, "k01", kind.STATE, "Failed") == [12.0]
    assert told.metrics()["open"] == 0
    silent = made(60.0, {"m01": {"poison": True}}, max_deliveries=3, persist_errors=False)
    assert times(silent, "k01-job", kind.DEAD_LETTERED) == [12.0]
    assert silent.metrics()["open"] == 1
    assert silent.metrics()["polls"] == 20
    assert broken(silent) == {"errors-are-told"}


def test_a_worker_that_dies_every_time_does_not_leave_the_status_running() -> None:
    crashes = [f"{t}s crash worker-1" for t in (1, 11)]
    commands = sorted([*crashes, "9s restart worker-1", "19s restart worker-1"],
                      key=lambda text: float(text.partition("s")[0]))  # fmt: skip
    run = ran(NAME, 60.0, *commands, max_deliveries="2", count="1")
    assert times(run, "k01", kind.STATE, "Failed") == [20.0]
    assert times(run, "k01-job", kind.DEAD_LETTERED) == [20.0]
    assert broken(run) == set()


def test_an_unknown_ticket_is_404_and_an_old_one_410() -> None:
    assert times(made(9.0, {"m01": {"headers": {"typo": "yes"}}}), "m01-poll1-404") == [3.0]
    run = ran(f"{NAME}/gone-before-it-was-fetched", 60.0)
    assert times(run, "m01-poll3-410") == [20.0]


def test_a_cancel_wins_or_loses_once() -> None:
    early = made(20.0, {"m01": {"work": "8s", "headers": {"cancel": "4s"}}})
    assert times(early, "k01", kind.STATE, "Cancelled") == [4.0]
    assert times(early, "k01-job", kind.STATE, "Released") == [8.0]
    assert early.metrics()["charges"] == 0
    late = made(20.0, {"m01": {"work": "8s", "headers": {"cancel": "8s"}}})
    assert times(late, "m01-cancel-409") == [8.0]
    assert times(late, "m01", kind.STATE, "Replied") == [8.0]
    assert late.metrics()["charges"] == 1
    assert broken(early) | broken(late) == set()


def test_a_client_out_of_patience_cancels() -> None:
    run = made(20.0, {"m01": {"work": "8s"}}, patience="5s")
    assert times(run, "m01", kind.STATE, "Cancelled") == [5.0]


def test_a_client_gives_up_after_so_many_attempts() -> None:
    dead = made(30.0, {"m01": {}}, attempts=2, apis=0)
    assert times(dead, "m01", kind.STATE, "TimedOut") == [6.0]
    assert dead.metrics()["timeouts"] == 1


# --- crashes --------------------------------------------------------------------------------


def test_a_ticket_for_no_job_is_what_an_outbox_is_for() -> None:
    crash = ("4s crash api-1 at K3", "6s restart api-1")
    bare = ran(NAME, 60.0, *crash, outbox="off")
    assert "accepted-is-enqueued" in broken(bare)
    safe = ran(NAME, 60.0, *crash)
    assert "accepted-is-enqueued" not in broken(safe)
    assert times(safe, "k02-job") == [15.0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_lost_job_is_sent_again_before_the_ticket_is_given(seed: int) -> None:
    run = Run(find(NAME), seed=seed, overrides={"loss": "0.3", "count": "8"})
    run.advance(400.0)
    assert [e for e in run.events if e.kind == kind.DROPPED and e.message.endswith("-job")]
    assert broken(run) <= {"answered-in-time"}
    metrics = run.metrics()
    assert (metrics["jobs"], metrics["charges"], metrics["open"]) == (8, 8, 0)


def test_a_client_that_starts_anew_goes_on_with_its_ticket() -> None:
    run = ran(NAME, 20.0, "1s crash client-1", "2s restart client-1", count="1")
    assert times(run, "m01-life2-poll1") == [5.0]
    assert times(run, "m01", kind.STATE, "Replied") == [5.0]
    lost = ran(NAME, 20.0, "1s crash client-1", "2s restart client-1", count="1", durable="off")
    assert lost.metrics()["polls"] == 0
    assert "every-request-ends" in broken(lost)


def test_a_client_that_is_cut_off_asks_again_when_it_is_back() -> None:
    run = ran(NAME, 30.0, "0s inject cut-off on client-1", "4s heal cut-off on client-1",
              count="1")  # fmt: skip
    assert run.metrics()["posts"] == 1
    assert times(run, "m01", kind.STATE, "Replied") == [6.0]
    run = ran(NAME, 30.0, "2s inject cut-off", "7s heal cut-off", count="1")
    assert times(run, "m01-poll1") == []
    assert times(run, "m01", kind.STATE, "Replied") == [9.0]


# --- settings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "key"),
    [({"retention": 3.0}, "retention"),
     ({"latency": 2.0}, "timeout"),
     ({"everybody": True, "no_responders": True}, "no_responders")],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, object], key: str
) -> None:
    with pytest.raises(BadInput, match=f"{key}: "):
        check(Settings(**settings))  # type: ignore[arg-type]


def test_a_bounded_front_door_turns_calls_away_and_never_jobs() -> None:
    run = ran(NAME, 60.0, "0s pause worker-1", "0.5s inject burst 20", capacity="1")
    jobs = [e for e in run.events if e.kind == kind.REJECTED and e.queue == "jobs"]
    assert not jobs
    assert broken(run) <= {"answered-in-time"}
