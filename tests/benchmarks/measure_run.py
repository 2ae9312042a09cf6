"""The real thing: a judged run with journal, against SimPy models that do the same.

The same model on our kernel stands between the two. It tells how much of the difference is the
kernel's and how much the price of what a model of one queue need not be.
"""

from __future__ import annotations

from collections.abc import Callable

from . import ours_model
from .interleaved import middle, ratio, timed
from .peer_journal import Journal
from .peer_model import SERVICE, SimQueue, simulate
from .peer_store import ConditionQueue, InterruptQueue, TimeoutQueue
from .peer_tuned import TunedQueue
from .scenarios import judged
from .table import FAST, Row, number

ACTORS = 1 + len(SERVICE)
PEERS: dict[str, type[SimQueue]] = {
    "SimPy, Store, process a lease, settled | timeout": ConditionQueue,
    "SimPy, Store, process a lease, interrupted": InterruptQueue,
    "SimPy, Store, timeout and callback a lease": TimeoutQueue,
    "SimPy tuned: deque, one timer over all leases": TunedQueue,
}


def peer(kind: type[SimQueue], messages: int) -> Journal:
    """Play a peer and make sure that it did what it should.

    Raises:
        RuntimeError: If it did not.
    """
    return checked(kind.__name__, simulate(kind, messages), messages)


def model(messages: int) -> Journal:
    """Play the same model on our kernel and make sure that it did what it should.

    Raises:
        RuntimeError: If it did not.
    """
    return checked("our kernel", ours_model.simulate(messages), messages)


def checked(who: str, journal: Journal, messages: int) -> Journal:
    """Return a journal if it is as long as it should be, and nothing in it broke.

    Raises:
        RuntimeError: If it is not.
    """
    if journal.result() != (4 * messages + ACTORS, messages, 0):
        raise RuntimeError(f"{who}: {journal.result()}")
    return journal


def measure(quick: bool, rounds: int) -> list[Row]:
    """Play ours and every peer; then ours and the tuned one with the digest of the journal.

    Raises:
        RuntimeError: If the model does not do the same on our kernel as on SimPy.
    """
    messages = 20_000 if quick else 200_000
    if model(1000).digest() != peer(TunedQueue, 1000).digest():
        raise RuntimeError("the model should do the same on our kernel as on SimPy")
    candidates: dict[str, Callable[[], object]] = {
        "ours": lambda: judged(messages),
        "model": lambda: model(messages),
    }
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
    bare = times["model"]
    rows += [
        Row(
            "the peers' model on our kernel",
            f"{number(messages / middle(bare))} messages/s",
            f"{name}: {number(messages / middle(times[name]))}",
            ratio(times[name], bare),
            FAST,
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
