"""The payload store: put, claim, release, lapse; and messages that are too large for a queue."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lab import Lab

from mailrail_patterns.broker.payloads import PayloadStore
from mailrail_patterns.claims import Answer, Claim, Fetched, Stored
from mailrail_patterns.commands import Inject
from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.pending import Pending
from mailrail_patterns.port import Message, Outcome, QueueSpec, Subscription

MB = 1_000_000


def claim(token: str = "t1", message: str = "m1", size: int = 5 * MB) -> Claim:
    return Claim(token, message, size, "")


@pytest.fixture
def store() -> PayloadStore:
    journal = Journal()
    return PayloadStore(Agenda(journal), Pending(journal))


def put(store: PayloadStore, made: Claim, **more: Any) -> Stored:
    given = {"tenant": "us", "ttl": 0.0, "holders": (), **more}
    return store.put(made, actor="sender-1", cause=0, **given)[0]


def kinds(store: PayloadStore) -> list[str]:
    return [event.kind for event in store._journal.events]


def test_what_was_put_can_be_claimed_by_its_owner_only(store: PayloadStore) -> None:
    put(store, claim())
    assert store.look("t1", "us") is Answer.FOUND
    assert store.look("t1", "them") is Answer.FORBIDDEN
    assert store.look("t2", "us") is Answer.FORBIDDEN, "no word on whether there is such a payload"
    assert store.size == 5 * MB


def test_what_was_deleted_is_not_found_and_is_deleted_once(store: PayloadStore) -> None:
    put(store, claim())
    assert store.remove("t1", "swept", "sweeper-1", 0) is True
    assert store.remove("t1", "swept", "sweeper-1", 0) is False
    assert store.look("t1", "us") is Answer.NOT_FOUND
    assert kinds(store) == ["stored", "removed"]
    assert store.size == 0


def test_a_payload_lapses_when_its_time_is_over(store: PayloadStore) -> None:
    put(store, claim(), ttl=10.0)
    store._agenda.advance(9.999)
    assert store.look("t1", "us") is Answer.FOUND
    store._agenda.advance(10.0)
    assert store.look("t1", "us") is Answer.NOT_FOUND
    assert kinds(store) == ["stored", "lapsed"]


def test_a_deleted_payload_does_not_lapse_as_well(store: PayloadStore) -> None:
    put(store, claim(), ttl=10.0)
    store.remove("t1", "swept", "sweeper-1", 0)
    store._agenda.advance(20.0)
    assert kinds(store) == ["stored", "removed"]


def test_it_goes_when_the_last_holder_has_released_it(store: PayloadStore) -> None:
    put(store, claim(), holders=("a", "b"))
    store.release("t1", "a", (), "receiver-1", 0)
    store.release("t1", "a", (), "receiver-1", 0)
    assert store.look("t1", "us") is Answer.FOUND, "said twice, it counts once"
    store.release("t1", "b", (), "archivist-1", 0)
    assert store.look("t1", "us") is Answer.NOT_FOUND
    store.release("t1", "b", (), "archivist-1", 0)
    assert kinds(store) == ["stored", "released", "released", "removed"]


def test_a_holder_that_came_later_is_waited_for_too(store: PayloadStore) -> None:
    put(store, claim(), holders=("a",))
    store.release("t1", "a", ("a", "b"), "receiver-1", 0)
    assert store.look("t1", "us") is Answer.FOUND
    store.release("t1", "b", ("a", "b"), "archivist-1", 0)
    assert store.look("t1", "us") is Answer.NOT_FOUND


def test_an_eventually_consistent_store_needs_a_while(store: PayloadStore) -> None:
    store.settling = 0.7
    assert put(store, claim()).visible == 0.7
    assert store.look("t1", "us") is Answer.NOT_FOUND
    store._agenda.advance(0.7)
    assert store.look("t1", "us") is Answer.FOUND
    assert [entry.token for entry in store.listing()] == ["t1"]


# --- as a participant sees it -----------------------------------------------------------------


def test_a_call_takes_latency_and_bandwidth() -> None:
    told: list[tuple[float, Any]] = []

    async def sender(port: Any) -> None:
        mine = port.payloads.claim("m1", 5 * MB)
        told.append((port.clock.now, await port.payloads.put(mine, tenant="us")))
        found = await port.payloads.get(mine, tenant="us")
        told.append((port.clock.now, found.answer))
        assert found.digest == mine.digest
        await port.payloads.get(Claim("t9", "m9", 5 * MB, ""), tenant="us")
        told.append((port.clock.now, None))

    lab = Lab(QueueSpec("q"), sender=sender)
    lab.world.storage.latency, lab.world.storage.bandwidth = 0.5, 10 * MB
    lab.until(10)
    assert [(told[1][0], told[1][1]), told[2]] == [(2.0, Answer.FOUND), (2.5, None)]
    assert lab.times("stored") == [1.0]
    assert lab.times("refused") == [2.5]


def test_while_it_is_down_calls_come_back_and_nothing_waits() -> None:
    found: list[Any] = []

    async def sender(port: Any) -> None:
        mine = port.payloads.claim("m1", MB)
        found.append(await port.payloads.put(mine))
        found.append(await port.payloads.get(mine))
        found.append(await port.payloads.delete(mine, "swept"))
        found.append(await port.payloads.stored())

    lab = Lab(QueueSpec("q"), sender=sender)
    lab.world.storage.down = True
    lab.until(1)
    assert found == [None, Fetched(Answer.UNAVAILABLE), False, None]
    assert [e.text for e in lab.events if e.kind == "refused"] == [
        "put: StoreUnavailable", "get: StoreUnavailable", "delete: StoreUnavailable",
        "list: StoreUnavailable",
    ]  # fmt: skip


def test_reading_can_delete_and_the_second_reader_comes_too_late() -> None:
    async def sender(port: Any) -> None:
        mine = port.payloads.claim("m1", MB)
        await port.payloads.put(mine)
        first = await port.payloads.get(mine, remove=True)
        second = await port.payloads.get(mine, remove=True)
        assert (first.answer, second.answer) == (Answer.FOUND, Answer.NOT_FOUND)

    lab = Lab(QueueSpec("q"), sender=sender).until(1)
    assert [e.kind for e in lab.events[-5:-1]] == ["stored", "fetched", "removed", "refused"]


@pytest.mark.parametrize(("wait", "goes_on"), [(True, 1.0), (False, 0.5)])
def test_who_does_not_wait_goes_on_and_the_deletion_comes_all_the_same(
    wait: bool, goes_on: float
) -> None:
    at: list[float] = []

    async def sender(port: Any) -> None:
        mine = port.payloads.claim("m1", MB)
        await port.payloads.put(mine)
        await port.payloads.delete(mine, "done", wait=wait)
        at.append(port.clock.now)

    lab = Lab(QueueSpec("q"), sender=sender)
    lab.world.storage.latency = 0.5
    lab.until(5)
    assert at == [goes_on]
    assert lab.times("removed") == [1.0]


def test_tokens_are_opaque_and_follow_from_the_seed_and_the_actor() -> None:
    def tokens(seed: int) -> list[str]:
        found: list[str] = []

        async def sender(port: Any) -> None:
            found.extend(port.payloads.claim("m1", 1).token for _ in range(3))

        Lab(QueueSpec("q"), sender=sender, seed=seed).until(1)
        return found

    assert tokens(1) == tokens(1)
    assert not set(tokens(1)) & set(tokens(2))
    assert all(len(token) == 32 and "m1" not in token for token in tokens(1))
    assert len(set(tokens(1))) == 3


# --- sizes on the bus -------------------------------------------------------------------------


def test_a_queue_refuses_what_is_larger_than_its_limit() -> None:
    told: list[Outcome] = []

    async def sender(port: Any) -> None:
        for size in (256_000, 256_001, 0):
            outcome = await port.broker.send("q", Message(f"m{size}", size=size))
            told.append(outcome)

    lab = Lab(QueueSpec("q", max_size=256_000), sender=sender).until(1)
    assert told == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED]
    refused = lab.one("rejected")
    assert (refused.message, refused.text, refused.value) == ("m256001", "MessageTooLarge", 256_001)
    assert [e.size for e in lab.events if e.kind == "sent"] == [256_000, 0]


def test_a_topic_refuses_for_all_what_is_too_large_for_one() -> None:
    told: list[Outcome] = []

    async def sender(port: Any) -> None:
        for name, limit in (("a", 0), ("b", 100)):
            await port.broker.subscribe(Subscription("t", QueueSpec(name, max_size=limit)))
        told.append(await port.broker.send("t", Message("m1", size=101)))
        told.append(await port.broker.send("t", Message("m2", size=100)))

    lab = Lab(QueueSpec("q"), sender=sender).until(1)
    assert told == [Outcome.REJECTED, Outcome.ACCEPTED]
    assert lab.one("rejected").queue == "t"
    assert [(e.queue, e.message) for e in lab.events if e.kind == "sent"] == [
        ("a", "m2"), ("b", "m2"),
    ]  # fmt: skip


def test_a_message_takes_its_time_onto_a_narrow_bus() -> None:
    async def sender(port: Any) -> None:
        await port.broker.send("q", Message("m1", size=5 * MB))
        await port.broker.send("q", Message("m2"))

    lab = Lab(QueueSpec("q"), sender=sender)
    lab.world.network.bandwidth = 2 * MB
    lab.world.network.changed()
    lab.until(9)
    assert lab.times("sent") == [2.5, 2.5]


def test_browsing_shows_what_is_there_and_changes_nothing() -> None:
    seen: list[list[str]] = []

    async def sender(port: Any) -> None:
        for name in ("m1", "m2", "m3"):
            await port.broker.send("q", Message(name, delay=5.0 if name == "m3" else 0.0))
        await port.clock.sleep(1)
        seen.append([message.id for message in await port.broker.browse("q")])
        seen.append([message.id for message in await port.broker.browse("nowhere")])

    async def consumer(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        await delivery.reject("broken")

    lab = Lab(QueueSpec("q"), sender=sender, consumer=consumer).until(2)
    assert [sorted(names) for names in seen] == [["m1", "m2", "m3"], []]
    assert lab.times("delivered") == [0.0]


def test_a_lost_settlement_does_not_count() -> None:
    told: list[bool] = []

    async def sender(port: Any) -> None:
        await port.broker.send("q", Message("m1"))

    async def consumer(port: Any) -> None:
        delivery = await port.broker.receiver("q").next()
        told.append(await delivery.complete())

    lab = Lab(QueueSpec("q"), sender=sender, consumer=consumer)
    lab.world.carry_out(Inject("lose-ack"))
    lab.until(1)
    assert told == [False]
