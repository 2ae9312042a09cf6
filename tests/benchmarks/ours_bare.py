"""Our side of the bare comparison: the kernel alone, no broker, no journal entries."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Generator
from typing import Any

from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.delays import Delays
from mailrail_patterns.kernel.journal import Journal
from mailrail_patterns.kernel.process import Process


class Channel:
    """The least a queue can be: a deque of items and one of processes that wait for them."""

    def __init__(self) -> None:
        self.items: deque[int] = deque()
        self.waiting: deque[Process] = deque()

    def put(self, item: int) -> None:
        """Hand an item to who has waited longest, or keep it."""
        if self.waiting:
            self.waiting.popleft().wake(item)
        else:
            self.items.append(item)

    @types.coroutine
    def get(self, process: Process) -> Generator[None, Any, Any]:
        """Wait for an item."""
        if self.items:
            return self.items.popleft()
        self.waiting.append(process)
        return (yield)


def run(messages: int, lease: float = 0.0) -> int:
    """Send ``messages`` items from one producer to four consumers; return how many arrived.

    Args:
        messages: How many.
        lease: If not 0, a timer of so many seconds is set and cancelled for every delivery.
    """
    journal = Journal()
    agenda = Agenda(journal)
    channel = Channel()
    leases = Delays()
    done = 0

    @types.coroutine
    def sleep(process: Process, seconds: float) -> Generator[None, Any, None]:
        agenda.at(journal.now + seconds, process.step)
        yield

    async def producer(process: Process) -> None:
        for number in range(messages):
            channel.put(number)
            await sleep(process, 0.25)

    async def consumer(process: Process) -> None:
        nonlocal done
        while True:
            await channel.get(process)
            timer = None
            if lease:
                timer = agenda.at(journal.now + lease, ended_lease, None, leases)
            await sleep(process, 1.0)
            if timer is not None:
                agenda.cancel(timer)
            done += 1

    def ended_lease(_: object) -> None:
        raise AssertionError("no lease should run out here")

    def ended(process: Process) -> None:
        return

    for index, code in enumerate((consumer, consumer, consumer, consumer, producer)):
        process = Process(agenda, f"p{index}", 1, ended)
        process.start(lambda code=code, process=process: code(process))  # type: ignore[misc]
    agenda.patience = 10**9
    agenda.advance(float("inf"))
    return done
