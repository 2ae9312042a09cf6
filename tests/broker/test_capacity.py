"""A bounded queue: refuse, drop the oldest, or make the sender wait."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.broker_state import ready_names
from tests.support.lab import Lab, sends, takes, tells

from mailrail_patterns.port import Message, Outcome, Overflow, QueueSpec

A, R = Outcome.ACCEPTED, Outcome.REJECTED
Told = list[tuple[float, Outcome]]


def bounded(capacity: int, overflow: Overflow) -> QueueSpec:
    """Return a bounded queue."""
    return QueueSpec("q", lock=50.0, capacity=capacity, overflow=overflow)


def slow_start(seconds: float) -> Any:
    """Return a consumer that comes late."""

    async def part(port: Any) -> None:
        await port.clock.sleep(seconds)
        await takes(1.0)(port)

    return part


def test_reject_tells_the_sender() -> None:
    told: Told = []
    lab = Lab(bounded(2, Overflow.REJECT), sender=tells(told, "m01", "m02", "m03")).until(1)
    assert [outcome for _, outcome in told] == [A, A, R]
    assert ready_names(lab.q) == ["m01", "m02"]
    assert lab.one("rejected").text == "QueueFull"


def test_drop_oldest_takes_from_the_head() -> None:
    told: Told = []
    lab = Lab(bounded(2, Overflow.DROP_OLDEST), sender=tells(told, "m01", "m02", "m03")).until(1)
    assert [outcome for _, outcome in told] == [A, A, A]
    assert ready_names(lab.q) == ["m02", "m03"]
    assert (lab.one("dropped").message, lab.q.depth) == ("m01", 2)
    assert lab.broken() == []


def test_messages_in_flight_do_not_count() -> None:
    told: Told = []
    sender = tells(told, "m01", "m02", "m03")
    Lab(bounded(2, Overflow.REJECT), taker=takes(100.0), sender=sender).until(1)
    assert [outcome for _, outcome in told] == [A, A, A]


def test_blocked_senders_are_let_in_first_come_first_served() -> None:
    told: dict[str, Told] = {"a": [], "b": [], "c": []}
    lab = Lab(
        bounded(1, Overflow.BLOCK), sender_a=tells(told["a"], "a1", "a2"),
        sender_b=tells(told["b"], "b1"), sender_c=tells(told["c"], "c1"), taker=slow_start(2.0),
    ).until(30)  # fmt: skip
    assert lab.times("blocked") == [0, 0, 0]
    assert [m for _, _, m in lab.story("sent")] == ["a1", "b1", "c1", "a2"]
    assert told == {"a": [(0, A), (4, A)], "b": [(2, A)], "c": [(3, A)]}


def test_a_crashed_blocked_sender_sends_nothing() -> None:
    lab = Lab(bounded(1, Overflow.BLOCK), sender=sends("m01", "m02"), taker=slow_start(5.0))
    lab.do("crash sender-1", at=1).until(30)
    assert lab.times("blocked") == [0]
    assert [m for _, _, m in lab.story("sent")] == ["m01"]
    assert lab.broken() == []


def test_a_paused_blocked_sender_sends_and_learns_late() -> None:
    told: Told = []
    lab = Lab(bounded(1, Overflow.BLOCK), sender=tells(told, "m01", "m02"), taker=slow_start(5.0))
    lab.do("pause sender-1", at=1).do("resume sender-1", at=9).until(30)
    assert told == [(0, A), (9, A)]
    assert lab.times("sent") == [0, 5]


@pytest.mark.parametrize("away", ["broker-down", "partition on feeder-1"])
def test_a_blocked_sender_is_not_let_in_while_it_cannot_reach_the_broker(away: str) -> None:
    told: Told = []
    spec = QueueSpec("q", capacity=1, overflow=Overflow.BLOCK, ttl=3.0)
    lab = Lab(spec, feeder=tells(told, "m01", "m02"))
    lab.do(f"inject {away}", at=1).do(f"heal {away}", at=9).until(30)
    assert lab.times("expired") == [3, 12], "time passes at the broker all the while"
    assert lab.times("sent") == [0, 9]
    assert told == [(0, A), (9, A)]
    assert lab.broken() == []


def test_who_is_cut_off_is_passed_over_and_keeps_its_place() -> None:
    told: dict[str, Told] = {"a": [], "b": []}
    lab = Lab(
        bounded(0, Overflow.BLOCK), first=tells(told["a"], "a1"),
        second=tells(told["b"], "b1"), taker=slow_start(2.0),
    )  # fmt: skip
    lab.do("inject partition on first-1", at=1).do("heal partition on first-1", at=9)
    lab.until(20)
    assert told == {"a": [(9, A)], "b": [(2, A)]}


def test_more_room_lets_the_blocked_in() -> None:
    lab = Lab(bounded(1, Overflow.BLOCK), sender=sends("m01", "m02", "m03")).until(1)
    lab.q.declare(bounded(5, Overflow.BLOCK))
    lab.until(2)
    assert ready_names(lab.q) == ["m01", "m02", "m03"]


def test_without_room_only_a_waiting_receiver_gets_anything() -> None:
    told: Told = []
    sender = tells(told, "m01", "m02")
    lab = Lab(bounded(0, Overflow.REJECT), taker=takes(1.0), sender=sender).until(5)
    assert [outcome for _, outcome in told] == [A, R]
    assert lab.times("completed") == [1]


@pytest.mark.parametrize("overflow", [Overflow.REJECT, Overflow.DROP_OLDEST])
def test_without_room_and_without_a_receiver_all_are_refused(overflow: Overflow) -> None:
    told: Told = []
    Lab(bounded(0, overflow), sender=tells(told, "m01")).until(1)
    assert told == [(0, R)]


def test_without_room_a_blocked_sender_hands_over_to_the_first_who_comes() -> None:
    told: Told = []
    sender = tells(told, "m01", "m02")
    lab = Lab(bounded(0, Overflow.BLOCK), sender=sender, taker=slow_start(3.0)).until(20)
    assert told == [(3, A), (4, A)]
    assert lab.times("delivered") == [3, 4]


def test_dropping_makes_room_even_after_returns_have_overfilled_the_queue() -> None:
    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        delivery = await receiver.next()
        await port.clock.sleep(2)
        await delivery.abandon()

    async def sender(port: Any) -> None:
        for name in ("m01", "m02", "m03"):
            await port.broker.send("q", Message(name))
        await port.clock.sleep(3)
        await port.broker.send("q", Message("m04"))

    lab = Lab(bounded(2, Overflow.DROP_OLDEST), taker=taker, sender=sender).until(5)
    assert ready_names(lab.q) == ["m03", "m04"]


def test_a_duplicate_is_held_to_the_bound_too() -> None:
    async def sender(port: Any) -> None:
        await port.clock.sleep(1)
        await sends("m01")(port)

    lab = Lab(bounded(1, Overflow.REJECT), sender=sender).do("inject duplicate").until(2)
    assert lab.q.depth == 1
