"""What replies come to: a queue that outlives its requester, or one that goes with a connection."""

from __future__ import annotations

import pytest
from tests.patterns.test_asynchronous_request_reply import NAME, times
from tests.support.by_hand import broken, ran

from mailrail_patterns.kernel import events as kind

ONCE = {"style": "reply-queue", "count": "2", "replies": "at-most-once", "reply_time": "3s"}


def test_a_reply_to_a_connection_that_is_gone_reaches_nobody() -> None:
    run = ran(NAME, 20.0, "1s crash requester-1", "2s restart requester-1", **ONCE)
    assert times(run, "m01-reply", kind.UNROUTED) == [3.0]
    assert times(run, "m01", kind.STATE, "TimedOut") == [4.0]
    metrics = run.metrics()
    assert (metrics["lost_answers"], metrics["orphans"], metrics["late"]) == (1, 0, 0)
    assert broken(run) == {"answered-in-time"}


def test_the_next_request_gives_the_new_address() -> None:
    run = ran(NAME, 20.0, "1s crash requester-1", "2s restart requester-1", **ONCE)
    homes = {e.message: e.queue for e in run.events if e.kind in (kind.UNROUTED, kind.SENT)}
    assert homes["m01-reply"] == "requester-1-inbox-1"
    assert homes["m02-reply"] == "requester-1-inbox-2"
    assert times(run, "m02", kind.STATE, "Replied") == [8.0]


@pytest.mark.parametrize("end", ["crash", "stop"])
def test_a_connection_takes_along_what_was_not_received(end: str) -> None:
    frozen = ("1s pause requester-1", f"3.8s {end} requester-1")
    run = ran(NAME, 20.0, *frozen, **ONCE, every="500ms", repliers="2")
    assert times(run, "m01-reply", kind.COMPLETED) == [3.0]  # handed over to whoever is frozen
    assert times(run, "m02-reply", kind.SENT) == [3.5]
    assert times(run, "m02-reply", kind.DROPPED) == [3.8]
    assert run.metrics()["lost_answers"] == 1


def test_a_frozen_requester_keeps_its_connection() -> None:
    run = ran(NAME, 20.0, "1s pause requester-1", "3.5s resume requester-1", **ONCE)
    assert times(run, "m01", kind.STATE, "Replied") == [3.5]


def test_what_replies_come_to_is_settled_when_a_requester_starts() -> None:
    again = ("1s crash requester-1", "1s set dialect=nats-jetstream", "2s restart requester-1")
    run = ran(NAME, 20.0, *again, style="reply-queue", count="2")
    assert times(run, "m01-reply", kind.SENT) == [1.0]  # on the queue nobody reads any more
    assert times(run, "m02-reply", kind.PUBLISHED) == [6.0]


@pytest.mark.parametrize("dialect", ["rabbitmq-quorum", "nats-jetstream"])
def test_some_brokers_reply_at_most_once_unless_told_otherwise(dialect: str) -> None:
    assert ran(NAME, 0.0, dialect=dialect).settings()["replies"] == "at-most-once"
    told = ran(NAME, 0.0, dialect=dialect, replies="durable")
    assert told.settings()["replies"] == "durable"


def test_an_answer_to_a_call_goes_with_the_line_it_was_made_on() -> None:
    """The API takes a second a call; the client dies at 0.5 s and calls anew when it is back."""
    run = ran(NAME, 20.0, "0.5s crash client-1", "2s restart client-1", count="1", api_time="1s")
    assert times(run, "m01-post-202", kind.UNROUTED) == [1.0]
    assert times(run, "m01-post-202", kind.SENT) == []
    metrics = run.metrics()
    assert (metrics["lost_answers"], metrics["orphans"], metrics["late"]) == (1, 0, 0)
    assert (metrics["absorbed"], metrics["jobs"]) == (1, 1)
    assert broken(run) == set()


def test_every_life_has_a_line_of_its_own() -> None:
    """The second life dies with a call open; the third begins with the same request."""
    lives = [f"{at}s {what} client-1" for at, what in (
        (0.5, "crash"), (2, "restart"), (2.5, "crash"), (2.8, "restart"))]  # fmt: skip
    run = ran(NAME, 20.0, *lives, count="1", api_time="1s")
    heard = [(e.message, e.queue) for e in run.events if e.kind == kind.DELIVERED]
    assert [queue for name, queue in heard if name.endswith("-202")] == ["client-1-inbox-3"]
    assert run.metrics()["lost_answers"] == 2
    assert broken(run) == set()
