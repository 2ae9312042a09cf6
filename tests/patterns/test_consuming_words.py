"""A4 by its words: what is said of competing consumers, asked of the list of events alone."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.support.scenarios import CONSUMING, ran, scenario

from mailrail_patterns.run import Run

POISON = "\n".join(f"[messages.m{number:02}]\npoison = true" for number in (2, 5, 11))


def counts(run: Run, what: str) -> Counter[str]:
    """Return how often something happened to each message."""
    return Counter(event.message for event in run.events if event.kind == what)


def busy(renewal: bool, text: str = "") -> Run:
    """Return a run to the end of forty messages, many of which take longer than their lock."""
    made = scenario(
        CONSUMING, duration=900.0, every="exponential(400ms)", service="exponential(2s)", count=40,
        lock="1500ms", max_deliveries=4, renewal=renewal, text=text,
    )  # fmt: skip
    return ran(made)


def test_with_renewal_and_no_crash_every_message_is_delivered_once() -> None:
    run = busy(renewal=True)
    assert set(counts(run, "delivered").values()) == {1}
    assert len(counts(run, "completed")) == 40
    assert max(counts(busy(renewal=False), "delivered").values()) > 1


@pytest.mark.parametrize("renewal", [True, False])
def test_in_the_end_all_is_completed_or_dead_and_the_dead_had_all_their_deliveries(
    renewal: bool,
) -> None:
    run = busy(renewal, POISON)
    completed, dead = counts(run, "completed"), counts(run, "dead_lettered")
    assert set(completed) | set(dead) == set(counts(run, "sent"))
    assert completed.total() + dead.total() == 40
    given = counts(run, "delivered")
    assert {given[message] for message in dead} == {4}
    assert set(dead) >= {"m02", "m05", "m11"}


def test_work_is_shared_by_demand_and_not_evenly() -> None:
    """A consumer that is three times as slow takes a third as much while there is a backlog."""
    made = scenario(
        CONSUMING, "0s inject slow on consumer-2 3", duration=24.5, consumers=2, every="1us",
        count=100, service="1s", lock="60s",
    )  # fmt: skip
    done = Counter(event.actor for event in ran(made).events if event.kind == "completed")
    assert (done["consumer-1"], done["consumer-2"]) == (24, 8)
