"""Each rule in which brokers differ, by itself."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.lab import Lab, Part, sends, takes

from mailrail_patterns.broker_rules import (
    PLAIN,
    AtLimit,
    Counts,
    Late,
    Rules,
    read_declared,
)
from mailrail_patterns.dialects import PRESETS
from mailrail_patterns.port import BadInput, Message, Mode, Order, Position, QueueSpec

FAILURES = Rules(counts=Counts.FAILURES, at_limit=AtLimit.DROP)


def gives_back(times: int, *, failed: bool = False, delay: float = 0.0) -> Part:
    """Return a consumer that gives the first message back so often, a second apart."""

    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        for _ in range(times):
            delivery = await receiver.next()
            await port.clock.sleep(1.0)
            await delivery.abandon(delay, failed=failed)

    return part


def settles_after(seconds: float, told: list[bool]) -> Part:
    """Return a consumer that completes one message so late, and writes down what it is told."""

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(seconds)
        told.append(await delivery.complete())

    return part


def rejects(port: Any) -> Any:
    """Reject one message."""

    async def part() -> None:
        delivery = await port.broker.receiver("q").next()
        await delivery.reject("Nonsense")

    return part()


# --- what counts --------------------------------------------------------------------------


def test_a_limit_of_failures_is_one_of_redeliveries() -> None:
    spec = QueueSpec("q", max_deliveries=2, rules=FAILURES)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(9, failed=True)).until(20)
    assert len(lab.times("delivered")) == 3
    assert lab.one("dropped").text == "DeliveryLimit"
    assert not lab.q.entries
    assert not lab.broken()


def test_a_return_that_is_no_failure_does_not_count() -> None:
    spec = QueueSpec("q", max_deliveries=2, rules=FAILURES)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(9)).until(20)
    assert len(lab.times("delivered")) == 9
    assert {e.text for e in lab.events if e.kind == "abandoned"} == {"uncounted"}
    assert not lab.broken()


def test_a_deferral_does_not_count_where_returns_do() -> None:
    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        delivery = await receiver.next()
        for _ in range(5):
            await delivery.defer()
            delivery = await receiver.deferred("m1")
        await delivery.abandon()

    spec = QueueSpec("q", max_deliveries=2, rules=Rules(counts=Counts.RETURNS))
    lab = Lab(spec, sender=sends("m1"), taker=part).until(5)
    assert not lab.times("dead_lettered")
    assert lab.q.depth == 1
    assert not lab.broken()


def test_a_broker_that_knows_no_deferral_refuses_it_and_changes_nothing() -> None:
    told: list[bool] = []

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        told.append(delivery.deferrable)
        with pytest.raises(BadInput, match="give it back with a delay"):
            await delivery.defer()
        told.append(await delivery.abandon(2.0))

    lab = Lab(QueueSpec("q", rules=Rules(defers=False)), sender=sends("m1"), taker=part).until(5)
    assert told == [False, True]
    assert (lab.times("deferred"), lab.times("due")) == ([], [2.0])
    assert not lab.broken()


@pytest.mark.parametrize(
    ("mode", "deferrable"), [(Mode.PEEK_LOCK, True), (Mode.RECEIVE_AND_DELETE, False)]
)
def test_only_what_is_locked_can_be_set_aside(mode: Mode, deferrable: bool) -> None:
    told: list[bool] = []

    async def part(port: Any) -> None:
        told.append((await port.broker.receiver("q").next()).deferrable)

    Lab(QueueSpec("q", mode=mode), sender=sends("m1"), taker=part).until(1)
    assert told == [deferrable]


def test_a_consumer_timeout_is_no_failure() -> None:
    spec = QueueSpec("q", lock=1.0, max_deliveries=1, rules=FAILURES)
    told: list[bool] = []
    lab = Lab(spec, sender=sends("m1"), a=settles_after(9, told), b=settles_after(9, told))
    lab.until(5)
    assert len(lab.times("lock_expired")) == 2
    assert lab.q.depth == 1


# --- at the limit -------------------------------------------------------------------------

ENDS = {
    AtLimit.DEAD_LETTER: ("dead_lettered", "MaxDeliveryCountExceeded", "Nonsense"),
    AtLimit.DROP: ("dropped", "DeliveryLimit", "Rejected"),
    AtLimit.STAY: ("shelved", "MaxDeliveriesAdvisory", "Terminated: Nonsense"),
    AtLimit.ARCHIVE: ("shelved", "Archived", "Archived: Nonsense"),
}


@pytest.mark.parametrize("at_limit", AtLimit)
def test_the_end_of_a_message(at_limit: AtLimit) -> None:
    kind, spent, rejected = ENDS[at_limit]
    spec = QueueSpec("q", max_deliveries=2, rules=Rules(at_limit=at_limit))
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(9)).until(9)
    assert lab.one(kind).text == spent
    assert not lab.broken()
    lab = Lab(spec, sender=sends("m1"), taker=rejects).until(9)
    assert lab.one(kind).text == rejected
    assert not lab.broken()
    assert lab.q.depth == 0


def test_what_is_shelved_stays_and_is_delivered_no_more() -> None:
    spec = QueueSpec("q", max_deliveries=1, ttl=5.0, rules=Rules(at_limit=AtLimit.STAY))
    lab = Lab(spec, sender=sends("m1"), a=gives_back(1), b=takes()).until(60)
    assert len(lab.times("delivered")) == 1
    assert list(lab.q.entries) == ["m1"]
    assert not lab.times("expired")


def test_where_nothing_is_dead_nothing_can_be_redriven() -> None:
    spec = QueueSpec("q", max_deliveries=1, rules=Rules(at_limit=AtLimit.ARCHIVE))
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(1)).until(5)
    with pytest.raises(ValueError, match="no queue for them"):
        lab.do("redrive q")


# --- where it goes ------------------------------------------------------------------------


def test_returned_messages_go_first_in_order_of_return_whatever_their_priority() -> None:
    def holds(seconds: float) -> Part:
        async def part(port: Any) -> None:
            delivery = await port.broker.receiver("q").next()
            await port.clock.sleep(seconds)
            await delivery.abandon()

        return part

    spec = QueueSpec("q", redelivery=Position.RETURNS, order=Order.STRICT)
    low, high = (Message(f"low{n}", priority=1) for n in range(3)), Message("high", priority=9)

    async def later(port: Any) -> None:
        await port.clock.sleep(0.5)
        await port.broker.send("q", high)

    async def reader(port: Any) -> None:
        await port.clock.sleep(2.0)
        await takes()(port)

    holders: dict[str, Any] = {"a": holds(1.1), "b": holds(1.2), "c": holds(1.0)}
    lab = Lab(spec, **holders, sender=sends(*low), sender2=later, reader=reader).until(5)
    read = [e.message for e in lab.events if e.kind == "delivered" and e.actor == "reader-1"]
    assert read == ["low2", "low0", "low1", "high"]


def test_a_message_that_waited_after_its_return_comes_back_to_the_returned() -> None:
    spec = QueueSpec("q", redelivery=Position.RETURNS)
    lab = Lab(
        spec, sender=sends("m1", "m2", "m3"), a=gives_back(1, delay=2.0), b=takes(10.0)
    ).until(60)
    order = [e.message for e in lab.events if e.kind == "delivered"]
    assert order == ["m1", "m2", "m1", "m3"]


# --- how long it stays away ---------------------------------------------------------------


def test_the_delay_of_a_failure_grows_by_the_formula_up_to_the_longest() -> None:
    spec = QueueSpec("q", max_deliveries=20, longest_delay=30.0, rules=FAILURES)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(40, failed=True, delay=7.0)).until(300)
    waits = [round(e.until - e.t, 3) for e in lab.events if e.kind == "abandoned"]
    assert waits[:6] == [7.0, 14.0, 21.0, 28.0, 30.0, 30.0]


def test_the_delay_of_a_nack_never_grows() -> None:
    spec = QueueSpec("q", max_deliveries=20, longest_delay=30.0, rules=FAILURES)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(5, delay=7.0)).until(100)
    assert {round(e.until - e.t, 3) for e in lab.events if e.kind == "abandoned"} == {7.0}


# --- late, dead, renewed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "again", "told", "end"),
    [
        (Late.REJECTED, False, False, "lock_lost"),
        (Late.CHANNEL_ERROR, False, False, "lock_lost"),
        (Late.LATEST_RECEIPT, False, True, "completed"),
        (Late.LATEST_RECEIPT, True, True, "lock_lost"),
        (Late.HONOURED, False, True, "completed"),
        (Late.HONOURED, True, True, "completed"),
    ],
)
def test_a_late_acknowledgement(late: Late, again: bool, told: bool, end: str) -> None:
    heard: list[bool] = []
    others: dict[str, Any] = {"b": settles_after(60, [])} if again else {}
    spec = QueueSpec("q", lock=1.0, rules=Rules(late=late))
    lab = Lab(spec, sender=sends("m1"), a=settles_after(1.5, heard), **others).until(1.6)
    assert heard == [told]
    assert lab.one(end).actor == "a-1"
    assert (lab.q.depth, len(lab.q.entries)) == ((0, 0) if end == "completed" else (
        (0, 1) if again else (1, 1)))  # fmt: skip
    assert not lab.broken()


def test_a_channel_error_gives_back_what_else_the_consumer_holds() -> None:
    async def slow(port: Any) -> None:
        receiver = port.broker.receiver("q", 3)
        delivery = await receiver.next()
        await port.clock.sleep(5.0)
        assert not await delivery.complete()
        await port.clock.sleep(5.0)
        assert await receiver.next(timeout=1.0) is not None  # delivered anew

    rules = Rules(late=Late.CHANNEL_ERROR, connection_bound=True, counts=Counts.FAILURES)
    spec = QueueSpec("q", lock=30.0, rules=rules)
    lab = Lab(spec, sender=sends("m1", "m2", "m3"), taker=slow)
    lab.do("inject expire-lock on m1", at=1.0).until(5.5)
    back = [(e.message, e.value) for e in lab.events if e.kind == "lock_expired"]
    assert back == [("m1", 0.0), ("m2", 1.0), ("m3", 1.0)]
    lab.until(20)
    assert not lab.broken()


def test_a_connection_takes_its_messages_with_it() -> None:
    rules = Rules(counts=Counts.FAILURES, connection_bound=True, at_limit=AtLimit.DROP)
    spec = QueueSpec("q", lock=1800.0, max_deliveries=1, rules=rules)
    lab = Lab(spec, sender=sends("m1", "m2"), taker=takes(60.0, prefetch=2))
    lab.do("crash taker-1", at=1.0)
    assert [(e.t, e.message, e.value) for e in lab.events if e.kind == "lock_expired"] == [
        (1.0, "m1", 1.0), (1.0, "m2", 1.0),
    ]  # fmt: skip
    lab.do("restart taker-1", at=2.0).do("crash taker-1", at=3.0).until(9)
    assert [e.message for e in lab.events if e.kind == "dropped"] == ["m1", "m2"]
    assert not lab.broken()


def test_a_connection_takes_nothing_with_it_of_an_earlier_life() -> None:
    spec = QueueSpec("q", lock=30.0)
    lab = Lab(spec, sender=sends("m1"), taker=takes(60.0)).do("crash taker-1", at=1.0)
    lab.world.topology.declare(replace(spec, rules=Rules(connection_bound=True)))
    lab.do("restart taker-1", at=2.0).do("crash taker-1", at=3.0).until(20)
    assert lab.times("lock_expired") == []
    assert not lab.broken()
    assert lab.until(40).times("lock_expired") == [30.0]


def test_a_lease_outlives_its_holder() -> None:
    lab = Lab(QueueSpec("q", lock=5.0), sender=sends("m1"), taker=takes(60.0))
    lab.do("crash taker-1", at=1.0).until(9)
    assert lab.times("lock_expired") == [5.0]


def test_what_cannot_be_renewed_is_not() -> None:
    told: list[bool] = []

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        told.append(await delivery.renew())

    Lab(QueueSpec("q", rules=Rules(renewable=False)), sender=sends("m1"), taker=part).until(1)
    assert told == [False]


# --- dead letters kept so long ------------------------------------------------------------


@pytest.mark.parametrize(("original", "forgotten"), [(True, 10.0), (False, 13.0)])
def test_from_when_a_dead_letter_is_kept(original: bool, forgotten: float) -> None:
    rules = Rules(original_clock=original)
    spec = QueueSpec("q", max_deliveries=3, dead_letter_ttl=10.0, rules=rules)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(3)).until(20)
    assert lab.times("dead_lettered") == [3.0]
    assert (lab.one("dropped").t, lab.one("dropped").text) == (forgotten, "Retention")
    assert not lab.q.dead
    assert not lab.broken()


def test_a_dead_letter_older_than_it_is_kept_is_gone_at_once() -> None:
    rules = Rules(original_clock=True)
    spec = QueueSpec("q", max_deliveries=3, dead_letter_ttl=2.0, rules=rules)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(3)).until(20)
    assert lab.times("dropped") == lab.times("dead_lettered") == [3.0]


def test_a_redriven_message_is_not_forgotten() -> None:
    spec = QueueSpec("q", max_deliveries=1, dead_letter_ttl=5.0)
    lab = Lab(spec, sender=sends("m1"), taker=gives_back(1)).do("redrive q", at=3.0).until(20)
    assert not lab.times("dropped")
    assert lab.q.depth == 1


# --- said and read ------------------------------------------------------------------------


@pytest.mark.parametrize("rules", [PLAIN, *(preset.rules for preset in PRESETS.values())])
def test_a_declaration_says_the_rules(rules: Rules) -> None:
    declared = read_declared(f"peek-lock reject returns{rules.words()}")
    assert (declared.redelivery, declared.rules) == ("returns", rules)


def test_ordinary_rules_need_no_words() -> None:
    assert PLAIN.words() == ""
    assert read_declared("").rules == PLAIN
