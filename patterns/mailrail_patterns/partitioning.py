"""Which lane a group's messages go to: one of its own, or one it shares by a hash of its name."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from .broker_rules import AT_HEAD, RENEWING, SCAN, UNHIDDEN
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


def scan_of(spec: QueueSpec) -> int:
    """Return how many messages of a queue are looked through for a free lane; 0: all."""
    return spec.sessions.scan if spec.sessions is not None and spec.sessions.on else 0


def scanning(spec: QueueSpec) -> str:
    """Write the same, as ``declared`` events carry it; empty: all are looked through."""
    scan = scan_of(spec)
    return f" {SCAN}={scan}" if scan else ""


def locking(spec: QueueSpec) -> str:
    """Write how locks may end before their work does, and what ends late, as events carry it."""
    said = (
        (RENEWING, spec.longest_renewal), (UNHIDDEN, spec.unhidden), (AT_HEAD, spec.ttl_at_head),
    )  # fmt: skip
    return "".join(f" {name}={value:g}" for name, value in said if value)


def partitions_of(text: str) -> int | None:
    """Read what :func:`lanes_of` wrote: the number of shared lanes; None: there are no lanes."""
    word, _, number = text.partition(" ")
    return (int(number) if number else 0) if word == LANES else None
