"""The way to the broker: latency, loss, outage, and what faults do to single messages."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.broker_state import ready_names
from tests.support.lab import Lab, sends, takes, tells
from tests.support.scenarios import CONSUMING, LEVELING, ran, scenario

from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message, Outcome, QueueSpec, Sessions
from mailrail_patterns.queue_settings import QueueSettings

Q = QueueSpec("q", lock=5.0)


def test_latency_is_paid_both_ways() -> None:
    told: list[tuple[float, Outcome]] = []
    lab = Lab(Q, settings=QueueSettings(latency=0.25), sender=tells(told, "m01")).until(5)
    assert lab.times("sent") == [0.25]
    assert told == [(0.5, Outcome.ACCEPTED)]


def test_everything_is_lost_where_everything_is_lost() -> None:
    told: list[tuple[float, Outcome]] = []
    lab = Lab(Q, settings=QueueSettings(loss=1.0), sender=tells(told, "m01", "m02")).until(5)
    assert [outcome for _, outcome in told] == [Outcome.UNKNOWN] * 2
    assert lab.times("sent") == []
    assert len(lab.times("dropped")) == 2


def test_loss_is_about_as_frequent_as_it_says() -> None:
    run = ran(scenario(CONSUMING, loss=0.2, every="20ms", service="1ms"), 40)
    lost = sum(e.kind == "dropped" and e.text == "send lost" for e in run.events)
    assert 300 < lost < 500


def test_an_outage_makes_everybody_wait_and_locks_age_on() -> None:
    async def sender(port: Any) -> None:
        await sends("m01")(port)
        await port.clock.sleep(2)
        await sends("m02")(port)

    lab = Lab(Q, sender=sender, taker=takes(1.0))
    lab.do("inject broker-down", at=0.5).until(7)
    assert lab.times("sent") == [0]
    assert lab.times("completed") == []
    assert lab.times("lock_expired") == [5]
    lab.do("heal broker-down", at=8).until(30)
    assert lab.times("sent") == [0, 8]
    assert lab.times("lock_lost", "m01") == [8]
    assert len(lab.times("completed")) == 2
    assert lab.broken() == []


@pytest.mark.parametrize("prefetch", [1, 2])
@pytest.mark.parametrize("spec", [Q, replace(Q, sessions=Sessions(renewal=False))])
def test_nobody_is_handed_anything_in_an_outage_and_everybody_after_it(
    spec: QueueSpec, prefetch: int
) -> None:
    """What comes back in it, or falls due, waits for it to be over like everything else."""
    sender = sends(Message("m01", group="a"), Message("m02", group="b", delay=6.0))
    lab = Lab(spec, sender=sender, first=takes(1.0, prefetch), second=takes(1.0, prefetch))
    lab.do("inject broker-down", at=0.5).until(7.9)
    assert (lab.times("delivered"), lab.times("due")) == ([0], [6])
    lab.do("heal broker-down", at=8).until(30)
    assert lab.times("delivered") == [0, 8, 8]
    assert len(lab.times("completed")) == 2
    assert lab.broken() == []


@pytest.mark.parametrize("idle", ["0s", "60s"])
def test_nor_a_lane_that_falls_free(idle: str) -> None:
    commands = ("1s inject broker-down", "9s heal broker-down")
    run = ran(scenario("sequential-convoy", *commands, consumers=3, groups=2, session_idle=idle,
                       every="900ms", count=4), 40)  # fmt: skip
    took = [e.t for e in run.events if e.kind in {"delivered", "session_accepted"}]
    assert [t for t in took if 1 < t < 9] == []
    assert run.metrics()["completed"] == 4


OUTAGE = ("2s inject broker-down", "6s heal broker-down")


@pytest.mark.parametrize(
    ("count", "commands", "arrives"),
    [
        (2, (), [1, 4]),
        (2, OUTAGE, [1, 6]),
        (2, ("2s pause sender-1", "5s resume sender-1"), [1, 5]),
        (2, ("2s crash sender-1",), [1]),
        (1, (), [1, 4]),
        (1, OUTAGE, [1, 6]),
    ],
)
def test_a_copy_comes_once_its_sender_has_missed_a_confirmation(
    count: int, commands: tuple[str, ...], arrives: list[float]
) -> None:
    """Also of the last it had to send: nobody leaves before all has been confirmed."""
    sends = f'[[producers]]\nstart = "1s"\nevery = "20s"\ncount = {count}'
    run = ran(scenario("sequential-convoy", "0s inject duplicate", *commands, text=sends,
                       resend_after="3s"), 15)  # fmt: skip
    assert [e.t for e in run.events if e.kind == "sent"] == arrives
    assert all(finding.holds for finding in run.findings())


def test_a_lost_acknowledgement_does_the_work_twice() -> None:
    async def sender(port: Any) -> None:
        await port.clock.sleep(1)
        await sends("m01")(port)

    lab = Lab(Q, sender=sender, taker=takes(1.0)).do("inject lose-ack", at=0).until(30)
    assert lab.times("delivered") == [1, 6]
    assert lab.times("completed") == [7]
    assert lab.one("dropped").text == "acknowledgement lost"


def late(*names: str) -> Any:
    """Return a sender that begins after the faults are in place."""

    async def part(port: Any) -> None:
        await port.clock.sleep(1)
        await sends(*names)(port)

    return part


def test_a_lost_send_is_gone() -> None:
    lab = Lab(Q, sender=late("m01", "m02", "m03")).do("inject lose-send 2", at=0).until(5)
    assert ready_names(lab.q) == ["m03"]


def test_a_duplicate_is_a_second_copy_of_the_same_business_id() -> None:
    lab = Lab(Q, sender=late("m01", "m02")).do("inject duplicate", at=0).until(5)
    assert ready_names(lab.q) == ["m01", "m01~2", "m02"]
    assert {entry.message.id for entry in lab.q.entries.values()} == {"m01", "m02"}
    assert lab.broken() == []


def test_a_reordered_message_overtakes() -> None:
    async def sender(port: Any) -> None:
        await sends("m01", "m02")(port)
        await port.clock.sleep(1)
        await sends("m03", "m04")(port)

    lab = Lab(Q, sender=sender).do("inject reorder", at=0.5).until(5)
    assert ready_names(lab.q) == ["m03", "m01", "m02", "m04"]


def test_a_lock_can_be_made_to_expire() -> None:
    lab = Lab(Q, sender=sends("m01"), taker=takes(3.0), other=takes())
    lab.do("inject expire-lock on m01", at=1).until(9)
    assert lab.times("lock_expired") == [1]
    assert lab.times("completed", actor="other-1") == [1]
    assert lab.times("lock_lost", actor="taker-1") == [3]
    assert lab.broken() == []


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("inject expire-lock", "no message is locked"),
        ("inject earthquake", "unknown fault"),
        ("heal burst", "happens once"),
        ("heal lose-ack", "no lose-ack waits"),
        ("inject lose-ack 1.5", "whole number"),
        ("inject lose-ack -1", "expected above 0"),
        ("inject broker-down 3", "takes no amount"),
        ("inject broker-down on sender-1", "applies to everything"),
    ],
)
def test_a_fault_that_cannot_be_says_why(command: str, complaint: str) -> None:
    lab = Lab(Q, sender=sends("m01")).until(1)
    before = len(lab.events)
    with pytest.raises(BadInput, match=complaint):
        lab.do(command)
    assert len(lab.events) == before


def test_slow_multiplies_and_heals() -> None:
    run = ran(
        scenario(
            CONSUMING, "0s inject slow on consumer-1 3", "20s heal slow on consumer-1",
            consumers=1, service="1s", every="10s", lock="30s",
        )
    )  # fmt: skip
    assert [e.value for e in run.events if e.kind == "working"][:5] == [1, 3, 3, 1, 1]


def test_a_burst_is_so_many_in_a_second() -> None:
    run = ran(scenario(LEVELING, "5s inject burst 20", count=1), 30)
    times = [e.t for e in run.events if e.kind == "sent" and e.actor == "client-2"]
    assert len(times) == 20
    assert times[0] == 5
    assert times[-1] < 6


def test_who_is_cut_off_waits_and_the_others_do_not() -> None:
    lab = Lab(Q, sender=sends("a", "b"), one=takes(1.0), two=takes(1.0))
    lab.do("inject partition on one-1", 0.5)
    lab.until(9.0)
    assert lab.times("completed", actor="two-1") == [1.0, 6.0]
    assert lab.times("lock_expired") == [5.0]
    lab.do("heal partition on one-1", 9.5)
    lab.until(10.0)
    assert lab.times("lock_lost", actor="one-1") == [9.5]
    assert lab.broken() == []
