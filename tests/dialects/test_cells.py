"""The table of brokers, cell by cell: what counts, how long a lock lasts, where a message goes.

What becomes of the same poison and of the same late settlement is in ``test_same_poison``, lanes
are in ``test_sessions``, each rule by itself is in ``test_rules``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from tests.support.lab import Lab, Part, sends
from tests.support.scenarios import CONSUMING, firmly_broken, ran, scenario

from mailrail_patterns import catalog
from mailrail_patterns.dialects import PRESETS
from mailrail_patterns.names import BadInput
from mailrail_patterns.port import Message, Order, QueueSpec
from mailrail_patterns.run import Run
from mailrail_patterns.settings import resolve

NAMES = [dialect.value for dialect in PRESETS]


def spec_of(name: str, **said: object) -> QueueSpec:
    """Return the queue that a dialect declares, with what is said of it besides."""
    settings = resolve(catalog.pattern(CONSUMING), {"dialect": name, **said})
    queue: QueueSpec = settings.queue("q")
    return replace(queue, rules=settings.rules())


def gives_back(*, failed: bool) -> Part:
    """Return a consumer that gives every message back after a second."""

    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        while (delivery := await receiver.next()) is not None:
            await port.clock.sleep(1.0)
            await delivery.abandon(failed=failed)

    return part


async def forgets(port: Any) -> None:
    """Receive one message after the other, and let every lock run out."""
    receiver = port.broker.receiver("q")
    while (delivery := await receiver.next()) is not None:
        await port.clock.sleep(max(delivery.until - port.clock.now, 0.0))
        await port.clock.sleep(0.5)


class Counting(NamedTuple):
    """Whether two returns of a kind use up a limit of two deliveries.

    Attributes:
        nack: Given back.
        failed: Given back, and said to have failed.
        forgotten: The lock ran out under a consumer that lives.
        crash: The consumer died, and its lock ran out or went with it.
    """

    nack: bool
    failed: bool
    forgotten: bool
    crash: bool


EVERYTHING = Counting(True, True, True, True)
COUNTS = dict.fromkeys(NAMES, EVERYTHING) | {
    "rabbitmq-quorum": Counting(nack=False, failed=True, forgotten=False, crash=True),
}


def ended(lab: Lab) -> bool:
    """Say whether the message was taken out of circulation by the limit."""
    return any(event.kind in ("dead_lettered", "shelved", "dropped") for event in lab.events)


@pytest.mark.parametrize("name", NAMES)
def test_what_counts(name: str) -> None:
    spec = spec_of(name, max_deliveries=2)
    tries: list[bool] = []
    for part in (gives_back(failed=False), gives_back(failed=True), forgets):
        lab = Lab(spec, sender=sends("m1"), taker=part).until(spec.lock * 3 + 200)
        assert not lab.broken()
        tries.append(ended(lab))
    lab = Lab(spec, sender=sends("m1"), taker=forgets)
    back = 0.0
    for _ in range(3):
        lab.do("crash taker-1", at=back + 1.0).do("restart taker-1")
        back = max(lab.until(lab.now + spec.lock).times("delivered"))
    assert not lab.broken()
    assert (*tries, ended(lab)) == COUNTS[name]


class Lock(NamedTuple):
    """How long a lock is.

    Attributes:
        default: Unless set, in seconds.
        longest: The longest that can be set, in seconds.
        renewed: Until when the lock of work without an end is renewed; None: for ever.
    """

    default: float
    longest: float | None
    renewed: float | None


LOCKS = {
    "azure-service-bus": Lock(60.0, 300.0, 348.0),
    "amazon-sqs": Lock(30.0, 43_200.0, 43_230.0),
    "amazon-sqs-fifo": Lock(30.0, 43_200.0, 43_230.0),
    "rabbitmq-quorum": Lock(1800.0, None, 1800.0),
    "nats-jetstream": Lock(30.0, None, None),
    "kafka-share-group": Lock(30.0, None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_how_long_a_lock_is(name: str) -> None:
    default, longest, renewed = LOCKS[name]
    assert spec_of(name).lock == default
    if longest is not None:
        assert spec_of(name, lock=longest).lock == longest
        with pytest.raises(BadInput, match="lock"):
            Run(scenario(CONSUMING, dialect=name, lock=longest + 1))
    made = scenario(
        CONSUMING, dialect=name, renewal=True, count=1, consumers=1, service="100000s",
        gives_back="reject",
    )  # fmt: skip
    run = ran(made, 44_000)
    lost = [event.t for event in run.events if event.kind == "lock_expired"]
    assert lost[:1] == ([] if renewed is None else [renewed])
    assert not firmly_broken(run)


@pytest.mark.parametrize("name", NAMES)
def test_the_limit_and_whether_it_can_be_off(name: str) -> None:
    limits = {
        "azure-service-bus": 10, "rabbitmq-quorum": 20, "kafka-share-group": 5,
    }  # fmt: skip
    assert spec_of(name).max_deliveries == limits.get(name, 0)
    if name == "azure-service-bus":
        with pytest.raises(BadInput, match="cannot switch the limit off"):
            spec_of(name, max_deliveries=0)
    else:
        assert spec_of(name, max_deliveries=0).max_deliveries == 0


BACK = {
    "azure-service-bus": ["m1", "m2", "m3"],
    "amazon-sqs": ["m2", "m3", "m1"],
    "amazon-sqs-fifo": ["m1", "m2", "m3"],
    "rabbitmq-quorum": ["m1", "m2", "m3"],
    "nats-jetstream": ["m1", "m2", "m3"],
    "kafka-share-group": ["m1", "m2", "m3"],
}


@pytest.mark.parametrize("name", NAMES)
def test_where_a_returned_message_goes(name: str) -> None:
    async def once(port: Any) -> None:
        await port.clock.sleep(0.5)
        receiver = port.broker.receiver("q")
        await (await receiver.next()).abandon()
        while (delivery := await receiver.next()) is not None:
            await delivery.complete()

    lab = Lab(spec_of(name), sender=sends("m1", "m2", "m3"), taker=once).until(5)
    assert [e.message for e in lab.events if e.kind == "completed"] == BACK[name]


def test_rabbitmq_returns_first_and_without_priority() -> None:
    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        low = await receiver.next()
        await port.clock.sleep(1.0)
        await low.abandon()
        while (delivery := await receiver.next()) is not None:
            await delivery.complete()

    async def later(port: Any) -> None:
        await port.clock.sleep(0.5)
        await port.broker.send("q", Message("high", priority=9))

    strict = replace(spec_of("rabbitmq-quorum"), order=Order.STRICT)
    lab = Lab(strict, sender=sends(Message("low", priority=1)), sender2=later, taker=part).until(5)
    assert [e.message for e in lab.events if e.kind == "completed"] == ["low", "high"]


# --- what only one of them has ------------------------------------------------------------


def test_rabbitmq_looks_at_its_timeouts_every_minute() -> None:
    spec = spec_of("rabbitmq-quorum", lock="70s")
    lab = Lab(spec, sender=sends("m1"), a=forgets, b=forgets).until(250)
    assert lab.times("lock_expired") == [120.0, 240.0]
    assert not lab.broken()
    plain = replace(spec, rules=replace(spec.rules, looks_every=0.0))
    assert Lab(plain, sender=sends("m1"), a=forgets).until(250).times("lock_expired")[0] == 70.0


def test_nats_has_a_list_of_locks_that_goes_before_ack_wait() -> None:
    spec = spec_of("nats-jetstream", lock_steps="1s, 3s 10s")
    lab = Lab(spec, sender=sends("m1"), taker=forgets).until(33)
    waits = [e.until - e.t for e in lab.events if e.kind == "delivered"]
    assert waits[:4] == [1.0, 3.0, 10.0, 10.0]
    assert not lab.broken()


def test_a_lock_of_the_list_is_renewed_by_its_own_length() -> None:
    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q")
        await (await receiver.next()).abandon()
        delivery = await receiver.next()
        await delivery.keep()
        await port.clock.sleep(20.0)
        assert await delivery.complete()

    lab = Lab(spec_of("nats-jetstream", lock_steps="1s 5s"), sender=sends("m1"), taker=part)
    assert lab.until(30).times("renewed") == [4.0, 8.0, 12.0, 16.0]
    assert not lab.broken()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"lock_steps": "5s soon"}, "lock_steps: expected a duration"),
        ({"lock_steps": "5s 0s"}, "lock_steps: a lock lasts for 0.001s at least"),
        ({"lock_steps": "5s 6s 7s", "max_deliveries": 2}, "lock_steps: .*delivery 3, which"),
        ({"lock_steps": "1s", "latency": "600ms"}, "lock_steps: .*acknowledgement"),
        ({"lock_steps": "1s", "latency": "300ms", "renewal": True}, "renewal would arrive too"),
        ({"lock_steps": "5s", "dialect": "amazon-sqs"}, "lock_steps: .*NATS JetStream has"),
        ({"unhidden": 0.1, "dialect": "amazon-sqs-fifo"}, "unhidden: .*Amazon SQS standard has"),
        ({"unhidden": 2}, "unhidden: expected 0 to 1"),
        ({"longest_renewal": "13h", "dialect": "amazon-sqs"}, "longest_renewal: .*12 hours"),
    ],
)
def test_what_is_not_theirs_is_refused(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        Run(scenario(CONSUMING, **said))


def test_sqs_gives_a_message_to_others_inside_its_timeout() -> None:
    told: list[tuple[str, bool]] = []

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(1.0 if port.name == "a-1" else 2.0)
        told.append((port.name, await delivery.complete()))

    spec = spec_of("amazon-sqs", unhidden=1.0)
    lab = Lab(spec, a=part, b=part, sender=sends("m1")).until(5)
    assert [(e.t, e.actor) for e in lab.events if e.kind == "delivered"] == [
        (0.0, "a-1"), (0.0, "b-1"),
    ]  # fmt: skip
    assert lab.one("lock_lost").actor == "a-1"  # an old receipt: answered, and deletes nothing
    assert told == [("a-1", True), ("b-1", True)]
    assert not lab.broken()


def test_an_unhidden_message_that_nobody_else_wants_is_deleted_by_who_has_it() -> None:
    spec = spec_of("amazon-sqs", unhidden=1.0)

    async def part(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await port.clock.sleep(1.0)
        assert await delivery.complete()

    lab = Lab(spec, sender=sends("m1"), taker=part).until(40)
    assert lab.one("completed").text == "late, ready again"
    assert not lab.q.entries
    assert not lab.broken()


def test_nothing_is_left_to_chance_unless_it_is_said() -> None:
    always = ran(scenario(CONSUMING, dialect="amazon-sqs", count=9, unhidden=0.0))
    usual = ran(scenario(CONSUMING, dialect="amazon-sqs", count=9))
    assert always.digest() == usual.digest()


def test_a_session_is_renewed_no_longer_than_a_message() -> None:
    made = scenario(
        "sequential-convoy", dialect="azure-service-bus", lock="10s", longest_renewal="30s",
        count=1, consumers=1, service="60s",
    )  # fmt: skip
    run = ran(made, 50)
    assert [e.t for e in run.events if e.kind == "session_expired"] == [34.0]
    assert not firmly_broken(run)
