"""Bare SimPy peer: one producer and four consumers around one store.

The textbook SimPy queue, with no journal, no leases and no judging. It is not the least a SimPy
model can cost: a deque and one plain event per hand-over, as in ``peer_leases``, is cheaper than
``simpy.Store``.
"""

from collections.abc import Generator
from typing import Any

import simpy

CONSUMERS = 4
SEND_EVERY = 0.25
SERVICE = 1.0


def run(messages: int) -> int:
    """Push messages through one store and count those consumed.

    Args:
        messages: How many messages the producer puts.

    Returns:
        How many messages the consumers finished.
    """
    env = simpy.Environment(0.0)
    store = simpy.Store(env)
    timeout = env.timeout
    consumed = 0

    def producer() -> Generator[simpy.Event, Any, None]:
        put = store.put
        for message in range(1, messages + 1):
            put(message)  # The store is unbounded: a put never waits, so it is not yielded.
            yield timeout(SEND_EVERY)

    def consumer() -> Generator[simpy.Event, Any, None]:
        nonlocal consumed
        get = store.get
        while True:
            yield get()
            yield timeout(SERVICE)
            consumed += 1

    env.process(producer())
    for _ in range(CONSUMERS):
        env.process(consumer())
    env.run()
    return consumed
