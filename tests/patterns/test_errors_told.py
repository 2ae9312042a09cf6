"""What a requester is told when there will be no result: by faults, settings or the broker."""

from __future__ import annotations

import pytest
from tests.patterns.test_asynchronous_request_reply import NAME, times
from tests.support.by_hand import broken, ran

from mailrail_patterns.kernel import events as kind

QUEUES = {"style": "reply-queue", "count": "2"}


def test_an_invalid_request_is_refused_at_once_in_both_styles() -> None:
    polled = ran(NAME, 20.0, "1s inject invalid", count="2")
    assert times(polled, "m02-post-400") == [5.0]
    assert (polled.metrics()["refused"], polled.metrics()["jobs"]) == (1, 1)
    replied = ran(NAME, 20.0, "1s inject invalid on m02", **QUEUES)
    assert times(replied, "m02-reply-400") == [5.0]
    assert (replied.metrics()["refused"], replied.metrics()["effects"]) == (1, 1)
    assert broken(polled) == broken(replied) == set()


def test_work_that_turns_out_to_be_impossible_says_so_in_both_styles() -> None:
    polled = ran(NAME, 20.0, "1s inject fail", count="2")
    assert times(polled, "k01", kind.STATE, "Failed") == [4.0]
    assert times(polled, "k02", kind.STATE, "Succeeded") == [9.0]
    assert (polled.metrics()["job_failures"], polled.metrics()["charges"]) == (1, 1)
    replied = ran(NAME, 20.0, "0.5s inject fail on m02", **QUEUES)
    assert times(replied, "m02-reply-422") == [6.0]
    assert replied.metrics()["job_failures"] == 1
    assert broken(polled) == broken(replied) == set()


@pytest.mark.parametrize(("setting", "counted"), [("invalid_every", "refused"),
                                                  ("fail_every", "job_failures")])  # fmt: skip
def test_one_in_so_many_requests_is_not_as_it_should_be(setting: str, counted: str) -> None:
    for style in ("http-poll", "reply-queue"):
        run = ran(NAME, 60.0, style=style, count="7", **{setting: "3"})
        assert run.metrics()[counted] == 2
        assert broken(run) == set()


def test_an_error_is_told_again_when_its_replier_dies_before_it_settles() -> None:
    died = ("0s crash replier-1 at K5", "1.5s restart replier-1")
    run = ran(NAME, 40.0, *died, **QUEUES, reply_timeout="30s", fail_every="1")
    assert run.metrics()["job_failures"] == 2
    assert run.metrics()["effects"] == 0
    assert broken(run) == set()


def test_a_handler_that_fails_for_good_replies_so_unless_errors_are_not_told() -> None:
    bad = {**QUEUES, "max_deliveries": "2", "reply_timeout": "6s"}
    told = ran(NAME, 20.0, "1s inject poison on m02", **bad)
    assert times(told, "m02-reply-500") == times(told, "m02", kind.DEAD_LETTERED) == [7.0]
    assert (told.metrics()["job_failures"], told.metrics()["timeouts"]) == (1, 0)
    assert broken(told) == set()
    silent = ran(NAME, 20.0, "1s inject poison on m02", **bad, persist_errors="off")
    assert (silent.metrics()["job_failures"], silent.metrics()["timeouts"]) == (0, 1)


def test_a_reply_can_get_lost_as_any_answer() -> None:
    run = ran(NAME, 20.0, "1s inject lose-response on m02", **QUEUES)
    assert times(run, "m02-reply") == []
    assert (run.metrics()["lost_answers"], run.metrics()["effects"]) == (1, 2)
    assert times(run, "m02", kind.STATE, "TimedOut") == [9.0]


def test_an_api_says_at_once_that_nobody_would_do_the_job() -> None:
    run = ran(NAME, 30.0, "1s crash worker-1", "7s restart worker-1",
              no_responders="on", count="3")  # fmt: skip
    assert times(run, "m02-post-503") == [5.0]
    assert times(run, "m03-post-202") == [10.0]
    assert (run.metrics()["unavailable"], run.metrics()["jobs"]) == (1, 2)
    assert broken(run) == set()


def test_a_ticket_that_was_issued_is_good_even_when_nobody_works() -> None:
    lost = ("1s inject lose-response on m02", "6s crash worker-1")
    run = ran(NAME, 12.0, *lost, no_responders="on", count="2")
    assert times(run, "m02-post2-202") == [8.0]
    assert run.metrics()["unavailable"] == 0


def test_a_worker_that_is_frozen_counts_as_there() -> None:
    run = ran(NAME, 8.0, "1s pause worker-1", no_responders="on", count="2")
    assert times(run, "m02-post-202") == [5.0]
