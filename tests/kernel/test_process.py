"""Processes: a crash is not a cancellation, a paused one is late, a restart knows nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab, sends
from tests.support.scenarios import CONSUMING, ran, scenario

from mailrail_patterns import handler
from mailrail_patterns.commands import CrashPoint
from mailrail_patterns.kernel import agenda
from mailrail_patterns.port import Message, QueueSpec
from mailrail_patterns.run import Run

Q = QueueSpec("q", lock=5.0)


def test_a_crash_runs_no_finally() -> None:
    seen: list[str] = []

    async def taker(port: Any) -> None:
        try:
            await port.clock.sleep(10)
        finally:
            seen.append("finally")

    lab = Lab(Q, taker=taker)
    lab.do("crash taker-1", at=1).until(60)
    assert seen == []
    assert lab.one("crashed").t == 1


def test_a_crash_settles_nothing_and_releases_no_lock() -> None:
    async def taker(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        try:
            await port.clock.sleep(10)
        finally:
            await delivery.complete()

    lab = Lab(Q, sender=sends("m01"), taker=taker)
    lab.do("crash taker-1", at=1)
    assert list(lab.q.entries) == ["m01"]
    lab.until(60)
    assert lab.times("lock_expired") == [5]
    assert lab.times("completed") == []


def test_a_paused_process_is_stepped_late() -> None:
    seen: list[float] = []

    async def taker(port: Any) -> None:
        await port.clock.sleep(2)
        seen.append(port.clock.now)
        await port.clock.sleep(2)
        seen.append(port.clock.now)

    lab = Lab(Q, taker=taker)
    lab.do("pause taker-1", at=1).do("resume taker-1", at=7).until(20)
    assert seen == [7, 9]


def test_a_zombie_finds_its_lock_gone() -> None:
    answers: list[bool] = []

    async def taker(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(1)
        answers.append(await delivery.complete())

    lab = Lab(Q, sender=sends("m01"), taker=taker)
    lab.do("pause taker-1", at=0.5).do("resume taker-1", at=6).until(10)
    assert answers == [False]
    assert lab.times("lock_lost") == [6]
    assert list(lab.q.entries) == ["m01"]
    assert lab.broken() == []


def test_a_zombie_that_wakes_in_time_settles() -> None:
    answers: list[bool] = []

    async def taker(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(1)
        answers.append(await delivery.complete())

    lab = Lab(Q, sender=sends("m01"), taker=taker)
    lab.do("pause taker-1", at=0.5).do("resume taker-1", at=4.5).until(10)
    assert answers == [True]


def test_a_crashed_zombie_does_not_come_back() -> None:
    seen: list[float] = []

    async def taker(port: Any) -> None:
        await port.clock.sleep(2)
        seen.append(port.clock.now)

    lab = Lab(Q, taker=taker)
    lab.do("pause taker-1", at=1).do("crash taker-1", at=3).until(20)
    assert seen == []


def test_a_restart_knows_durable_state_only() -> None:
    lives: list[tuple[int, str | None]] = []

    async def taker(port: Any) -> None:
        local = 0
        kept = await port.store.get("seen")
        await port.store.put("seen", "yes")
        local += 1
        lives.append((local, kept))
        await port.clock.sleep(100)

    lab = Lab(Q, taker=taker)
    lab.do("crash taker-1", at=1).do("restart taker-1", at=2).until(3)
    assert lives == [(1, None), (1, "yes")]
    assert lab.one("restarted").token == 2


def test_a_restarted_producer_numbers_on() -> None:
    async def sender(port: Any) -> None:
        while True:
            await port.broker.send("q", port.stamp())
            await port.clock.sleep(1)

    lab = Lab(Q, sender=sender)
    lab.do("crash sender-1", at=1.5).do("restart sender-1", at=5).until(5.5)
    assert [e.message for e in lab.events if e.kind == "sent"] == ["m01", "m02", "m03"]


def test_a_participant_with_a_bug_is_a_crash_that_says_so() -> None:
    async def taker(port: Any) -> None:
        raise LookupError("no such thing")

    lab = Lab(Q, taker=taker).until(1)
    assert lab.one("crashed").text == "bug: LookupError: no such thing"


@pytest.mark.parametrize("stepwise", [False, True])
def test_a_nack_loop_without_delay_is_stopped_and_says_so(
    stepwise: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "PATIENCE", 1_000)
    monkeypatch.setattr(handler, "ROUND_TRIP", 0.0)
    run = Run(
        scenario(
            CONSUMING, max_deliveries=0, retry_delay="0s",
            text='[messages.m01]\npoison = true\nwork = "0s"',
        )
    )  # fmt: skip
    if stepwise:
        while run.step():
            pass
    else:
        assert not run.advance(60)
    assert run.stalled
    assert run.frontier == 0.0
    assert run.events[-1].kind in {"stalled", "violated"}
    assert sum(e.kind == "stalled" for e in run.events) == 1
    assert len(run.events) < 10_000


def test_a_nack_loop_with_delay_goes_on() -> None:
    run = ran(
        scenario(
            CONSUMING, max_deliveries=0, retry_delay="1s", count=1,
            text='[messages.m01]\npoison = true\nwork = "0s"',
        ),
        20,
    )  # fmt: skip
    assert not run.stalled
    assert run.metrics()["abandoned"] == 21


def test_messages_are_frozen() -> None:
    message = Message("m01")
    with pytest.raises(AttributeError):
        message.id = "m02"  # type: ignore[misc]


def test_every_crash_point_has_a_place() -> None:
    assert [point.name for point in CrashPoint] == ["K1", "K2", "K3", "K4", "K5", "K6"]
