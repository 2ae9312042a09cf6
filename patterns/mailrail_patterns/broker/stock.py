"""What is ready in a queue: which message is the next, and what ends before it is delivered."""

from __future__ import annotations

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..port import Position, QueueSpec
from .entry import READY, Entry
from .lines import Fifo
from .ranked import line_for
from .settlement import Settlement


class Stock(Settlement):
    """Keeps ready messages in the queue's order, those that came back in a line of their own.

    Attributes:
        depth: How many messages are ready.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        super().__init__(spec, agenda)
        self.depth = 0
        self._line = line_for(spec, self._journal)
        self._returns = Fifo()

    def _put(self, entry: Entry, *, head: bool, returned: bool) -> None:
        if returned and self.spec.redelivery is Position.RETURNS:
            self._returns.put(entry, head=False)
        else:
            self._line.put(entry, head=head)

    def _next(self) -> Entry | None:
        return self._returns.take() or self._line.take()

    def withdraw(self, entry: Entry) -> None:
        """Take notice that a ready message will not be delivered; its turn is passed over."""
        self.depth -= 1

    def _take(self) -> Entry | None:
        entry = self._next()
        if entry is not None:
            self.depth -= 1
            if self.spec.ttl_at_head:
                self._end_overdue()
        return entry

    def _has_next(self) -> bool:
        """Say whether there is a message to be handed over."""
        if self.depth and self.spec.ttl_at_head:
            self._end_overdue()  # with time another one may have come to be the next
        return self.depth > 0

    def _end_overdue(self) -> None:
        """End what is next as long as its time to live is over."""
        while (entry := self._returns.peek() or self._line.peek()) is not None:
            if entry.lifetime is not None or not entry.expires:
                return
            self.expire(entry)

    def outlive(self, entry: Entry) -> None:
        """End a message whose time to live is over: where it stands, or when it is the next."""
        if entry.stage is READY and self.spec.waits_overdue:
            entry.lifetime = None
            self._end_overdue()
            self.room_made()
        else:
            super().outlive(entry)

    def expire(self, entry: Entry) -> None:
        """End a message that is older than its time to live, wherever it stands."""
        if entry.stage is READY:
            self.withdraw(entry)
        super().expire(entry)

    def _drop_oldest(self, capacity: int) -> None:
        while self.depth >= capacity:  # returned messages may have filled it beyond
            entry = self._returns.take() or self._line.shed()
            if entry is None:
                return
            self.depth -= 1
            self.forget(entry)
            self.log(kind.DROPPED, entry, "", entry.cause, text=kind.QUEUE_FULL)
        if self.spec.ttl_at_head:
            self._end_overdue()

    def look(self) -> None:
        """Record what would be delivered next; nothing is taken, locked or counted by it."""
        entry = self._returns.peek() or self._line.peek()
        name, cause = ("", 0) if entry is None else (entry.name, entry.cause)
        self._journal.emit(
            kind.PEEKED, queue=self.spec.name, message=name, cause=cause, value=self.depth
        )
