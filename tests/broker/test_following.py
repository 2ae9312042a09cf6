"""What follows from what, for who holds several messages or acts on rows nobody sent it."""

from __future__ import annotations

from typing import Any

from tests.support.lab import Lab, sends

from mailrail_patterns.port import Message, QueueSpec, Row

OUT = QueueSpec("out")


async def takes_two(port: Any) -> None:
    receiver = port.broker.receiver("q", 2)
    first, second = await receiver.next(), await receiver.next()
    for delivery in (first, second):
        port.goes_on(delivery)
        answer = Message(f"{delivery.message.id}-out", conversation=delivery.message.id)
        await port.broker.send("out", answer)
        await delivery.complete()


def test_who_holds_two_messages_says_which_one_it_goes_on_with() -> None:
    lab = Lab(QueueSpec("q"), OUT, sender=sends("a", "b"), taker=takes_two).until(1)
    delivered = {e.message: e.n for e in lab.events if e.kind == "delivered"}
    causes = {e.message: e.cause for e in lab.events if e.kind == "sent" and e.queue == "out"}
    assert causes == {"a-out": delivered["a"], "b-out": delivered["b"]}
    assert lab.broken() == []


async def writes(port: Any) -> None:
    await port.store.write("t", "k", state="old")


async def reads_later(port: Any) -> None:
    await port.clock.sleep(1)
    row = await port.store.read("t", "k")
    port.goes_on(row)
    await port.store.write("t", "k", state="new", expected=row.version)


def test_what_is_done_about_a_row_follows_from_its_writing() -> None:
    lab = Lab(QueueSpec("q"), writer=writes, reader=reads_later).until(2)
    old, new = (e for e in lab.events if e.kind == "state")
    assert (old.actor, new.actor, new.cause) == ("writer-1", "reader-1", old.n)


async def finds_nothing(port: Any) -> None:
    await port.store.write("t", "other")
    port.goes_on(Row("k"))
    await port.store.write("t", "k")


def test_what_follows_from_no_row_follows_from_the_start_of_the_actor() -> None:
    lab = Lab(QueueSpec("q"), actor=finds_nothing).until(1)
    first, second = (e for e in lab.events if e.kind == "state")
    assert first.cause == second.cause == lab.one("spawned").n
