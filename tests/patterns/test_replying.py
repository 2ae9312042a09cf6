"""The other style: replies on a queue of the requester's own, matched by a correlation id."""

from __future__ import annotations

from tests.patterns.test_asynchronous_request_reply import NAME, times
from tests.support.by_hand import broken, ran

from mailrail_patterns.kernel import events as kind

QUEUES = {"style": "reply-queue", "count": "2"}


def test_a_reply_comes_to_whoever_asked() -> None:
    run = ran(NAME, 20.0, **QUEUES, requesters="2")
    homes = {
        e.message: e.queue for e in run.events if e.kind == kind.SENT and "-reply" in e.message
    }
    assert homes["m01-reply"] == "requester-1-inbox"
    assert homes["n01-reply"] == "requester-2-inbox"
    assert broken(run) == set()


def test_of_two_replies_the_first_wins() -> None:
    run = ran(NAME, 20.0, **QUEUES, everybody="on", repliers="2")
    assert times(run, "m01", kind.STATE, "Replied") == [1.0]
    assert run.metrics()["duplicate_answers"] == 2
    assert broken(run) == set()


def test_a_request_nobody_listens_for_is_refused_at_once_or_waits_in_silence() -> None:
    told = ran(NAME, 20.0, **QUEUES, repliers="0", no_responders="on")
    assert times(told, "m01", kind.STATE, "Replied") == [0.0]
    assert told.metrics()["unavailable"] == 2
    silent = ran(NAME, 20.0, **QUEUES, repliers="0")
    assert times(silent, "m01", kind.STATE, "TimedOut") == [4.0]


def test_a_busy_replier_is_one_who_listens_and_a_dead_one_is_not() -> None:
    busy = ran(NAME, 20.0, **QUEUES, every="100ms", no_responders="on")
    assert busy.metrics()["unavailable"] == 0
    dead = ran(NAME, 20.0, "2s crash replier-1", **QUEUES, no_responders="on")
    assert dead.metrics()["unavailable"] == 1


def test_a_time_to_live_spares_the_work_nobody_waits_for() -> None:
    late = ("0s pause replier-1", "9.5s resume replier-1")
    bare = ran(NAME, 20.0, *late, **QUEUES)
    assert bare.metrics()["late"] == 2
    spared = ran(NAME, 20.0, *late, **QUEUES, ttl="3s")
    assert (spared.metrics()["late"], spared.metrics()["expired"]) == (1, 1)


def test_a_reply_to_a_requester_that_forgot_is_an_orphan_and_to_one_with_a_table_is_not() -> None:
    again = ("0.5s crash requester-1", "0.6s restart requester-1")
    forgot = ran(NAME, 20.0, *again, **QUEUES, durable="off")
    assert forgot.metrics()["orphans"] == 1
    assert broken(forgot) == {"every-request-ends"}
    kept = ran(NAME, 20.0, *again, **QUEUES)
    assert kept.metrics()["orphans"] == 0
    assert times(kept, "m01", kind.STATE, "Replied") == [1.0]
    assert broken(kept) == set()


def test_a_reply_that_waited_while_its_requester_was_frozen_comes_before_the_deadline() -> None:
    run = ran(NAME, 20.0, "0.5s pause requester-1", "9s resume requester-1", **QUEUES)
    assert times(run, "m01", kind.STATE, "Replied") == [9.0]


def test_work_that_was_answered_and_not_acknowledged_is_answered_again_unless_known() -> None:
    crash = ("0s crash replier-1 at K5", "2s restart replier-1")
    bare = ran(NAME, 30.0, *crash, **QUEUES, lock="5s", idempotent="off")
    assert bare.metrics()["duplicate_answers"] == 1
    assert "effect-once" in broken(bare)
    known = ran(NAME, 30.0, *crash, **QUEUES, lock="5s")
    assert known.metrics()["duplicate_answers"] == 0
    assert "effect-once" not in broken(known)


def test_a_reply_committed_and_not_sent_is_sent_by_the_next_life() -> None:
    crash = ("0s crash replier-1 at K3", "2s restart replier-1")
    run = ran(NAME, 30.0, *crash, **QUEUES, lock="3s")
    assert times(run, "m01-reply") == [3.0]
    lost = ran(NAME, 30.0, *crash, **QUEUES, lock="3s", outbox="off")
    assert times(lost, "m01-reply") == []
    assert times(lost, "m01", kind.STATE, "TimedOut") == [4.0]


def test_a_burst_comes_from_whoever_takes_part() -> None:
    run = ran(NAME, 20.0, "1s inject burst 5", style="reply-queue")
    assert "requester-2" in {actor.name for actor in run.view().actors}
