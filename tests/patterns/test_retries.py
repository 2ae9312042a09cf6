"""A handler that counts its retries itself, as NServiceBus does."""

from __future__ import annotations

import pytest
from tests.support.scenarios import CONSUMING, broken, ran, scenario

POISON = '[messages.m01]\npoison = true\nwork = "100ms"'


@pytest.mark.parametrize(
    ("immediate", "delayed", "attempts"), [(5, 3, 24), (5, 0, 6), (0, 3, 4), (1, 1, 4)]
)
def test_so_many_rounds_of_so_many_attempts(immediate: int, delayed: int, attempts: int) -> None:
    run = ran(
        scenario(
            CONSUMING, duration=200.0, text=POISON, count=1, consumers=1, max_deliveries=0,
            immediate_retries=immediate, delayed_retries=delayed, delay_step="10s",
        )
    )  # fmt: skip
    given = [event for event in run.events if event.kind == "delivered"]
    assert len(given) == attempts
    waits = [round(e.until - e.t, 6) for e in run.events if e.kind == "abandoned" and e.until]
    assert waits == [10.0 * (number + 1) for number in range(delayed)]
    (dead,) = [event for event in run.events if event.kind == "dead_lettered"]
    assert (dead.text, dead.actor, dead.delivery) == ("RetriesExhausted", "consumer-1", attempts)
    assert not broken(run)


def test_without_them_the_broker_counts() -> None:
    run = ran(scenario(CONSUMING, text=POISON, count=1, max_deliveries=3))
    (dead,) = [event for event in run.events if event.kind == "dead_lettered"]
    assert (dead.text, dead.delivery) == ("MaxDeliveryCountExceeded", 3)


def test_a_redriven_message_is_tried_as_often_again() -> None:
    run = ran(
        scenario(
            CONSUMING, "20s redrive work", text=POISON, count=1, max_deliveries=0,
            immediate_retries=2,
        )
    )  # fmt: skip
    assert sum(1 for event in run.events if event.kind == "delivered") == 6
