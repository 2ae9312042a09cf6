"""Histories that look bad and are not: no guarantee may cry wolf."""

from __future__ import annotations

from tests.support.scenarios import CONSUMING, LEVELING, broken, ran, scenario

POISON = "[messages.m01]\npoison = true"


def test_a_crash_on_a_poison_message_is_no_overlap() -> None:
    made = scenario(CONSUMING, "0.2s crash consumer-1", count=1, max_deliveries=5, text=POISON)
    assert "overlap-has-a-cause" not in broken(ran(made))


def test_a_stale_copy_in_a_buffer_is_no_overlap_without_cause() -> None:
    made = scenario(CONSUMING, prefetch=3, every="250ms", service="uniform(100ms, 3s)")
    assert "overlap-has-a-cause" not in broken(ran(made, 120))


def test_a_resumed_consumer_that_works_is_not_idle() -> None:
    made = scenario(
        CONSUMING, "1s pause consumer-1", "2s resume consumer-1",
        consumers=1, every="500ms", service="4s",
    )  # fmt: skip
    assert "work-conserving" not in broken(ran(made))


def test_a_lock_made_to_expire_is_not_held_against_renewal() -> None:
    for aim in ("", " on m01"):
        made = scenario(CONSUMING, f"1s inject expire-lock{aim}", count=1, renewal=True)
        assert "renewal-holds" not in broken(ran(made))


def test_renewal_switched_on_is_not_asked_of_work_begun_before() -> None:
    made = scenario(CONSUMING, "1s set renewal=on", count=1, service="8s")
    assert "renewal-holds" not in broken(ran(made))


def test_renewal_is_not_asked_of_work_begun_where_there_was_none() -> None:
    made = scenario(
        CONSUMING, "1s set dialect=mailrail", dialect="rabbitmq-quorum", count=1, lock="4s",
        service="8s", renewal=True,
    )  # fmt: skip
    assert "renewal-holds" not in broken(ran(made))


def test_a_lost_acknowledgement_is_not_held_against_renewal() -> None:
    made = scenario(CONSUMING, "1s inject lose-ack", every="800ms", renewal=True, lock="5s")
    assert "renewal-holds" not in broken(ran(made))


def test_an_outage_is_not_held_against_draining() -> None:
    made = scenario(CONSUMING, "0.5s inject broker-down", count=3, consumers=2)
    assert "drains" not in broken(ran(made, 600))


def test_a_blocked_producer_does_not_count_as_a_consumer() -> None:
    made = scenario(CONSUMING, consumers=0, capacity=1, overflow="block")
    assert "drains" not in broken(ran(made))


def test_an_inbox_is_no_breach_of_the_service_rate() -> None:
    made = scenario(LEVELING, "8s inject burst 60", idempotent=True, service="2500ms", retries=2)
    assert "service-rate" not in broken(ran(made, 120))


def test_prefetching_into_receive_and_delete_is_no_breach_of_the_service_rate() -> None:
    made = scenario(
        LEVELING, "1s crash worker-1", "2s crash worker-2", prefetch=3, every="250ms",
        mode="receive-and-delete", service="2500ms",
    )  # fmt: skip
    assert "service-rate" not in broken(ran(made))


def test_a_redriven_message_has_no_age() -> None:
    made = scenario(
        LEVELING, "10s redrive work", "11s spawn worker 4", consumers=0, count=5, ttl="3s",
        dead_letter_expired=True,
    )  # fmt: skip
    assert "ttl-kept" not in broken(ran(made))


def test_a_time_to_live_that_is_set_later_is_not_for_what_was_sent_before() -> None:
    made = scenario(LEVELING, "4s set ttl=1s", "8s spawn worker 2", consumers=0, every="2s")
    run = ran(made, 20)
    ended = {event.message: event.kind for event in run.events if event.queue == "work"}
    assert (ended["m01"], ended["m04"]) == ("completed", "expired")
    assert "ttl-kept" not in broken(run)


def test_expiry_of_what_is_scheduled_leaves_work_conserving_honest() -> None:
    made = scenario(CONSUMING, ttl="2s", retry_delay="5s", every="400ms", text=POISON)
    assert "work-conserving" not in broken(ran(made))


def test_a_limit_lowered_while_it_runs_is_kept() -> None:
    made = scenario(CONSUMING, "5s set max_deliveries=1", lock="2s", service="3s", every="500ms")
    assert "delivery-count" not in broken(ran(made))
