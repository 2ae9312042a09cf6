"""Break the engine on purpose, one way at a time: a guarantee has to notice, in any dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.scenarios import CONSUMING, broken, ran, scenario

from mailrail_patterns.broker.entry import Entry
from mailrail_patterns.broker.outside import Outside
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.broker.receiver import InMemoryDelivery
from mailrail_patterns.broker.settlement import Settlement
from mailrail_patterns.broker_rules import AtLimit, Dialect, Late
from mailrail_patterns.dialects import rules
from mailrail_patterns.kernel.process import Process, State

Patch = pytest.MonkeyPatch


def losing(patch: Patch) -> None:
    """Forget a message instead of giving it back when its lock runs out."""

    def lost(queue: Any, entry: Entry) -> None:
        queue.entries.pop(entry.name, None)
        entry.timer = None

    patch.setattr(Queue, "_lock_ran_out", lost)


def doubling(patch: Patch) -> None:
    """Hand a message to a second consumer that waits."""
    original = Queue.lock

    def twice(queue: Any, entry: Entry, receiver: Any) -> Entry:
        handed = original(queue, entry, receiver)
        other = queue._next_receiver() if entry.deliveries == 1 else None
        if other is not None:
            other.push(original(queue, entry, other))
        return handed

    patch.setattr(Queue, "lock", twice)


def uncounted(patch: Patch) -> None:
    """Forget to count deliveries."""
    original = Queue.lock

    def forgets(queue: Any, entry: Entry, receiver: Any) -> Entry:
        entry.deliveries = 0
        return original(queue, entry, receiver)

    patch.setattr(Queue, "lock", forgets)


def stale(patch: Patch) -> None:
    """Honour any token as long as the message is there."""

    def honours(delivery: InMemoryDelivery) -> bool:
        queue, process = delivery.receiver.queue, delivery.receiver.process
        if delivery.name in queue.entries:
            queue.complete(delivery.entry, process.name, process.cause)
        delivery.receiver.settled(delivery)
        return True

    patch.setattr(InMemoryDelivery, "_too_late", honours)


def leaky(patch: Patch) -> None:
    """Let an inbox forget its markers."""
    original = Outside.mark

    def mark(outside: Outside, queue: str, message: str, now: float) -> bool:
        outside.inbox.clear()
        return original(outside, queue, message, now)

    patch.setattr(Outside, "mark", mark)


def undead(patch: Patch) -> None:
    """Go on stepping what has crashed."""

    def crash(process: Process) -> None:
        process.state = State.CRASHED
        process.reachable = False

    patch.setattr(Process, "crash", crash)


def limitless(patch: Patch) -> None:
    """Never find that a message has used up its deliveries."""
    patch.setattr(Settlement, "spent", lambda queue, entry: False)


def hasty(patch: Patch) -> None:
    """Find that a message has used up its deliveries one too early."""
    original = Settlement.spent

    def spent(queue: Any, entry: Entry) -> bool:
        entry.deliveries += 1
        entry.returns += 1
        entry.failures += 1
        found = original(queue, entry)
        entry.deliveries -= 1
        entry.returns -= 1
        entry.failures -= 1
        return found

    patch.setattr(Settlement, "spent", spent)


def clinging(patch: Patch) -> None:
    """Leave the dead what they hold, where their connection should have ended it."""
    patch.setattr(Settlement, "connection_lost", lambda queue, process, cause: None)


def generous(patch: Patch) -> None:
    """Let every late settlement count, and say so."""
    original = Settlement.complete_late

    def honours(queue: Any, *args: Any) -> bool:
        spec = queue.spec
        queue.spec = replace(spec, rules=replace(spec.rules, late=Late.HONOURED))
        try:
            return original(queue, *args)
        finally:
            queue.spec = spec

    patch.setattr(Settlement, "complete_late", honours)


def burying(patch: Patch) -> None:
    """Bury what the broker has no dead letters for."""

    def end(queue: Any, entry: Entry) -> None:
        queue._bury(entry, "", entry.cause, "MaxDeliveryCountExceeded")

    patch.setattr(Settlement, "end_spent", end)


SEEDED: dict[str, tuple[Callable[[Patch], None], set[str]]] = {
    "a message is lost": (losing, {"conservation"}),
    "a message is delivered twice": (doubling, {"single-lease", "conservation"}),
    "a delivery is not counted": (uncounted, {"delivery-count"}),
    "a stale lock settles": (stale, {"single-lease", "conservation"}),
    "an inbox forgets": (leaky, {"idempotent-effects"}),
    "the dead go on": (undead, {"the-dead-rest"}),
    "the limit is forgotten": (limitless, {"delivery-count"}),
    "the limit comes too early": (hasty, {"delivery-count"}),
    "a connection leaves its locks": (clinging, {"conservation"}),
    "a late settlement counts": (generous, {"single-lease"}),
    "a dead letter without a queue for it": (burying, {"delivery-count"}),
}
EVERYWHERE = set(Dialect)
WHERE: dict[str, set[Dialect]] = {
    "a connection leaves its locks": {Dialect.RABBITMQ_QUORUM},
    "a stale lock settles": EVERYWHERE - {Dialect.NATS_JETSTREAM, Dialect.AMAZON_SQS},
    "a late settlement counts": EVERYWHERE - {Dialect.NATS_JETSTREAM},
    "a dead letter without a queue for it": {
        Dialect.RABBITMQ_QUORUM, Dialect.NATS_JETSTREAM, Dialect.KAFKA_SHARE_GROUP,
    },
}  # fmt: skip
"""Where it is a bug, if not everywhere; SQS answers stale locks itself, as if they counted."""
STEPS = ("1s crash consumer-1", "4s restart consumer-1", "3s inject duplicate 4")
TEXT = '[messages.m04]\nwork = "{work}"\n[messages.m06]\npoison = true'


def history(dialect: Dialect) -> dict[str, str]:
    """Return what breaks in a run that has seen crashes, slowness, poison and duplicates."""
    slow = "70s" if rules(dialect, AtLimit.DEAD_LETTER).looks_every else "8s"
    made = scenario(
        CONSUMING, *STEPS, consumers=5, idempotent=True, count=20, lock="3s",
        max_deliveries=3, gives_back="reject", dialect=dialect.value,
        text=TEXT.format(work=slow),
    )  # fmt: skip
    found = broken(ran(made, 100))
    found.pop("worked-on-by-one", None)  # a hope, and this history is slow
    return found


@pytest.mark.parametrize("dialect", Dialect)
def test_the_history_is_clean_without_a_bug(dialect: Dialect) -> None:
    assert history(dialect) == {}


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("bug", SEEDED)
def test_a_guarantee_notices(bug: str, dialect: Dialect, monkeypatch: Patch) -> None:
    if dialect not in WHERE.get(bug, EVERYWHERE):
        return  # there the broker is right to do so
    seed, expected = SEEDED[bug]
    seed(monkeypatch)
    assert expected & set(history(dialect)), bug
