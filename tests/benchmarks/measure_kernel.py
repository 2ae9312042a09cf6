"""The bare kernel against SimPy: one producer, four consumers, nothing recorded."""

from __future__ import annotations

from . import ours_bare, peer_bare
from .interleaved import middle, ratio, timed
from .table import FAST, Row, number


def measure(quick: bool, rounds: int) -> list[Row]:
    """Push messages through both."""
    messages = 20_000 if quick else 200_000
    times = timed(
        {"ours": lambda: ours_bare.run(messages), "peer": lambda: peer_bare.run(messages)}, rounds
    )
    ours, peer = times["ours"], times["peer"]
    return [
        Row(
            f"kernel alone, {messages:,} messages",
            f"{number(messages / middle(ours))} messages/s",
            f"SimPy, simpy.Store: {number(messages / middle(peer))}",
            ratio(peer, ours),
            FAST,
            ">= 2.0",
        )
    ]
