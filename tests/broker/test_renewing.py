"""Lock renewal: from the moment a message is taken up until it is settled, whatever the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.scenarios import CONSUMING, LEVELING, broken, ran, scenario

from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run


def told(run: Run, message: str) -> list[str]:
    """Return what happened to a message and its lock, in order."""
    kinds = {"delivered", "working", "renewed", "lock_expired", "lock_lost", "completed"}
    return [e.kind for e in run.events if e.message == message and e.kind in kinds]


def test_a_lock_that_is_nearly_over_in_the_buffer_is_renewed_before_the_work() -> None:
    made = scenario(
        count=2, every="1ms", consumers=1, prefetch=2, lock="5s", service="4300ms",
        latency="100ms", renewal=True,
    )  # fmt: skip
    run = ran(made)
    assert told(run, "m02")[:3] == ["delivered", "renewed", "working"]
    assert told(run, "m02").count("delivered") == 1
    assert "renewal-holds" not in broken(run)


def test_what_ran_out_in_the_buffer_is_not_begun() -> None:
    made = scenario(
        count=2, every="1ms", consumers=1, prefetch=2, lock="5s", service="7s", renewal=True
    )
    run = ran(made)
    assert told(run, "m01") == ["delivered", "working", "renewed", "completed"]
    assert told(run, "m02") == [
        "delivered", "lock_expired", "delivered", "lock_lost", "working", "renewed", "completed",
    ]  # fmt: skip
    assert run.metrics()["effects"] == 2
    assert "renewal-holds" not in broken(run)


def test_without_renewal_it_is_begun_although_it_is_somebody_elses() -> None:
    made = scenario(count=2, every="1ms", consumers=1, prefetch=2, lock="5s", service="7s")
    run = ran(made)
    assert told(run, "m02").count("working") >= 2
    assert (run.metrics()["effects"] or 0) > 2


@pytest.mark.parametrize("publish", ["after-effect", "before-effect"])
def test_it_is_renewed_while_the_result_is_on_its_way(publish: str) -> None:
    made = scenario(
        count=5, lock="600ms", service="450ms", latency="100ms", publish=publish, renewal=True
    )
    run = ran(made)
    assert run.metrics()["redelivered"] == 0
    assert "renewal-holds" not in broken(run)
    made = scenario(count=5, lock="600ms", service="450ms", latency="100ms", publish=publish)
    assert (ran(made).metrics()["redelivered"] or 0) > 0, "the way there and back is too long"


def test_a_filter_that_waits_for_room_keeps_its_lock() -> None:
    settings: dict[str, Any] = {
        "lock": "2s",
        "capacity": 1,
        "every": "500ms",
        "count": 9,
        "max_deliveries": 0,
    }
    assert ran(scenario("pipes-and-filters", **settings)).metrics()["lock_lost"]
    run = ran(scenario("pipes-and-filters", renewal=True, **settings))
    assert (run.metrics()["decode_blocked"] or 0) > 5
    assert run.metrics()["lock_lost"] == 0
    assert broken(run) == {}


def test_renewing_ends_with_the_settlement() -> None:
    run = ran(scenario(count=1, lock="5s", service="8s", renewal=True))
    assert told(run, "m01") == ["delivered", "working", "renewed", "completed"]
    assert run.quiet
    assert run.events[-1].t == 8


def test_a_lock_too_short_for_a_renewal_to_arrive_is_refused() -> None:
    made = scenario(lock="1s", latency="200ms", renewal=True)
    with pytest.raises(BadInput, match="lock: a renewal would arrive too late; set more than five"):
        Run(made)
    Run(scenario(lock="1s", latency="200ms"))
    Run(scenario(lock="1s", latency="190ms", renewal=True))


FOUND: list[tuple[str, int, dict[str, Any]]] = [
    (CONSUMING, 122, {"lock": "2s", "latency": "200ms", "prefetch": 2, "every": "300ms",
                      "service": "uniform(100ms, 3s)", "count": 4, "consumers": 2}),
    (CONSUMING, 37, {"lock": "500ms", "latency": "50ms", "prefetch": 5, "count": 4,
                     "every": "exponential(400ms)", "service": "exponential(1s)", "consumers": 2,
                     "retry_delay": "500ms", "publish": "before-effect"}),
    (LEVELING, 65, {"lock": "2s", "latency": "50ms", "loss": 0.2, "prefetch": 3, "count": 19,
                    "every": "exponential(400ms)", "service": "exponential(1s)",
                    "retry_delay": "500ms", "idempotent": True}),
]  # fmt: skip
"""Found at random and made small: a lock nearly over in the buffer, and a result on its way."""


@pytest.mark.parametrize(("pattern", "seed", "chosen"), FOUND)
def test_what_was_found_at_random_holds(pattern: str, seed: int, chosen: dict[str, Any]) -> None:
    run = ran(scenario(pattern, renewal=True, **chosen), 20, seed=seed)
    assert "renewal-holds" not in broken(run)


@given(
    pattern=st.sampled_from([CONSUMING, LEVELING]),
    seed=st.integers(1, 99),
    prefetch=st.integers(1, 8),
    lock=st.sampled_from(["400ms", "1s", "3s"]),
    latency=st.sampled_from(["0s", "10ms", "70ms"]),
    loss=st.sampled_from([0.0, 0.2]),
    every=st.sampled_from(["100ms", "exponential(400ms)"]),
    service=st.sampled_from(["200ms", "1s", "uniform(100ms, 3s)", "exponential(1s)"]),
    at=st.integers(0, 40).map(lambda quarter: quarter / 4),
    what=st.sampled_from(["crash", "pause", "inject lose-ack", "inject broker-down"]),
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_lock_runs_out_under_who_is_at_work(
    pattern: str, seed: int, at: float, what: str, **chosen: Any
) -> None:
    who = "consumer-1" if pattern == CONSUMING else "worker-1"
    step = f"{at}s {what}" if what.startswith("inject") else f"{at}s {what} {who}"
    run = ran(scenario(pattern, step, renewal=True, count=12, **chosen), 30, seed=seed)
    assert "renewal-holds" not in broken(run)
