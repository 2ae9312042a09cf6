"""What the rule of the lifecycle writes down of queues and messages."""

from __future__ import annotations

import math
from collections.abc import Sized
from typing import Final

import msgspec

from ..broker.entry import READY, Stage
from ..broker_rules import PLAIN, Counts, Rules


class Record(msgspec.Struct, gc=False):
    """What the rule knows of one message.

    Attributes:
        untouched: Whether it has never been delivered since it came, or was redriven.
    """

    stage: Stage
    deliveries: int = 0
    returns: int = 0
    failures: int = 0
    token: int = 0
    owner: str = ""
    until: float = 0.0
    untouched: bool = True


UNTOUCHED: Final = Record(READY)
"""All messages that are ready and have never been delivered look alike and share this record."""


class Book:
    """What the rule knows of one queue.

    Attributes:
        most: Deliveries that are beyond suspicion; if something else counts, none is.
        soonest: No lock ends before, in seconds.
        unhidden: Whether a message may be received and still be there for others.
    """

    __slots__ = (
        "alive", "buried", "capacity", "dead", "deletes", "limit", "locked", "most", "records",
        "rules", "soonest", "unhidden",
    )  # fmt: skip

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.limit = 0
        self.most = math.inf
        self.capacity = -1
        self.dead = 0
        self.locked: dict[str, Record] = {}
        self.soonest = math.inf
        self.deletes = False
        self.rules: Rules = PLAIN
        self.unhidden = False
        self.alive: Sized | None = None
        self.buried: Sized | None = None


class Books(dict[str, Book]):
    """A book for each queue, opened on first mention."""

    def __missing__(self, queue: str) -> Book:
        book = self[queue] = Book()
        return book


def spent(book: Book, record: Record) -> bool:
    """Say whether a message has used up its deliveries, as the queue was declared to count them."""
    if not book.limit:
        return False
    if book.rules.counts is Counts.RECEIPTS:
        return record.deliveries >= book.limit
    if book.rules.counts is Counts.RETURNS:
        return record.returns >= book.limit
    return record.failures > book.limit
