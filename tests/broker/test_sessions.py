"""A queue with sessions: who gets which lane, in which order, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.lab import Lab, sends, takes

from mailrail_patterns.broker.lanes import Lanes
from mailrail_patterns.partitioning import lane_of, lanes_of, partitions_of
from mailrail_patterns.port import Message, Mode, Overflow, QueueSpec, Sessions
from mailrail_patterns.queue_settings import QueueSettings

Q = QueueSpec("q", lock=5.0, sessions=Sessions())


def of(*names: str) -> tuple[Message, ...]:
    """Return messages; the first letter of a name is its group."""
    return tuple(Message(name, group=name[0].upper()) for name in names)


def told(lab: Lab, *kinds: str) -> list[tuple[float, str, str, str]]:
    """Return instant, kind, actor and lane or message of events of these kinds."""
    return [(e.t, e.kind, e.actor, e.message or e.group) for e in lab.events if e.kind in kinds]


def test_lanes_are_accepted_in_the_order_in_which_they_began_to_wait() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "b1", "a2", "c1")), taker=takes(2)).until(20)
    assert [(e.t, e.message) for e in lab.events if e.kind == "delivered"] == [
        (0, "a1"), (2, "a2"), (4, "b1"), (6, "c1"),
    ]  # fmt: skip
    assert lab.times("session_accepted") == [0, 4, 6]
    assert lab.times("session_closed") == [4, 6, 8]
    assert lab.broken() == []


def test_one_lane_is_worked_on_by_one_and_another_by_another() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "a2", "b1")), one=takes(2), two=takes(3)).until(20)
    assert told(lab, "delivered") == [
        (0, "delivered", "one-1", "a1"),
        (0, "delivered", "two-1", "b1"),
        (2, "delivered", "one-1", "a2"),
    ]


def test_the_lock_covers_what_comes_later() -> None:
    async def late(port: Any) -> None:
        await port.clock.sleep(1)
        await port.broker.send("q", Message("a2", group="A"))

    lab = Lab(Q, sender=sends(*of("a1")), one=takes(2), two=takes(2), senderlate=late).until(20)
    assert [e.actor for e in lab.events if e.kind == "delivered"] == ["one-1", "one-1"]


def test_a_session_is_renewed_while_its_holder_works_and_no_longer() -> None:
    lab = Lab(Q, sender=sends(*of("a1")), taker=takes(11)).until(30)
    assert lab.times("session_renewed") == [4, 8]
    assert lab.times("renewed", "a1") == [4, 8]
    assert lab.times("session_expired") == []
    assert lab.times("completed") == [11]
    assert lab.world.agenda.next_time() is None, "nothing is left to be renewed"


def test_without_renewal_the_lane_is_lost_under_its_holder() -> None:
    spec = replace(Q, sessions=Sessions(renewal=False))
    lab = Lab(spec, sender=sends(*of("a1", "a2")), slow=takes(8), quick=takes(1)).until(30)
    assert told(lab, "session_expired", "lock_lost", "completed") == [
        (5, "session_expired", "", "A"),
        (6, "completed", "quick-1", "a1"),
        (7, "completed", "quick-1", "a2"),
        (8, "lock_lost", "slow-1", "a1"),
    ]
    assert [e.delivery for e in lab.events if e.message == "a1" and e.kind == "delivered"] == [1, 2]


def test_expiry_counts_as_a_delivery_and_closing_does_not() -> None:
    async def leaves(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await receiver.next()
        await receiver.next(timeout=1.0)
        await port.clock.sleep(100)

    lab = Lab(Q, sender=sends(*of("a1")), leaver=leaves, taker=takes(1)).until(20)
    deliveries = [(e.actor, e.delivery) for e in lab.events if e.kind == "delivered"]
    assert deliveries == [("leaver-1", 1), ("taker-1", 1)], "whoever asks for more has closed it"
    assert lab.broken() == []
    crashed = Lab(Q, sender=sends(*of("a1")), taker=takes(3))
    crashed.do("crash taker-1", 1).do("restart taker-1").until(20)
    assert [(e.t, e.delivery) for e in crashed.events if e.kind == "delivered"] == [(0, 1), (5, 2)]


def test_what_is_given_back_goes_to_the_head_of_its_lane() -> None:
    async def fickle(port: Any) -> None:
        receiver = port.broker.receiver("q")
        first = await receiver.next()
        await first.abandon()
        while (delivery := await receiver.next()) is not None:
            await delivery.complete()

    lab = Lab(Q, sender=sends(*of("a1", "b1", "a2")), taker=fickle).until(20)
    assert [e.message for e in lab.events if e.kind == "delivered"] == ["a1", "a1", "a2", "b1"]


def test_what_is_put_off_holds_up_its_lane_only() -> None:
    async def patient(port: Any) -> None:
        receiver = port.broker.receiver("q")
        first = await receiver.next()
        await first.abandon(3.0)
        while (delivery := await receiver.next()) is not None:
            await delivery.complete()

    lab = Lab(Q, sender=sends(*of("a1", "a2", "b1")), taker=patient).until(20)
    assert [(e.t, e.message) for e in lab.events if e.kind == "delivered"] == [
        (0, "a1"), (0, "b1"), (3, "a1"), (3, "a2"),
    ]  # fmt: skip


def test_a_lane_is_lost_as_a_whole_when_the_lock_on_its_message_is_made_to_expire() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "a2")), one=takes(4), two=takes(1))
    lab.do("inject expire-lock on a1", 2).until(20)
    assert told(lab, "session_expired", "lock_expired") == [
        (2, "session_expired", "", "A"),
        (2, "lock_expired", "", "a1"),
    ]
    assert [e.actor for e in lab.events if e.kind == "completed"] == ["two-1", "two-1"]


def test_an_empty_session_is_kept_open_for_as_long_as_was_asked() -> None:
    spec = replace(Q, sessions=Sessions(idle=3.0))

    async def twice(port: Any) -> None:
        await port.broker.send("q", Message("a1", group="A"))
        await port.clock.sleep(2)
        await port.broker.send("q", Message("a2", group="A"))
        await port.broker.send("q", Message("b1", group="B"))

    lab = Lab(spec, sender=twice, taker=takes(0)).until(30)
    assert told(lab, "session_accepted", "session_closed") == [
        (0, "session_accepted", "taker-1", "A"),
        (5, "session_closed", "taker-1", "A"),
        (5, "session_accepted", "taker-1", "B"),
        (8, "session_closed", "taker-1", "B"),
    ]


def test_whoever_is_asked_to_stop_while_it_waits_in_a_lane_closes_it() -> None:
    spec = replace(Q, sessions=Sessions(idle=30.0))
    lab = Lab(spec, sender=sends(*of("a1")), taker=takes(0)).do("stop taker-1", 2)
    lab.until(20)
    assert lab.times("session_closed") == [2]
    assert lab.times("stopped", actor="taker-1") == [2]


def test_a_timeout_does_not_close_a_session() -> None:
    spec = replace(Q, sessions=Sessions(idle=30.0))
    found: list[object] = []

    async def impatient(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).complete()
        found.append(await receiver.next(timeout=2.0))
        found.append((await receiver.next()).name)
        await port.clock.sleep(100)

    async def later(port: Any) -> None:
        await port.broker.send("q", Message("a1", group="A"))
        await port.clock.sleep(3)
        await port.broker.send("q", Message("a2", group="A"))

    lab = Lab(spec, sender=later, one=impatient, two=takes(0)).until(4)
    assert found == [None, "a2"]
    assert lab.times("session_accepted") == [0]


def test_a_dead_letter_takes_its_group_along_if_it_is_to_be_parked() -> None:
    async def rejects(port: Any) -> None:
        receiver = port.broker.receiver("q")
        while (delivery := await receiver.next()) is not None:
            await (delivery.reject("Bad") if delivery.name == "a1" else delivery.complete())

    spec = replace(Q, sessions=Sessions(park=True))
    sender = sends(*of("a1", "a2", "b1", "a3"))
    lab = Lab(spec, sender=sender, taker=rejects).until(5)
    assert [(e.message, e.text) for e in lab.events if e.kind == "dead_lettered"] == [
        ("a1", "Bad"), ("a2", "GroupParked"), ("a3", "GroupParked"),
    ]  # fmt: skip
    assert [e.message for e in lab.events if e.kind == "completed"] == ["b1"]
    assert lab.q.depth == 0


def test_a_full_queue_with_lanes_is_full_whoever_waits() -> None:
    spec = replace(Q, capacity=2)
    lab = Lab(spec, sender=sends(*of("a1", "a2", "a3", "a4")), one=takes(9), two=takes(9)).until(1)
    assert lab.times("rejected") == [0]
    assert lab.q.depth == 2


def test_the_oldest_of_all_lanes_is_dropped() -> None:
    spec = replace(Q, capacity=2, overflow=Overflow.DROP_OLDEST)
    lab = Lab(spec, sender=sends(*of("a1", "b1", "c1", "b2"))).until(1)
    assert [e.message for e in lab.events if e.kind == "dropped"] == ["a1", "b1"]


def test_receive_and_delete_goes_lane_by_lane_too() -> None:
    spec = replace(Q, mode=Mode.RECEIVE_AND_DELETE)
    lab = Lab(spec, sender=sends(*of("a1", "b1", "a2")), taker=takes(1)).until(20)
    assert [e.message for e in lab.events if e.kind == "delivered"] == ["a1", "a2", "b1"]


@pytest.mark.parametrize("latency", [0.0, 0.2])
def test_a_renewal_takes_the_way_to_the_broker(latency: float) -> None:
    settings = QueueSettings(latency=latency)
    lab = Lab(Q, settings=settings, sender=sends(*of("a1")), taker=takes(9)).until(9)
    first = lab.times("session_accepted")[0]
    assert lab.times("session_renewed")[0] == pytest.approx(first + 4 + latency)


def test_a_renewal_waits_out_an_outage_that_ends_in_time() -> None:
    lab = Lab(Q, sender=sends(*of("a1")), taker=takes(9))
    lab.do("inject broker-down", 3).do("heal broker-down", 4.5).until(20)
    assert lab.times("session_renewed")[0] == 4.5
    assert lab.times("session_expired") == []


def test_lanes_come_and_go_while_messages_are_held() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "a2", "b1", "a3")), one=takes(3), two=takes(3)).until(1)
    lab.q.declare(replace(Q, sessions=Sessions(on=False)))
    assert [e.text for e in lab.events if e.kind == "session_closed"] == ["lanes rearranged"] * 2
    assert lab.q.entries["a1"].until == 5, "what is locked keeps what is left of its lease"
    lab.q.declare(Q)
    lab.until(20)
    assert [(e.t, e.message) for e in lab.events if e.kind == "completed"] == [
        (3, "a1"), (3, "b1"), (6, "a2"), (9, "a3"),
    ]  # fmt: skip
    assert lab.broken() == []


def test_a_queue_that_knows_no_groups_has_no_lanes() -> None:
    assert lanes_of(QueueSpec("q")) == ""
    assert partitions_of("") is None
    assert partitions_of(lanes_of(Q)) == 0
    assert partitions_of(lanes_of(replace(Q, sessions=Sessions(partitions=4)))) == 4


def test_partitions_are_the_same_on_every_machine() -> None:
    assert [lane_of(group, 4) for group in "ABCDEFGH"] == [
        "p3", "p1", "p3", "p0", "p2", "p0", "p2", "p3",
    ]  # fmt: skip
    assert lane_of("order-17", 0) == "order-17"


def test_lanes_that_are_done_are_forgotten() -> None:
    lab = Lab(Q, sender=sends(*of("a1", "b1", "c1")), taker=takes(1)).until(20)
    lanes = lab.q._line
    assert isinstance(lanes, Lanes)
    assert lanes.next() is None
    assert not lanes._lanes


def test_a_paused_process_does_what_it_meant_to_once_it_runs_on() -> None:
    lab = Lab(Q, sender=sends(*of("a1")), taker=takes(9))
    lab.do("pause taker-1", 3.5).do("resume taker-1", 4.25).until(20)
    assert lab.times("session_renewed")[:2] == [4.25, 8.25]
    dead = Lab(Q, sender=sends(*of("a1")), taker=takes(9))
    dead.do("pause taker-1", 3.5).do("crash taker-1", 3.75).until(20)
    assert dead.times("session_renewed") == []


def test_a_lane_can_be_locked_by_its_name_though_it_is_empty() -> None:
    got: list[object] = []

    async def chooses(port: Any) -> None:
        receiver = port.broker.receiver("q")
        got.append(await receiver.accept("B"))
        got.append(await receiver.accept("B"))
        await port.clock.sleep(1)
        got.append(await receiver.accept("A"))

    lab = Lab(Q, taker=takes(9), chooser=chooses, sender=sends(*of("a1"))).until(3)
    assert got == [True, True, False], "somebody else holds A"
    assert told(lab, "session_accepted", "session_closed") == [
        (0, "session_accepted", "chooser-1", "B"),
        (0, "session_accepted", "taker-1", "A"),
        (1, "session_closed", "chooser-1", "B"),
    ]


def test_whoever_has_a_message_in_hand_cannot_change_lanes() -> None:
    got: list[object] = []

    async def greedy(port: Any) -> None:
        receiver = port.broker.receiver("q")
        delivery = await receiver.next()
        got.append(await receiver.accept("B"))
        await delivery.complete()
        got.append(await receiver.accept("B"))

    Lab(Q, sender=sends(*of("a1")), greedy=greedy).until(3)
    assert got == [False, True]


def test_without_lanes_there_is_nothing_to_be_locked() -> None:
    got: list[object] = []

    async def asks(port: Any) -> None:
        got.append(await port.broker.receiver("q").accept("A"))

    Lab(QueueSpec("q"), asker=asks).until(1)
    Lab(replace(Q, sessions=Sessions(on=False)), asker=asks).until(1)
    assert got == [True, True]


def test_what_is_set_aside_belongs_to_its_lane() -> None:
    got: list[object] = []

    async def sets_aside(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).defer()
        await port.clock.sleep(2)

    async def fetches(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await port.clock.sleep(1)
        got.append(await receiver.deferred("a1"))
        await port.clock.sleep(6)  # the lock of who died has run out
        got.append(await receiver.accept("A"))
        delivery = await receiver.deferred("a1")
        got.append(await receiver.deferred("a2"))
        got.append((delivery.count, delivery.fence > 0))
        await port.clock.sleep(6)
        got.append(await delivery.complete())

    lab = Lab(Q, sender=sends(*of("a1", "a2")), aside=sets_aside, fetcher=fetches)
    lab.do("crash aside-1", 0.5).until(20)
    assert got == [None, True, None, (2, True), True]
    assert lab.times("session_renewed") == [11], "the session's lock covers it"
    assert lab.broken() == []


def test_the_holder_of_a_lane_can_look_what_is_next_in_it() -> None:
    got: list[object] = []

    async def looks(port: Any) -> None:
        receiver = port.broker.receiver("q")
        got.append(await receiver.peek())
        delivery = await receiver.next()
        got.append(await receiver.peek())
        await delivery.complete()
        delivery = await receiver.next()
        got.append(await receiver.peek())

    lab = Lab(Q, looker=looks, sender=sends(*of("a1", "a2"))).until(3)
    assert got == [None, of("a2")[0], None]
    assert [e.delivery for e in lab.events if e.kind == "delivered"] == [1, 1]
    Lab(QueueSpec("q"), looker=looks, sender=sends("m1", "m2")).until(3)
    assert got[3:] == [None, None, None], "without lanes"
