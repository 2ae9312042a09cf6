"""The peers' model on our kernel: their queue, journal and judge, with no SimPy underneath.

What it costs more or less than a peer is the kernel's doing alone. What a run of ours costs more
than this is the price of being a broker with settings, faults and rules one can read, and not a
model of one queue.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Coroutine, Generator
from typing import Any

from mailrail_patterns.kernel.agenda import Agenda
from mailrail_patterns.kernel.delays import Delays
from mailrail_patterns.kernel.journal import Journal as Time
from mailrail_patterns.kernel.process import Process

from .peer_direct import DirectQueue
from .peer_events import Lease, Message
from .peer_journal import Journal
from .peer_model import SEND_EVERY, SERVICE


class KernelQueue(DirectQueue[Process]):
    """Each lease has its timer."""

    def __init__(self, agenda: Agenda, journal: Journal, name: str) -> None:
        """Create an empty queue."""
        super().__init__(agenda.journal, journal, name)
        self.agenda = agenda
        self.ready: deque[Message] = deque()
        self.waiting: deque[Process] = deque()
        self.leases = Delays()

    def hand_over(self, message: Message) -> None:
        """Give it to the first that waits."""
        process = self.waiting.popleft()
        process.wake(self.grant(message, process.name))

    @types.coroutine
    def get(self, process: Process) -> Generator[None, Any, Lease]:
        """Take what is there, or wait to be handed something."""
        if self.ready:
            return self.grant(self.ready.popleft(), process.name)
        self.waiting.append(process)
        handed: Lease = yield
        return handed

    def watch(self, lease: Lease) -> None:
        """Set its timer."""
        lease.guard = self.agenda.at(lease.deadline, self.expire, lease, self.leases)

    def released(self, lease: Lease) -> None:
        """Take the timer back."""
        self.agenda.cancel(lease.guard)


def simulate(messages: int, service: tuple[float, ...] = SERVICE) -> Journal:
    """Play the model until nothing is left to happen and return the judged journal.

    Args:
        messages: How many messages the producer sends.
        service: The service time of each consumer; its length is the number of consumers.
    """
    clock = Time()
    agenda = Agenda(clock)
    agenda.patience = 10**9
    journal = Journal(clock)
    queue = KernelQueue(agenda, journal, "orders")

    @types.coroutine
    def sleep(process: Process, seconds: float) -> Generator[None, Any, None]:
        agenda.at(clock.now + seconds, process.step)
        yield

    async def producer(process: Process) -> None:
        cause = queue.spawned(process.name)
        for message in range(1, messages + 1):
            queue.send(message, process.name, cause)
            await sleep(process, SEND_EVERY)

    async def consumer(process: Process, seconds: float) -> None:
        while True:
            lease = await queue.get(process)
            await sleep(process, seconds)
            queue.finish(lease)

    def start(process: Process, code: Coroutine[None, Any, None]) -> None:
        process.start(lambda: code)

    producing = Process(agenda, "producer", 1, _ended)
    start(producing, producer(producing))
    for number, seconds in enumerate(service, 1):
        consuming = Process(agenda, f"consumer-{number}", 1, _ended)
        queue.spawned(consuming.name)
        start(consuming, consumer(consuming, seconds))
    agenda.advance(float("inf"))
    return journal


def _ended(process: Process) -> None:
    if process.failure is not None:
        raise process.failure
