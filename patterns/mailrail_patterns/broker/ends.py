"""When a message has used up its deliveries, and what a broker calls its end."""

from __future__ import annotations

from ..broker_rules import AtLimit, Counts
from ..port import QueueSpec
from .entry import Entry

MAX_DELIVERIES = "MaxDeliveryCountExceeded"
TTL_EXPIRED = "TTLExpired"
ADVISORY = "MaxDeliveriesAdvisory"
ARCHIVED = "Archived"
SHELVES = {AtLimit.STAY: (ADVISORY, "Terminated"), AtLimit.ARCHIVE: (ARCHIVED, ARCHIVED)}
"""What a broker without dead letters calls it: at the limit, and at a consumer's word."""


def counted(entry: Entry, counts: Counts) -> int:
    """Return what counts against the limit so far."""
    if counts is Counts.RECEIPTS:
        return entry.deliveries
    return entry.returns if counts is Counts.RETURNS else entry.failures


def spent(entry: Entry, spec: QueueSpec) -> bool:
    """Say whether a message has used up the deliveries it may have."""
    limit = spec.max_deliveries
    if not limit:
        return False
    counts = spec.rules.counts
    if counts is Counts.FAILURES:
        return entry.failures > limit
    return counted(entry, counts) >= limit


def stricter(before: QueueSpec, now: QueueSpec) -> bool:
    """Say whether what may have waited in a queue before may be at its end now.

    A queue may hold a million messages: they are looked at only where it is.
    """
    if before.ttl_at_head and not now.ttl_at_head:
        return True
    if not now.max_deliveries:
        return False
    was, limit = before.max_deliveries, now.max_deliveries
    return not was or limit < was or before.rules.counts is not now.rules.counts
