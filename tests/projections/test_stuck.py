"""Why an order is stuck: what a fault has touched, and what only waits for its turn."""

from __future__ import annotations

import pytest
from tests.support.by_hand import driven, ran

from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.run import Run

SCENARIO = "choreography/stuck-and-why"


def stuck(run: Run) -> dict[str, tuple[str, str]]:
    scene = run.view().scene
    assert isinstance(scene, ChoreographyScene)
    return {each.conversation: (each.why, each.where) for each in scene.stuck}


def test_a_dead_letter_is_a_fault_and_a_queue_is_not() -> None:
    found = stuck(ran(SCENARIO, 24.0))
    assert found.pop("m03") == ("fault", "shipping: dead, MaxDeliveryCountExceeded")
    assert {why for why, _ in found.values()} == {"overload"}
    assert all(where.endswith(" to do") for _, where in found.values())


@pytest.mark.parametrize(
    ("commands", "where"),
    [
        (("1.5s crash stock-1",), "stock: down"),
        (("1.5s pause stock-1",), "stock: down"),
        (("1.5s inject partition on stock-1",), "stock: partition"),
        (("0.5s inject slow on stock-1 50",), "stock: slow"),
        (("1.5s inject broker-down", "2.9s heal broker-down"), "stock: broker-down"),
        (("1.5s inject store-down", "2.9s heal store-down"), "stock: store-down"),
        (("0.5s inject lose-send",), "send lost: m01-placed-paid"),
    ],
)
def test_whatever_befalls_one_of_its_messages_is_told(
    commands: tuple[str, ...], where: str
) -> None:
    run = driven(ran("choreography", 0, count=1, deadline="3s"), 3.5, *commands)
    assert stuck(run) == {"m01": ("fault", where)}


@pytest.mark.parametrize(
    ("commands", "where"),
    [
        (("1.5s inject duplicate",), "shipping: m01-placed-paid-reserved~2 is a copy"),
        (("0.5s inject poison-one on stock-1",), "stock: m01-placed-paid fails"),
        (("0.5s inject lose-ack",), "payment: settlement lost"),
        (("1s inject schema-drift",), "schema-drift"),
    ],
)
def test_a_fault_that_hits_one_message_is_told(commands: tuple[str, ...], where: str) -> None:
    run = driven(ran("choreography", 0, count=1, deadline="1s"), 2.5, *commands)
    assert stuck(run) == {"m01": ("fault", where)}


def test_what_waits_behind_a_backlog_that_a_crash_has_left_is_stuck_by_it() -> None:
    run = ran("choreography", 0, every="1s", count=12, deadline="4s")
    driven(run, 16, "2s crash stock-1", "8s restart stock-1")
    found = stuck(run)
    assert "m10" in found
    assert {why for why, _ in found.values()} == {"fault"}, "each, and those placed after it too"


def test_who_is_down_while_another_is_able_excuses_only_what_it_had_in_hand() -> None:
    """Two instances pay at one a second each; an order comes every 0.5 s, and one of them dies."""
    run = ran("choreography", 0, every="0.5s", count=24, deadline="8s", instances=2, lock="30s")
    driven(run, 20, "4.2s crash payment-1")
    found = stuck(run)
    by_fault = {order for order, (why, _) in found.items() if why == "fault"}
    held = [e.message for e in run.events if e.kind == "delivered" and e.actor == "payment-1"][-1:]
    assert by_fault == {name.removesuffix("-placed") for name in held}
    assert {why for order, (why, _) in found.items() if order not in by_fault} == {"overload"}
    assert len(found) > len(by_fault)


def test_an_order_that_is_nowhere_by_design_is_told_so() -> None:
    run = ran("choreography/two-halves-two-instances", 24.0)
    assert stuck(run) == dict.fromkeys(("m01", "m02", "m03"), ("design", "nothing under way"))
    assert run.metrics()["stuck_by_design"] == 3


def test_a_fault_elsewhere_touches_nobody() -> None:
    run = driven(ran(SCENARIO, 0), 24, "10s spawn loyalty", "12s crash loyalty-1")
    assert run.metrics()["stuck_by_fault"] == 1


def test_an_order_that_ends_after_all_is_stuck_no_more() -> None:
    run = driven(ran("choreography", 0, count=1), 20, "0.5s crash stock-1", "15s restart stock-1")
    assert run.metrics()["stuck_ever"] == 1
    assert run.metrics()["stuck_by_fault"] == 0


def test_coupling_counts_subscriptions_by_event_and_leaves_the_observer_out() -> None:
    metrics = ran("choreography", 1).metrics()
    assert metrics["coupling_max"] == 4, "shipment.failed: order, payment, stock, delivery"
    assert metrics["coupling_mean"] == 1.75
