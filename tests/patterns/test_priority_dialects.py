"""What brokers make of priorities: of none at all, of two to one, of an overdue message."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.lab import Lab, sends, takes
from tests.support.scenarios import broken, firmly_broken, ran, scenario

from mailrail_patterns.port import Message, Order, Overflow, QueueSpec

NAME = "priority-queue"
HIGH, LOW = 9, 0


async def looks_in(port: Any) -> None:
    await port.clock.sleep(0.1)
    await takes(1.0)(port)


def ends(lab: Lab, what: str) -> list[tuple[float, str]]:
    return [(event.t, event.message) for event in lab.events if event.kind == what]


def message(name: str, ttl: float = 0.0) -> Message:
    """Return a message whose first letter tells its priority."""
    return Message(name, priority=HIGH if name[0] == "h" else LOW, ttl=ttl)


@pytest.mark.parametrize(("said", "counts_as"), [({"dialect": "rabbitmq-quorum"}, "4"), ({}, "0")])
def test_a_message_that_names_no_priority(said: dict[str, Any], counts_as: str) -> None:
    run = ran(scenario(NAME, "2s inject unstamped", "6s heal unstamped", **said), 10)
    named = {
        when: {e.group for e in run.events if e.kind == "sent" and low < e.t <= high}
        for when, low, high in (("before", 0, 2), ("during", 2, 6), ("after", 6, 10))
    }
    assert named == {"before": {"high", "low"}, "during": {counts_as}, "after": {"high", "low"}}
    assert not broken(run)


def test_what_names_none_goes_between_in_a_quorum_queue() -> None:
    run = ran(
        scenario(
            NAME, "3s inject unstamped on sender-1", dialect="rabbitmq-quorum", consumers=1,
            service="3s", starve_after="0s",
        ),
        40,
    )  # fmt: skip
    order = [e.message for e in run.events if e.kind == "delivered" and e.t > 5]
    group = {e.message: e.group for e in run.events if e.kind == "sent"}
    assert [group[name] for name in order][:4] == ["high", "high", "4", "4"]
    assert not firmly_broken(run)


def test_two_to_one_is_the_quorum_queue_before_4_3() -> None:
    spec = QueueSpec("q", order=Order.SHARE, share=2)
    names = ("h1", "h2", "h3", "h4", "h5", "l1", "l2", "l3")
    lab = Lab(spec, sender=sends(*map(message, names)), taker=looks_in).until(10)
    assert [name for _, name in ends(lab, "delivered")] == [
        "h1", "h2", "l1", "h3", "h4", "l2", "h5", "l3",
    ]  # fmt: skip


# --- time to live at the head ---------------------------------------------------------------

STRICT = QueueSpec("q", order=Order.STRICT, ttl_at_head=True)
WAITING = [message("h1"), message("h2"), message("h3"), message("l1", 1.5), message("l2", 9.0)]


def test_an_overdue_message_waits_until_it_is_the_next() -> None:
    lab = Lab(STRICT, sender=sends(*WAITING), taker=looks_in).until(2.0)
    assert ends(lab, "expired") == []
    assert lab.q.depth == 3, "h3, l2, and l1 although it is overdue"
    lab.until(10)
    assert ends(lab, "expired") == [(2.1, "l1")], "when h3 had been taken"
    assert [name for _, name in ends(lab, "completed")] == ["h1", "h2", "h3", "l2"]
    at_once = Lab(replace(STRICT, ttl_at_head=False), sender=sends(*WAITING), taker=looks_in)
    assert ends(at_once.until(10), "expired") == [(1.5, "l1")]
    assert not lab.broken()


def test_what_is_next_ends_in_time() -> None:
    lab = Lab(STRICT, sender=sends(message("l1", 1.5), message("l2", 1.0))).until(1.2)
    assert ends(lab, "expired") == [], "it has l1 before it"
    assert ends(lab.until(3), "expired") == [(1.5, "l1"), (1.5, "l2")]
    assert lab.q.depth == 0


def test_a_worker_is_not_lost_to_what_is_overdue() -> None:
    """Nothing of what is ready can be delivered, and who asks for it goes on waiting."""

    async def later(port: Any) -> None:
        await port.clock.sleep(4.0)
        await port.broker.send("q", message("l9"))

    spec = replace(STRICT, order=Order.AGING, aging=2.0)
    first = sends(message("h1"), message("l1", 0.5), message("l2", 0.5))
    lab = Lab(spec, sender=first, sender2=later, taker=looks_in).until(10)
    assert sorted(name for _, name in ends(lab, "expired")) == ["l1", "l2"]
    assert ends(lab, "delivered") == [(0.1, "h1"), (4.0, "l9")]


def test_a_sender_is_let_in_when_room_is_made_at_the_head() -> None:
    spec = replace(STRICT, capacity=2, overflow=Overflow.BLOCK)
    sender = sends(message("l1", 1.0), message("l2", 1.0), message("l3"))
    lab = Lab(spec, sender=sender).until(3)
    assert [name for _, name in ends(lab, "expired")] == ["l1", "l2"]
    assert (1.0, "l3") in ends(lab, "sent")


def test_switched_off_it_ends_what_has_been_overdue() -> None:
    lab = Lab(STRICT, sender=sends(*WAITING)).until(3.0)
    assert lab.q.depth == 5
    lab.q.declare(replace(STRICT, ttl_at_head=False))
    assert ends(lab, "expired") == [(3.0, "l1")]
    assert lab.q.depth == 4


def test_it_is_a_setting_of_the_pattern() -> None:
    made: dict[str, Any] = {"consumers": 1, "service": "2s", "ttl": "4s", "starve_after": "0s"}
    usual, at_head = (
        ran(scenario(NAME, ttl_at_head=switch, **made), 30) for switch in (False, True)
    )
    assert [e for e in at_head.events if e.kind == "expired"] != []
    said = [run.picture.queues.queue("work").at_head for run in (usual, at_head)]
    assert said == [False, True]
    ready = [run.metrics()["low_ready"] for run in (usual, at_head)]
    assert ready == [4, 25], "the overdue low ones stand behind the high ones"
    assert not firmly_broken(at_head)
