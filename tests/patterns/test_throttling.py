"""The throttle: turns of one order within a window, and what a storm leaves of everybody else."""

from __future__ import annotations

import pytest
from tests.support.by_hand import ran

from mailrail_patterns.choreography import PATTERN
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.settings import change
from mailrail_patterns.throttling import MANY, Throttle

STORM = "choreography/event-storm-throttled"


def test_an_order_has_so_many_turns_in_any_window_and_each_message_waits_once() -> None:
    throttle = Throttle()
    waits = [throttle.wait("m01", f"e{n}", t, 2, 10.0) for n, t in enumerate((0.0, 1.0, 2.0, 3.0))]
    assert waits == [0.0, 0.0, 8.0, 8.0], "turns at 0 and 1, then at 10 and at 11"
    assert throttle.wait("m01", "e2", 10.0, 2, 10.0) == 0.0, "its turn was booked"
    assert throttle.wait("m02", "x", 3.0, 2, 10.0) == 0.0, "another order has turns of its own"
    assert throttle.wait("m01", "late", 30.0, 2, 10.0) == 0.0


def test_orders_of_long_ago_are_forgotten() -> None:
    throttle = Throttle()
    for n in range(3 * MANY):
        assert throttle.wait(f"m{n}", f"e{n}", float(n), 1, 5.0) == 0.0
    assert len(throttle._turns) <= MANY


def completed(run: Run) -> dict[str, float]:
    return {e.message: e.t for e in run.events if e.queue == "orders" and e.group == "Completed"}


def test_beside_a_throttled_storm_orders_take_as_long_as_without_one() -> None:
    calm = ran(STORM, 30, miswired="off")
    assert completed(ran(STORM, 30)) == completed(calm)
    wild = ran(STORM, 30, throttle="0")
    assert completed(wild) != completed(calm), "the storm would have taken their turns"
    assert wild.metrics()["throttled"] == 0


def test_what_is_put_off_needs_a_second_delivery() -> None:
    once = change(PATTERN, PATTERN.settings(), "max_deliveries", 1)
    with pytest.raises(BadInput, match="raise max_deliveries"):
        change(PATTERN, once, "throttle", 3)
