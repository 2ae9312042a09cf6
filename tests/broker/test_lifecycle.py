"""A message's life: scheduled, ready, locked, settled, returned, set aside, dead, redriven."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.broker_rules import Counts, Rules
from mailrail_patterns.port import Message, Position, QueueSpec

Q = QueueSpec("q", lock=5.0, max_deliveries=3)


def settles(*verbs: str, **kwargs: Any) -> Any:
    """Return a consumer that settles its deliveries in these ways, one after the other."""

    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        for verb in verbs:
            delivery = await receiver.next()
            await getattr(delivery, verb)(**kwargs)

    return part


def test_a_delayed_message_is_scheduled_until_due() -> None:
    lab = Lab(Q, sender=sends(Message("m01", delay=4.0)), taker=takes()).until(3.9)
    assert lab.story("delivered") == []
    assert next(iter(lab.q.entries.values())).stage.value == "scheduled"
    lab.until(10)
    assert lab.story("sent", "due", "delivered", "completed") == [
        (0, "sent", "m01"), (4, "due", "m01"), (4, "delivered", "m01"), (4, "completed", "m01"),
    ]  # fmt: skip


def test_complete_ends_the_life() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=takes(2.0)).until(10)
    assert lab.times("completed") == [2]
    assert lab.times("lock_expired") == []
    assert not lab.q.entries
    assert lab.world.agenda.next_time() is None, "a settled message's lock must not move the clock"


def test_abandon_without_delay_returns_at_once() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=settles("abandon", "complete")).until(1)
    assert [e.delivery for e in lab.events if e.kind == "delivered"] == [1, 2]
    assert lab.times("completed") == [0]


def test_abandon_with_delay_keeps_it_away() -> None:
    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).abandon(3.0)
        await (await receiver.next()).complete()

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(10)
    assert lab.times("delivered") == [0, 3]
    assert lab.times("due") == [3]


@pytest.mark.parametrize(
    ("position", "order"),
    [(Position.HEAD, ["m01", "m01", "m02", "m03"]), (Position.TAIL, ["m01", "m02", "m03", "m01"])],
)
def test_where_a_returned_message_goes(position: Position, order: list[str]) -> None:
    spec = QueueSpec("q", lock=5.0, max_deliveries=9, redelivery=position)

    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await port.clock.sleep(1)
        await (await receiver.next()).abandon()
        for _ in range(3):
            await (await receiver.next()).complete()

    lab = Lab(spec, sender=sends("m01", "m02", "m03"), taker=taker).until(5)
    assert [message for _, _, message in lab.story("delivered")] == order


def test_reject_is_dead_at_once_with_the_reason() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=settles("reject", reason="BadFormat")).until(1)
    dead = lab.one("dead_lettered")
    assert (dead.text, dead.delivery, list(lab.q.dead)) == ("BadFormat", 1, ["m01"])
    assert lab.broken() == []


def test_a_deferred_message_waits_to_be_asked_for() -> None:
    got: list[str | None] = []

    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).defer()
        await port.clock.sleep(30)
        assert await receiver.deferred("m99") is None
        delivery = await receiver.deferred("m01")
        got.append(delivery.name)
        await delivery.complete()
        got.append(await receiver.deferred("m01"))

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(60)
    assert got == ["m01", None]
    assert lab.times("lock_expired") == []
    assert lab.times("completed") == [30]
    assert lab.broken() == []


def test_the_delivery_limit_buries_with_the_reason() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=settles(*["abandon"] * 5)).until(1)
    dead = lab.one("dead_lettered")
    assert (dead.text, dead.delivery) == ("MaxDeliveryCountExceeded", 3)
    assert len(lab.times("delivered")) == 3
    assert lab.broken() == []


def test_the_last_attempt_is_not_delayed() -> None:
    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        while (delivery := await receiver.next()) is not None:
            await delivery.abandon(2.0)

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(60)
    assert lab.times("delivered") == [0, 2, 4]
    assert lab.times("dead_lettered") == [4]


def test_no_limit_means_no_limit() -> None:
    spec = QueueSpec("q", lock=5.0, max_deliveries=0)
    lab = Lab(spec, sender=sends("m01"), taker=settles(*["abandon"] * 40)).until(1)
    assert len(lab.times("delivered")) == 40
    assert lab.times("dead_lettered") == []


def test_a_lock_that_runs_out_at_the_limit_buries() -> None:
    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        while await receiver.next() is not None:
            await port.clock.sleep(100)

    lab = Lab(QueueSpec("q", lock=5.0, max_deliveries=1), sender=sends("m01"), taker=taker)
    lab.until(20)
    assert lab.times("dead_lettered") == [5]


def test_redrive_resets_the_count_and_goes_to_the_tail() -> None:
    spec = QueueSpec("q", lock=5.0, max_deliveries=1)

    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).abandon()
        await port.clock.sleep(10)
        while (delivery := await receiver.next()) is not None:
            await delivery.complete()

    lab = Lab(spec, sender=sends("m01", "m02", "m03"), taker=taker)
    lab.do("redrive q", at=5)
    assert not lab.q.dead
    lab.until(20)
    delivered = [(e.message, e.delivery) for e in lab.events if e.kind == "delivered"]
    assert delivered == [("m01", 1), ("m02", 1), ("m03", 1), ("m01", 1)]
    assert lab.broken() == []


def test_an_expired_dead_letter_is_redriven_to_the_tail() -> None:
    """It stood in the middle of the queue when it expired; its old place must not count."""
    spec = QueueSpec("q", lock=50.0, dead_letter_expired=True)

    async def taker(port: Any) -> None:
        await port.clock.sleep(10)
        await takes()(port)

    messages = ("m01", Message("m02", ttl=2.0), "m03")
    lab = Lab(spec, sender=sends(*messages), taker=taker).do("redrive q", at=5).until(20)
    assert [message for _, _, message in lab.story("delivered")] == ["m01", "m03", "m02"]


def test_a_lowered_limit_counts_for_what_is_ready() -> None:
    spec = QueueSpec("q", lock=5.0, max_deliveries=5)
    lab = Lab(spec, sender=sends("m01"), taker=settles("abandon", "abandon"))
    lab.until(1)
    lab.q.declare(QueueSpec("q", lock=5.0, max_deliveries=2))
    assert list(lab.q.dead) == ["m01"]
    assert lab.q.depth == 0
    assert lab.broken() == []


@pytest.mark.parametrize(
    ("before", "now", "dead"),
    [
        (QueueSpec("q"), QueueSpec("q", max_deliveries=2), True),
        (QueueSpec("q", max_deliveries=3), QueueSpec("q", max_deliveries=9), False),
        (QueueSpec("q", max_deliveries=3), QueueSpec("q"), False),
        (
            QueueSpec("q", max_deliveries=2, rules=Rules(counts=Counts.FAILURES)),
            QueueSpec("q", max_deliveries=2),
            True,
        ),
    ],
    ids=["a limit", "a higher limit", "no limit", "another count"],
)
def test_what_has_used_up_its_deliveries_by_a_new_declaration_ends(
    before: QueueSpec, now: QueueSpec, *, dead: bool
) -> None:
    lab = Lab(before, sender=sends("m01"), taker=settles("abandon", "abandon")).until(1)
    lab.q.declare(now)
    assert bool(lab.q.dead) is dead
    assert lab.q.depth == (not dead)


def test_copies_have_names_of_their_own() -> None:
    lab = Lab(Q, sender=sends("m01", "m01", "m01")).until(1)
    assert list(lab.q.entries) == ["m01", "m01~2", "m01~3"]


def test_an_unknown_queue_is_a_bug_of_who_asks() -> None:
    lab = Lab(Q, sender=sends("m01", queue="nowhere")).until(1)
    death = lab.one("crashed")
    assert death.text.startswith("bug:")
    assert "nowhere" in death.text
