"""Leases tuned by hand, as somebody would who has profiled SimPy.

* The queue hands a message straight to a waiting consumer through one plain event. It is cheaper
  than ``simpy.Store``, which spends an event on the put as well as on the get.
* Every lease is equally long, so leases run out in the order they were granted. One timer over a
  FIFO of leases therefore serves them all; settled leases are skipped when it fires. It replaces
  a timeout per delivery, which SimPy cannot take back out of its heap.
"""

from __future__ import annotations

from collections import deque

import simpy

from .peer_direct import DirectQueue
from .peer_events import Lease, Message
from .peer_journal import Journal
from .peer_model import LEASE, Process, SimQueue


class TunedQueue(DirectQueue[tuple[str, simpy.Event]], SimQueue):
    """One timer over all leases."""

    def __init__(self, env: simpy.Environment, journal: Journal, name: str) -> None:
        """Create an empty queue."""
        super().__init__(env, journal, name)
        self.ready: deque[Message] = deque()
        self.waiting: deque[tuple[str, simpy.Event]] = deque()
        self.leases: deque[Lease] = deque()
        self.armed = False

    def consumer(self, name: str, service: float) -> Process:
        """Take what is there, or wait to be handed something."""
        env, ready, waiting = self.env, self.ready, self.waiting
        while True:
            if ready:
                lease = self.grant(ready.popleft(), name)
            else:
                event = env.event()
                waiting.append((name, event))
                lease = yield event
            yield env.timeout(service)
            self.finish(lease)

    def hand_over(self, message: Message) -> None:
        """Give it to the first that waits."""
        actor, event = self.waiting.popleft()
        event.succeed(self.grant(message, actor))

    def watch(self, lease: Lease) -> None:
        """Put it at the end of the line that the one timer looks at."""
        self.leases.append(lease)
        if not self.armed:
            self._arm(LEASE)

    def _arm(self, delay: float) -> None:
        self.armed = True
        self.env.timeout(delay).callbacks.append(self._reap)

    def _reap(self, _: simpy.Event) -> None:
        now, leases = self.env.now, self.leases
        while leases:
            lease = leases[0]
            if lease.held:
                if lease.deadline > now:
                    self._arm(lease.deadline - now)
                    return
                self.expire(lease)
            leases.popleft()
        self.armed = False
