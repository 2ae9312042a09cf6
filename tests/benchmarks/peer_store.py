"""Leases over ``simpy.Store``, three ways; a message that comes back goes to the tail."""

from __future__ import annotations

from typing import Any

import simpy

from .peer_events import Lease, Message
from .peer_journal import Journal
from .peer_model import LEASE, Process, SimQueue


class StoreQueue(SimQueue):
    """The textbook queue: a store, and a consumer that gets from it."""

    def __init__(self, env: simpy.Environment, journal: Journal, name: str) -> None:
        """Create an empty queue."""
        super().__init__(env, journal, name)
        self.store = simpy.Store(env)

    def put(self, message: Message) -> None:
        """Put it into the store, which has no bound: nobody need wait for that."""
        self.store.put(message)

    def consumer(self, name: str, service: float) -> Process:
        """Get, work, settle."""
        get, timeout = self.store.get, self.env.timeout
        while True:
            message = yield get()
            lease = self.grant(message, name)
            yield timeout(service)
            self.finish(lease)


class ConditionQueue(StoreQueue):
    """The idiom of the documentation: a process a lease, waiting for either of two events."""

    def watch(self, lease: Lease) -> None:
        """Start the lease's own process."""
        lease.guard = self.env.event()
        self.env.process(self._guard(lease, lease.guard))

    def _guard(self, lease: Lease, settled: simpy.Event) -> Process:
        yield settled | self.env.timeout(LEASE)
        if not settled.triggered:
            self.expire(lease)

    def released(self, lease: Lease) -> None:
        """Let the process go."""
        lease.guard.succeed()


class InterruptQueue(StoreQueue):
    """A process a lease that sleeps until it is interrupted."""

    def watch(self, lease: Lease) -> None:
        """Start the lease's own process."""
        lease.guard = self.env.process(self._guard(lease))

    def _guard(self, lease: Lease) -> Process:
        try:
            yield self.env.timeout(LEASE)
        except simpy.Interrupt:
            return
        self.expire(lease)

    def released(self, lease: Lease) -> None:
        """Interrupt the process."""
        lease.guard.interrupt()


class TimeoutQueue(StoreQueue):
    """No process: a timeout a lease, and a callback that looks whether it is still held."""

    def watch(self, lease: Lease) -> None:
        """Start the lease's own timeout."""
        self.env.timeout(LEASE, lease).callbacks.append(self._ran_out)

    def _ran_out(self, event: simpy.Event) -> None:
        lease: Any = event.value
        if lease.held:
            self.expire(lease)
