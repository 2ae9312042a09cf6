"""U1 to U3: no message is lost or invented, one valid lock a message, honest delivery counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence, Sized

from ..broker.entry import DEAD, DEFERRED, EXPIRED, LOCKED, READY, SCHEDULED, SHELVED, Stage
from ..broker_rules import AtLimit, Counts, Late, read_declared
from ..kernel import events as kind
from ..kernel.events import Event
from .books import UNTOUCHED, Book, Books, Record, spent
from .rules import Breach, Guarantee, Handler, Rule

CONSERVATION = Guarantee(
    "conservation",
    "Every accepted message is scheduled, ready, locked, deferred, completed, dead, expired, or "
    "put away as the broker's rules say.",
    True,
    "U1",
)
SINGLE_LEASE = Guarantee(
    "single-lease",
    "A message has at most one valid lock, and only its holder settles it; or, where the broker "
    "allows it, who held it last.",
    True,
    "U2",
)
DELIVERY_COUNT = Guarantee(
    "delivery-count",
    "The delivery count grows by one a delivery, and what counts never passes the maximum.",
    True,
    "U3",
)

Census = Callable[[str], tuple[Sized, Sized]]
"""Asks the broker for its own collections of a queue's messages: the live and the dead ones."""


class Lifecycle(Rule):
    """Folds every message through its life and compares with the broker's own count.

    Attributes:
        books: What it knows of each queue.
        begun: How many messages have been delivered at all; one that was redriven counts anew.
    """

    guarantees = (CONSERVATION, SINGLE_LEASE, DELIVERY_COUNT)

    def __init__(self, census: Census | None = None) -> None:
        super().__init__()
        self.books = Books()
        self.begun = 0
        self._census = census

    def watches(self) -> dict[str, Handler]:
        """Return a handler for every event in a message's life."""
        return {
            kind.DECLARED: self._declared,
            kind.SENT: self._sent,
            kind.DUE: self._due,
            kind.DELIVERED: self._delivered,
            kind.COMPLETED: self._completed,
            kind.ABANDONED: self._abandoned,
            kind.RENEWED: self._renewed,
            kind.DEFERRED: self._deferred,
            kind.LOCK_EXPIRED: self._lock_expired,
            kind.DEAD_LETTERED: self._dead_lettered,
            kind.SHELVED: self._shelved,
            kind.CRASHED: self._crashed,
            kind.REDRIVEN: self._redriven,
            kind.EXPIRED: self._expired,
            kind.DROPPED: self._dropped,
        }

    def _book(self, queue: str) -> Book:
        book = self.books[queue]
        if book.alive is None and self._census is not None:
            book.alive, book.buried = self._census(queue)
        return book

    def _declared(self, event: Event) -> None:
        book = self.books[event.queue]
        book.limit = event.delivery
        book.capacity = event.token
        declared = read_declared(event.text)
        book.deletes = declared.mode == "receive-and-delete"
        book.rules = declared.rules
        book.unhidden = declared.unhidden > 0
        counts_receipts = declared.rules.counts is Counts.RECEIPTS
        book.most = (book.limit or math.inf) if counts_receipts else 0

    def _find(self, event: Event, *stages: Stage) -> tuple[Book, Record]:
        """Return book and record, reporting a message that is not where it should be."""
        book = self._book(event.queue)
        record = book.records.get(event.message)
        if record is None:
            record = book.records[event.message] = Record(stages[0])
            self.breach("conservation", event, f"{event.message} was never accepted")
        elif record.stage not in stages:
            wanted = " or ".join(stage.value for stage in stages)
            self.breach(
                "conservation",
                event,
                f"{event.message} was {record.stage.value}, should have been {wanted}",
            )
        if record is UNTOUCHED:
            record = book.records[event.message] = Record(READY)
        if book.locked and event.t > book.soonest:
            self._overdue(book, event)
        return book, record

    def _overdue(self, book: Book, event: Event) -> None:
        """A lock past its end that nobody took back means that its message is lost."""
        soonest = float("inf")
        for name, record in list(book.locked.items()):
            if record.until < event.t:
                self.breach("conservation", event, f"{name}: its lock ended at {record.until:g}s")
                del book.locked[name]
            else:
                soonest = min(soonest, record.until)
        book.soonest = soonest

    def _count(self, book: Book, event: Event) -> None:
        alive, buried = book.alive, book.buried
        if alive is None or buried is None:
            return
        known = len(book.records) - book.dead
        if len(alive) != known or len(buried) != book.dead:
            self.breach(
                "conservation",
                event,
                f"the broker holds {len(alive)} and {len(buried)} dead; "
                f"events say {known} and {book.dead}",
            )

    def _sent(self, event: Event) -> None:
        book = self.books[event.queue]
        if book.alive is None:
            book = self._book(event.queue)
        records, alive, message = book.records, book.alive, event.message
        if message in records:
            self.breach("conservation", event, f"{message} was accepted twice")
        records[message] = Record(SCHEDULED) if event.until else UNTOUCHED
        if alive is not None and len(alive) + book.dead != len(records):
            self._count(book, event)

    def _due(self, event: Event) -> None:
        self._find(event, SCHEDULED)[1].stage = READY

    def _delivered(self, event: Event) -> None:
        book, message, until = self.books[event.queue], event.message, event.until
        record = book.records.get(message)
        if record is None or record.stage is not READY:
            if record is not None and record.stage is LOCKED:
                self.breach("single-lease", event, f"{message} is locked already")
            book, record = self._find(event, READY, DEFERRED, LOCKED)
        elif event.t > book.soonest:
            self._overdue(book, event)
        count = event.delivery
        if count != record.deliveries + 1 or count > book.most:
            self._count_deliveries(event, book, record)
        if record.untouched:
            self.begun += 1
        book.records[message] = record = Record(
            LOCKED,
            count,
            record.returns,
            record.failures,
            event.token,
            event.actor,
            until,
            False,
        )
        if not book.deletes:
            if until < book.soonest:
                book.soonest = until
            book.locked[message] = record

    def _count_deliveries(self, event: Event, book: Book, record: Record) -> None:
        if event.delivery != record.deliveries + 1 or spent(book, record):
            self.breach(
                "delivery-count",
                event,
                f"{event.message}: delivery {event.delivery} after {record.deliveries}, "
                f"maximum {book.limit or 'none'}",
            )

    def _settle(self, event: Event) -> tuple[Book, Record]:
        book = self.books[event.queue]
        record = book.records.get(event.message)
        if record is None or record.stage is not LOCKED:
            book, record = self._find(event, LOCKED)
        if record.token != event.token or (event.actor and event.actor != record.owner):
            self.breach(
                "single-lease", event, f"{event.actor} settled {event.message} with a stale lock"
            )
        book.locked.pop(event.message, None)
        return book, record

    def _completed(self, event: Event) -> None:
        book, message = self.books[event.queue], event.message
        record = book.records.get(message)
        if (
            record is None or event.text or record.stage is not LOCKED
            or record.token != event.token or record.owner != event.actor
        ):  # fmt: skip
            book = self._settled_late(event) if event.text else self._settle(event)[0]
        else:
            book.locked.pop(message, None)
        records, alive = book.records, book.alive
        del records[message]
        if alive is not None and len(alive) + book.dead != len(records):
            self._count(book, event)

    def _settled_late(self, event: Event) -> Book:
        """A lock that has run out still settles under some brokers, and is marked as late."""
        book, record = self._find(event, READY, SCHEDULED, LOCKED)
        late, latest = book.rules.late, record.token == event.token
        honoured = late is Late.HONOURED and event.token <= record.token
        if not honoured and not (late is Late.LATEST_RECEIPT and latest):
            what = f"{event.actor} settled {event.message} with a lock that had run out"
            self.breach("single-lease", event, what)
        book.locked.pop(event.message, None)
        return book

    def _abandoned(self, event: Event) -> None:
        book, record = self._settle(event)
        if event.delivery < record.deliveries:  # the session was closed: it does not count
            record.deliveries = event.delivery
        else:
            record.returns += 1
        record.failures += event.text == kind.FAILED
        if event.text == kind.UNCOUNTED and book.rules.counts is not Counts.FAILURES:
            self.breach("delivery-count", event, f"{event.message} came back and was not counted")
        record.stage = SCHEDULED if event.until else READY

    def _deferred(self, event: Event) -> None:
        book, record = self._settle(event)
        if not book.rules.defers:
            self.breach("conservation", event, f"{event.message}: this broker sets nothing aside")
        record.stage = DEFERRED

    def _renewed(self, event: Event) -> None:
        book, record = self._settle(event)
        record.until = event.until
        book.locked[event.message] = record

    def _lock_expired(self, event: Event) -> None:
        book, record = self._settle(event)
        record.returns += 1
        record.failures += event.value == kind.CONNECTION_LOST
        early = event.value == kind.CONNECTION_LOST and not book.rules.connection_bound
        if early or (event.value == kind.NEVER_HIDDEN and not book.unhidden):
            what = f"{event.message} was taken back before its lock ran out"
            self.breach("single-lease", event, what)
        record.stage = READY

    def _crashed(self, event: Event) -> None:
        """Where a lock is bound to a connection, it ends with the process."""
        for book in self.books.values():
            for record in book.locked.values():
                if record.owner == event.actor:
                    record.owner = ""  # a later life of the same actor does not hold it
                    if book.rules.connection_bound:
                        record.until = book.soonest = min(event.t, book.soonest)

    def _dead_lettered(self, event: Event) -> None:
        book, record = self._find(event, READY, LOCKED, DEFERRED, EXPIRED)
        book.locked.pop(event.message, None)
        if not event.text:
            self.breach("delivery-count", event, f"{event.message} was dead-lettered for no reason")
        by_limit = event.text == "MaxDeliveryCountExceeded"
        self._ended(event, book, record, (AtLimit.DEAD_LETTER,), by_limit=by_limit)
        record.stage = DEAD
        book.dead += 1
        self._count(book, event)

    def _ended(
        self, event: Event, book: Book, record: Record, ways: Sequence[AtLimit], *, by_limit: bool
    ) -> None:
        """Check that the broker has such an end for a message, and that it was due."""
        what = f"{event.message} was {event.kind.replace('_', '-')}"
        if book.rules.at_limit not in ways:
            at_limit = book.rules.at_limit.value
            self.breach("delivery-count", event, f"{what}, though it is to {at_limit} at the limit")
        if by_limit and not spent(book, record):
            what = f"{what} after {record.deliveries} of {book.limit or 'no limit'}"
            self.breach("delivery-count", event, what)

    def _shelved(self, event: Event) -> None:
        book, record = self._find(event, READY, LOCKED)
        book.locked.pop(event.message, None)
        ways = (AtLimit.STAY, AtLimit.ARCHIVE)
        self._ended(event, book, record, ways, by_limit=":" not in event.text)
        record.stage = SHELVED

    def _redriven(self, event: Event) -> None:
        book, record = self._find(event, DEAD)
        record.stage = READY
        record.deliveries = record.returns = record.failures = 0
        record.untouched = True
        book.dead -= 1
        self._count(book, event)

    def _expired(self, event: Event) -> None:
        book, record = self._find(event, READY, SCHEDULED, DEFERRED, LOCKED)
        record.stage = EXPIRED
        if not event.text:
            del book.records[event.message]
            self._count(book, event)

    def _dropped(self, event: Event) -> None:
        if event.text in kind.LEAVES:
            ended = event.text == kind.SUBSCRIPTION_ENDED
            stages: tuple[Stage, ...] = (READY,)
            if ended:
                stages = (READY, LOCKED, SCHEDULED, DEFERRED)
            elif event.text == kind.TURNED_DOWN:
                stages = (READY, LOCKED)
            book, record = self._find(event, *stages)
            book.locked.pop(event.message, None)
            if event.text in (kind.LIMIT, kind.TURNED_DOWN):
                by_limit = event.text == kind.LIMIT
                self._ended(event, book, record, (AtLimit.DROP,), by_limit=by_limit)
        elif event.text == kind.RETENTION:
            book, _ = self._find(event, DEAD)
            book.dead -= 1
        else:
            return
        del book.records[event.message]
        self._count(book, event)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report locks that should have ended, and a broker that counts otherwise."""
        found = []
        for queue, book in self.books.items():
            for name, record in book.locked.items():
                if record.until < now:
                    what = f"{name} on {queue}: its lock ended at {record.until:g}s"
                    found.append(Breach("conservation", 0, now, what))
            if book.alive is not None and book.buried is not None:
                held, known = len(book.alive) + len(book.buried), len(book.records)
                if held != known:
                    what = f"{queue}: the broker holds {held}, events say {known}"
                    found.append(Breach("conservation", 0, now, what))
        return found

    def left_over(self) -> Iterator[tuple[str, str]]:
        """Name queue and message of everything that is ready or locked."""
        for queue, book in self.books.items():
            for name, record in book.records.items():
                if record.stage is READY or record.stage is LOCKED:
                    yield queue, name
