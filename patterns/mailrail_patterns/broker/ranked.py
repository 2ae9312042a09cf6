"""Delivery by priority: strict, with aging, or in shares."""

from __future__ import annotations

from collections.abc import Sequence

from ..broker_rules import NEWEST
from ..kernel.journal import Journal
from ..partitioning import lanes_of
from ..port import Order, QueueSpec
from ..quantities import on_grid
from .compared import COMPARED, Compared
from .entry import Entry
from .lanes import Lanes
from .lines import Fifo, Line, Newest
from .places import Places, in_order


class Ranked:
    """One line a priority, first come first served in each.

    Strict: the highest priority that has a message. Aging: as strict, but a message that has
    waited long enough counts as one of the highest, and of those the oldest is next. Share:
    while lower priorities wait, they get one delivery after every so many of the highest; it
    goes to the message that came first of them.
    """

    def __init__(self, spec: QueueSpec, journal: Journal) -> None:
        self._spec = spec
        self._journal = journal
        self._lines: dict[int, Fifo] = {}
        self._passed_over = 0
        self._places = Places()

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message to the line of its priority."""
        self._places.give(entry, head=head)
        rank = entry.message.priority
        if rank not in self._lines:
            self._lines[rank] = Fifo()
            self._lines = dict(sorted(self._lines.items(), reverse=True))
        self._lines[rank].put(entry, head=head)

    def take(self) -> Entry | None:
        """Take the next message by the queue's policy; None if there is none."""
        found = self._next()
        if found is None:
            return None
        line, self._passed_over = found
        return line.take()

    def peek(self) -> Entry | None:
        """Return the next message by the queue's policy without taking it."""
        found = self._next()
        return None if found is None else found[0].peek()

    def _next(self) -> tuple[Fifo, int] | None:
        """Return whose turn it is, and how often lower ones have been passed over by then."""
        waiting = [(line, entry) for line in self._lines.values() if (entry := line.peek())]
        if not waiting:
            return None
        chosen, passed_over = waiting[0], self._passed_over
        if self._spec.order is Order.AGING:
            old = on_grid(self._journal.now - self._spec.aging)
            aged = [each for each in waiting if each[1].since <= old]
            if aged:
                chosen = min([*aged, waiting[0]], key=_age)
        elif self._spec.order is Order.SHARE:
            if len(waiting) == 1:
                passed_over = 0
            elif passed_over >= self._spec.share:
                passed_over = 0
                chosen = min(waiting[1:], key=_stand)
            else:
                passed_over += 1
        return chosen[0], passed_over

    def shed(self) -> Entry | None:
        """Take the head of the highest line that has one; whose turn it is stays as it was."""
        for line in self._lines.values():
            if line.peek() is not None:
                return line.take()
        return None

    def leave(self) -> Sequence[Entry]:
        """Return all messages in the order in which they came, whatever their ranks."""
        found = [entry for line in self._lines.values() for entry in line.leave()]
        return in_order(found)


def _age(waiting: tuple[Fifo, Entry]) -> tuple[float, int]:
    return waiting[1].since, waiting[1].place


def _stand(waiting: tuple[Fifo, Entry]) -> int:
    return waiting[1].place


def ordering(spec: QueueSpec) -> tuple[Order, float, int, str]:
    """Return what a line is made for; another line is needed where it changes."""
    return spec.order, spec.aging, spec.share, lanes_of(spec)


def turning(spec: QueueSpec) -> str:
    """Write when the newest come first, as ``declared`` events carry it; empty: never."""
    if spec.order is Order.LIFO:
        return f" {NEWEST}=0"
    return f" {NEWEST}={spec.aging}" if spec.order is Order.ADAPTIVE else ""


def line_for(spec: QueueSpec, journal: Journal) -> Line:
    """Return the line a queue's declaration asks for."""
    if spec.sessions is not None and spec.sessions.on:
        return Lanes(spec.sessions.partitions, spec.sessions.scan)
    if spec.order in COMPARED:
        return Compared(spec, journal)
    if spec.order is Order.FIFO:
        return Fifo()
    if spec.order is Order.LIFO:
        return Newest(journal, 0.0)
    return Newest(journal, spec.aging) if spec.order is Order.ADAPTIVE else Ranked(spec, journal)
