"""The real thing: a judged run with journal, against SimPy models that do the same."""

from __future__ import annotations

from collections.abc import Callable

from .interleaved import middle, ratio, timed
from .peer_journal import Journal
from .peer_model import SERVICE, LeaseQueue, simulate
from .peer_store import ConditionQueue, InterruptQueue, TimeoutQueue
from .peer_tuned import TunedQueue
from .scenarios import judged
from .table import FAST, Row, number

ACTORS = 1 + len(SERVICE)
PEERS: dict[str, type[LeaseQueue]] = {
    "SimPy, Store, process a lease, settled | timeout": ConditionQueue,
    "SimPy, Store, process a lease, interrupted": InterruptQueue,
    "SimPy, Store, timeout and callback a lease": TimeoutQueue,
    "SimPy tuned: deque, one timer over all leases": TunedQueue,
}


def peer(kind: type[LeaseQueue], messages: int) -> Journal:
    """Play a peer and make sure that it did what it should.

    Raises:
        RuntimeError: If it did not.
    """
    journal = simulate(kind, messages)
    if journal.result() != (4 * messages + ACTORS, messages, 0):
        raise RuntimeError(f"{kind.__name__}: {journal.result()}")
    return journal


def measure(quick: bool, rounds: int) -> list[Row]:
    """Play ours and every peer; then ours and the tuned one with the digest of the journal."""
    messages = 20_000 if quick else 200_000
    candidates: dict[str, Callable[[], object]] = {"ours": lambda: judged(messages)}
    for name, kind in PEERS.items():
        candidates[name] = lambda kind=kind: peer(kind, messages)  # type: ignore[misc]
    times = timed(candidates, rounds)
    ours = times["ours"]
    rows = [
        Row(
            f"run, journal, judge: {messages:,} messages",
            f"{number(messages / middle(ours))} messages/s",
            f"{name}: {number(messages / middle(times[name]))}",
            ratio(times[name], ours),
            FAST,
            ">= 2.5",
        )
        for name in PEERS
    ]
    times = timed(
        {
            "ours": lambda: judged(messages).digest(),
            "tuned": lambda: peer(TunedQueue, messages).digest(),
        },
        rounds,
    )
    ours, tuned = times["ours"], times["tuned"]
    rows.append(
        Row(
            "the same with its digest",
            f"{number(messages / middle(ours))} messages/s",
            f"SimPy tuned, with a digest: {number(messages / middle(tuned))}",
            ratio(tuned, ours),
            FAST,
        )
    )
    return rows
