"""Which lane a group's messages go to: one of its own, or one it shares by a hash of its name."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from .messages import QueueSpec

LANES = "lanes"


@lru_cache(4096)
def lane_of(group: str, partitions: int) -> str:
    """Return the lane of a group.

    Args:
        group: The group.
        partitions: Lanes that all groups share; 0: every group has its own.
    """
    return f"p{crc32(group.encode()) % partitions}" if partitions else group


def lanes_of(spec: QueueSpec) -> str:
    """Return how a queue keeps groups together: ``lanes``, ``lanes 4``, or nothing."""
    if spec.sessions is None or not spec.sessions.on:
        return ""
    return f"{LANES} {spec.sessions.partitions}" if spec.sessions.partitions else LANES


def partitions_of(text: str) -> int | None:
    """Read what :func:`lanes_of` wrote: the number of shared lanes; None: there are no lanes."""
    word, _, number = text.partition(" ")
    return (int(number) if number else 0) if word == LANES else None
