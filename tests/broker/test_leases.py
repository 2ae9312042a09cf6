"""A lock is a lease: it runs out, is renewed, and a stale token settles nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.port import QueueSpec

Q = QueueSpec("q", lock=5.0)


def holds(seconds: float, then: str = "complete") -> Any:
    """Return a consumer that holds its first message so long and then settles it."""

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(seconds)
        args = {"reject": ("Late",)}.get(then, ())
        await port.store.put(port.name, str(await getattr(delivery, then)(*args)))

    return part


def test_a_lock_runs_out_and_the_next_takes_over() -> None:
    lab = Lab(Q, sender=sends("m01"), slow=holds(8), taker=takes()).until(20)
    assert [(e.t, e.actor, e.delivery) for e in lab.events if e.kind == "delivered"] == [
        (0, "slow-1", 1), (5, "taker-1", 2),
    ]  # fmt: skip
    assert lab.one("lock_expired").text == "slow-1"


@pytest.mark.parametrize("then", ["complete", "abandon", "reject", "defer"])
def test_a_stale_token_settles_nothing(then: str) -> None:
    async def keeper(port: Any) -> None:
        await port.clock.sleep(1)
        await port.broker.receiver("q").next()
        await port.clock.sleep(100)

    lab = Lab(Q, sender=sends("m01"), slow=holds(8, then), keeper=keeper).until(9)
    assert lab.world.values == {"slow-1": "False"}
    assert lab.times("lock_lost") == [8]
    entry = lab.q.entries["m01"]
    assert entry.stage.value == "locked"
    assert entry.holder is not None
    assert entry.holder.process.name == "keeper-1"
    assert entry.until == 10
    assert lab.broken() == []


def test_a_stale_renewal_extends_nothing() -> None:
    async def keeper(port: Any) -> None:
        await port.clock.sleep(1)
        await port.broker.receiver("q").next()
        await port.clock.sleep(100)

    lab = Lab(Q, sender=sends("m01"), slow=holds(8, "renew"), keeper=keeper).until(9)
    assert lab.world.values == {"slow-1": "False"}
    assert lab.q.entries["m01"].until == 10


def test_a_settlement_at_the_very_end_is_too_late_or_not_but_always_the_same() -> None:
    ends = []
    for _ in range(3):
        lab = Lab(Q, sender=sends("m01"), slow=holds(5)).until(6)
        ends.append(lab.world.values["slow-1"])
    assert ends == ["False"] * 3, "the lock was set first, so at a tie it ends first"


def test_renewal_is_a_full_lock_from_now() -> None:
    seen: list[float] = []

    async def taker(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        for _ in range(3):
            await port.clock.sleep(4)
            assert await delivery.renew()
            seen.append(delivery.until)
        await delivery.complete()

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(60)
    assert seen == [9, 13, 17]
    assert lab.times("completed") == [12]
    assert lab.times("lock_expired") == []
    assert lab.broken() == []


def test_a_crashed_holder_keeps_its_lock_until_it_ends() -> None:
    lab = Lab(Q, sender=sends("m01"), slow=holds(100), taker=takes())
    lab.do("crash slow-1", at=1).until(4.9)
    assert lab.times("delivered") == [0]
    lab.until(6)
    assert lab.times("completed", actor="taker-1") == [5]


def test_the_same_consumer_may_get_it_again_with_a_new_token() -> None:
    tokens: list[tuple[int, float]] = []

    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        for _ in range(2):
            delivery = await receiver.next()
            tokens.append((delivery.count, delivery.until))
            await port.clock.sleep(6)

    lab = Lab(Q, sender=sends("m01"), taker=taker).until(30)
    assert tokens == [(1, 5), (2, 11)]
    found = [e.token for e in lab.events if e.kind == "delivered"]
    assert found[0] != found[1]


def test_a_changed_lock_length_holds_for_new_locks_only() -> None:
    lab = Lab(Q, sender=sends("m01"), slow=holds(100), slower=holds(100)).until(1)
    lab.q.declare(QueueSpec("q", lock=2.0))
    lab.until(20)
    assert lab.times("lock_expired", "m01") == [5, 7]
