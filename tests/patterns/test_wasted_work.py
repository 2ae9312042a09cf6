"""Work for requesters that have given up: how much of it there is, and when it is begun."""

from __future__ import annotations

from tests.patterns.test_asynchronous_request_reply import NAME, made
from tests.support.by_hand import broken, ran

QUEUES = {"style": "reply-queue", "count": "1"}


def test_only_what_is_worked_after_the_timeout_is_wasted() -> None:
    run = ran(NAME, 5.0, **QUEUES, reply_time="6s")
    assert run.metrics()["wasted_work"] == 1.0
    run.advance(20.0)
    assert (run.metrics()["wasted_work"], run.metrics()["wasted_jobs"]) == (2.0, 1)
    assert broken(run) == {"answered-in-time"}


def test_a_replier_that_dies_wastes_no_more() -> None:
    run = ran(NAME, 20.0, "4.5s crash replier-1", **QUEUES, reply_time="6s")
    assert run.metrics()["wasted_work"] == 0.5


def test_work_begun_after_the_timeout_is_begun_for_nobody() -> None:
    run = ran(NAME, 20.0, "5s spawn replier", **QUEUES, repliers="0")
    assert run.metrics()["wasted_work"] == 1.0
    assert broken(run) == {"answered-in-time", "begun-for-somebody"}
    spared = ran(NAME, 20.0, "2s spawn replier", **QUEUES, repliers="0")
    assert (spared.metrics()["wasted_work"], broken(spared)) == (0.0, set())


def test_a_time_to_live_beyond_the_timeout_can_be_set_and_is_seen_to_be_too_long() -> None:
    late = {**QUEUES, "repliers": "0"}
    run = ran(NAME, 20.0, "5s spawn replier", **late, ttl="6s")
    assert "begun-for-somebody" in broken(run)
    run = ran(NAME, 20.0, "5s spawn replier", **late, ttl="4s")
    assert "begun-for-somebody" not in broken(run)


def test_a_job_of_a_client_that_gave_up_is_wasted_too() -> None:
    run = made(20.0, {"m01": {"work": "5s"}}, attempts=1, timeout="3s", api_time="4s")
    assert run.metrics()["timeouts"] == 1
    assert (run.metrics()["wasted_work"], run.metrics()["wasted_jobs"]) == (6.0, 2)
    assert "begun-for-somebody" in broken(run)
