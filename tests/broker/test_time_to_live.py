"""Time to live ends what is ready, scheduled or set aside, and what is locked once it returns."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.port import Message, Overflow, QueueSpec

Q = QueueSpec("q", lock=5.0, ttl=3.0)


def test_a_ready_message_expires() -> None:
    lab = Lab(Q, sender=sends("m01")).until(10)
    assert lab.times("expired") == [3]
    assert (lab.q.depth, lab.q.entries, lab.q.dead) == (0, {}, {})
    assert lab.broken() == []


def test_a_scheduled_message_expires_before_it_is_due() -> None:
    lab = Lab(Q, sender=sends(Message("m01", delay=9.0)), taker=takes()).until(20)
    assert lab.story("expired", "due", "delivered") == [(3, "expired", "m01")]
    assert lab.q.depth == 0
    assert lab.broken() == []


def test_a_locked_message_expires_when_it_comes_back() -> None:
    async def taker(port: Any) -> None:
        await port.broker.receiver("q").next()
        await port.clock.sleep(100)

    lab = Lab(Q, sender=sends("m01"), taker=taker, other=takes()).until(20)
    assert lab.story("lock_expired", "expired", "completed") == [
        (5, "lock_expired", "m01"), (5, "expired", "m01"),
    ]  # fmt: skip
    assert lab.broken() == []


def test_a_locked_message_can_still_be_completed() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=takes(4.0)).until(20)
    assert lab.story("expired", "completed") == [(4, "completed", "m01")]


def test_a_deferred_message_expires() -> None:
    async def taker(port: Any) -> None:
        await (await port.broker.receiver("q").next()).defer()

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(10)
    assert lab.times("expired") == [3]
    assert not lab.q.entries


@pytest.mark.parametrize(("own", "queue", "end"), [(2.0, 9.0, 2), (9.0, 2.0, 2), (4.0, 0.0, 4)])
def test_the_shorter_time_to_live_counts(own: float, queue: float, end: float) -> None:
    spec = QueueSpec("q", lock=5.0, ttl=queue)
    lab = Lab(spec, sender=sends(Message("m01", ttl=own))).until(20)
    assert lab.times("expired") == [end]


def test_an_expired_message_can_be_dead_lettered_and_redriven_for_good() -> None:
    spec = QueueSpec("q", lock=5.0, ttl=3.0, dead_letter_expired=True)
    lab = Lab(spec, sender=sends("m01")).until(4)
    assert lab.one("dead_lettered").text == "TTLExpired"
    assert list(lab.q.dead) == ["m01"]
    lab.do("redrive q").until(60)
    assert lab.times("expired") == [3]
    assert lab.q.depth == 1
    assert lab.broken() == []


def test_expiry_makes_room_for_a_blocked_sender() -> None:
    spec = QueueSpec("q", lock=5.0, ttl=3.0, capacity=1, overflow=Overflow.BLOCK)
    lab = Lab(spec, sender=sends("m01", "m02")).until(2)
    assert lab.times("sent") == [0]
    lab.until(4)
    assert lab.times("sent") == [0, 3]
