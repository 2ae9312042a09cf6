"""Receiving: timeouts, draining, prefetch, receive-and-delete."""

from __future__ import annotations

from typing import Any

from tests.support.lab import Lab, Part, sends, takes
from tests.support.scenarios import CONSUMING, broken, ran, scenario

from mailrail_patterns.port import Mode, QueueSpec
from mailrail_patterns.scenario import Scenario

Q = QueueSpec("q", lock=5.0)


def test_a_timeout_on_an_idle_queue_answers_none() -> None:
    seen: list[tuple[float, object]] = []

    async def taker(port: Any) -> None:
        receiver = port.broker.receiver("q")
        seen.append((port.clock.now, await receiver.next(timeout=2.0)))
        seen.append((port.clock.now, (await receiver.next(timeout=2.0)).name))

    async def sender(port: Any) -> None:
        await port.clock.sleep(3)
        await sends("m01")(port)

    lab = Lab(Q, taker=taker, sender=sender).until(10)
    assert [what for _, what in seen] == [None, "m01"]
    assert lab.times("delivered") == [3]


def test_a_timed_out_receiver_gets_nothing_behind_its_back() -> None:
    async def taker(port: Any) -> None:
        await port.broker.receiver("q").next(timeout=1.0)
        await port.clock.sleep(100)

    async def sender(port: Any) -> None:
        await port.clock.sleep(2)
        await sends("m01")(port)

    lab = Lab(Q, taker=taker, sender=sender).until(10)
    assert lab.times("delivered") == []
    assert lab.q.depth == 1


def test_a_cancelled_timeout_does_not_move_the_clock() -> None:
    async def taker(port: Any) -> None:
        delivery = await port.broker.receiver("q").next(timeout=50.0)
        await delivery.complete()

    lab = Lab(Q, taker=taker, sender=sends("m01")).until(1)
    assert lab.world.agenda.next_time() is None


def test_stop_drains() -> None:
    lab = Lab(Q, taker=takes(3.0), sender=sends("m01", "m02"))
    lab.do("stop taker-1", at=1).until(20)
    assert lab.story("completed", "stopped") == [(0, "stopped", ""), (3, "completed", "m01"),
                                                 (3, "stopped", "")]  # fmt: skip
    assert lab.q.depth == 1


def test_stop_drains_what_was_prefetched() -> None:
    lab = Lab(Q, taker=takes(1.0, prefetch=3), sender=sends("m01", "m02", "m03", "m04", "m05"))
    lab.do("stop taker-1", at=0.5).until(20)
    assert lab.times("completed") == [1, 2, 3]
    assert lab.q.depth == 2


def test_an_idle_consumer_stops_at_once() -> None:
    lab = Lab(Q, taker=takes()).do("stop taker-1", at=1).until(2)
    assert lab.times("stopped") == [1]


def late_arrivals(*names: str) -> Part:
    """Return a sender that waits until everybody is there."""

    async def part(port: Any) -> None:
        await port.clock.sleep(1)
        await sends(*names)(port)

    return part


def test_prefetching_hoards_while_another_idles() -> None:
    names = ("m01", "m02", "m03", "m04")
    lab = Lab(Q, greedy=takes(1.0, prefetch=9), sender=sends(*names))
    lab.until(0.5)
    owners = [e.actor for e in lab.events if e.kind == "delivered"]
    assert owners == ["greedy-1"] * 4
    assert all(entry.until == 5 for entry in lab.q.entries.values())


def test_the_lease_of_a_buffered_message_ticks() -> None:
    lab = Lab(Q, sender=sends("m01", "m02", "m03"), greedy=takes(3.0, prefetch=3)).until(30)
    assert lab.times("completed", "m01") == [3]
    assert lab.times("lock_expired")[:2] == [5, 5]
    assert lab.times("lock_lost")[0] == 6


def test_a_crashing_hoarder_burns_the_counts_of_the_innocent() -> None:
    lab = Lab(Q, sender=sends("m01", "m02", "m03"), greedy=takes(4.0, prefetch=3), other=takes())
    lab.do("crash greedy-1", at=1).until(20)
    counts = {e.message: e.delivery for e in lab.events if e.kind == "delivered"}
    held = [e.message for e in lab.events if e.kind == "delivered" and e.actor == "greedy-1"]
    assert len(held) > 1
    assert all(counts[name] == 2 for name in held)


def deleting(*steps: str, **more: Any) -> Scenario:
    """Return a scenario in receive-and-delete mode."""
    return scenario(CONSUMING, *steps, mode="receive-and-delete", consumers=1, count=2, **more)


def test_receive_and_delete_completes_at_the_handover() -> None:
    spec = QueueSpec("q", mode=Mode.RECEIVE_AND_DELETE)
    lab = Lab(spec, sender=sends("m01"), taker=takes(9.0)).until(1)
    assert lab.story("delivered", "completed") == [(0, "delivered", "m01"), (0, "completed", "m01")]
    assert not lab.q.entries
    assert lab.one("delivered").until == 0


def test_receive_and_delete_loses_what_a_crash_interrupts() -> None:
    run = ran(deleting("1s crash consumer-1"), 30)
    assert run.metrics()["effects"] == 0
    assert "done-or-dead" in broken(run)


def test_receive_and_delete_without_a_crash_keeps_every_promise() -> None:
    assert broken(ran(deleting(), 30)) == {}


def test_receive_and_delete_loses_a_poison_message_and_it_is_seen() -> None:
    run = ran(deleting(text="[messages.m01]\npoison = true"), 30)
    assert run.metrics()["effects"] == 1
    assert "done-or-dead" in broken(run)


def test_receive_and_delete_with_prefetch_breaks_nothing_without_a_crash() -> None:
    made = scenario(CONSUMING, mode="receive-and-delete", prefetch=3, every="200ms", count=20)
    run = ran(made)
    assert run.metrics()["effects"] == 20
    assert broken(run) == {}
