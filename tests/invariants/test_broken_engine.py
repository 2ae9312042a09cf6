"""Break the engine on purpose, one way at a time: a guarantee has to notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.scenarios import CONSUMING, broken, ran, scenario

from mailrail_patterns.broker.entry import Entry
from mailrail_patterns.broker.outside import Outside
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.broker.receiver import InMemoryDelivery
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
    original = Outside.apply

    def apply(outside: Outside, queue: str, message: str, *, once: bool) -> bool:
        outside.inbox.clear()
        return original(outside, queue, message, once=once)

    patch.setattr(Outside, "apply", apply)


def undead(patch: Patch) -> None:
    """Go on stepping what has crashed."""

    def crash(process: Process) -> None:
        process.state = State.CRASHED
        process.reachable = False

    patch.setattr(Process, "crash", crash)


SEEDED: dict[str, tuple[Callable[[Patch], None], set[str]]] = {
    "a message is lost": (losing, {"conservation"}),
    "a message is delivered twice": (doubling, {"single-lease", "conservation"}),
    "a delivery is not counted": (uncounted, {"delivery-count"}),
    "a stale lock settles": (stale, {"single-lease", "conservation"}),
    "an inbox forgets": (leaky, {"idempotent-effects"}),
    "the dead go on": (undead, {"the-dead-rest"}),
}
STEPS = ("1s crash consumer-1", "4s restart consumer-1", "3s inject duplicate 4")
TEXT = '[messages.m04]\nwork = "8s"\n[messages.m06]\npoison = true'


def history() -> dict[str, str]:
    """Return what breaks in a run that has seen crashes, slowness, poison and duplicates."""
    made = scenario(CONSUMING, *STEPS, consumers=3, idempotent=True, count=20, lock="3s", text=TEXT)
    return broken(ran(made))


def test_the_history_is_clean_without_a_bug() -> None:
    assert history() == {}


@pytest.mark.parametrize("bug", SEEDED)
def test_a_guarantee_notices(bug: str, monkeypatch: Patch) -> None:
    seed, expected = SEEDED[bug]
    seed(monkeypatch)
    assert expected & set(history()), bug
