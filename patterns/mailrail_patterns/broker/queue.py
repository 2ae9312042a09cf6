"""One queue: what it accepts, and who gets what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..partitioning import lanes_of, locking, scanning
from ..port import Delivery, Message, Outcome, Overflow, QueueSpec
from .ends import stricter
from .entry import READY, SCHEDULED, SHELVED, Entry
from .ranked import line_for, ordering, turning
from .roster import Roster
from .seen import Seen
from .stock import Stock
from .waiting_room import Sender, WaitingRoom

if TYPE_CHECKING:
    from ..kernel.process import Process
    from .network import Network
    from .receiver import InMemoryReceiver

ACCEPTED, REJECTED = Outcome.ACCEPTED, Outcome.REJECTED
TOO_LARGE = "MessageTooLarge"
ENTAILS = 512
"""Steps of the agenda that a message may cost at its instant, all that follows from it included."""


class Queue(Stock):
    """A bounded or unbounded queue that hands each message to one receiver.

    Receivers that wait are served in the order in which they began to; a receiver that
    prefetches gets its share in turn, even while it works.

    Attributes:
        closings: How often it has been closed; who received from it before gets nothing more.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        super().__init__(spec, agenda)
        self._waiting = Roster()
        self._prefetching = Roster()
        self._open: list[InMemoryReceiver] = []
        self._blocked = WaitingRoom(agenda, self.refuse)
        self.closings = 0
        self._seen = Seen()
        self.declare(spec)

    def declare(self, spec: QueueSpec) -> None:
        """Declare the queue, or change its properties; what is locked keeps its lock."""
        if ordering(spec) != ordering(self.spec):
            line = line_for(spec, self._journal)
            for entry in self._line.leave():
                line.put(entry, head=False)
            self._line = line
        before, self.spec = self.spec, spec
        self._journal.emit(
            kind.DECLARED, queue=spec.name, delivery=spec.max_deliveries,
            token=-1 if spec.capacity is None else spec.capacity, value=spec.lock,
            text=f"{spec.mode.value} {spec.overflow.value} {spec.redelivery.value}"
            f"{spec.rules.words()}{scanning(spec)}{locking(spec)}{turning(spec)}",
            group=lanes_of(spec),
        )  # fmt: skip
        if stricter(before, spec):
            self._end_what_may_not_wait()
        self.room_made()

    def _end_what_may_not_wait(self) -> None:
        for entry in [e for e in self.entries.values() if e.stage is READY]:
            if self.spent(entry):  # the limit was lowered below what it has used up
                self.withdraw(entry)
                self.end_spent(entry)
            elif not self.spec.ttl_at_head and entry.expires and entry.lifetime is None:
                self.expire(entry)  # it was overdue, and had others before it

    # --- arriving -------------------------------------------------------------------------

    def offer(
        self, message: Message, sender: str, cause: int, head: bool = False, topic: str = ""
    ) -> Outcome | None:
        """Accept or refuse a message; None means that the sender has to wait for room.

        Args:
            message: The message.
            sender: The actor that sends it.
            cause: Number of the event that made it send.
            head: Put it in front of everything that waits.
            topic: The topic it is a copy of; empty: it was sent to this very queue.
        """
        spec = self.spec
        if spec.max_size and self.too_large(message):
            self.refuse_size(spec.name, message, sender, cause)
            return REJECTED
        if spec.duplicate_detection and self._absorbs(message, sender, cause):
            return ACCEPTED  # what it has had needs no room, and nobody who would work on it
        if spec.needs_receiver and not self.listeners():
            return self.refuse(message, sender, cause, "NoResponders")
        capacity = spec.capacity
        if capacity is not None and self.is_full_for(message):
            if spec.overflow is Overflow.BLOCK:
                return None
            if spec.overflow is Overflow.REJECT or capacity == 0:
                return self.refuse(message, sender, cause, kind.QUEUE_FULL)
            self._drop_oldest(capacity)
        self._accept(message, sender, cause, head, topic)
        return ACCEPTED

    def too_large(self, message: Message) -> bool:
        """Say whether a message is larger than the queue accepts."""
        return 0 < self.spec.max_size < message.size

    def refuse_size(self, to: str, message: Message, sender: str, cause: int) -> None:
        """Record that a message sent ``to`` a queue, or a topic before it, is too large."""
        self._journal.emit(
            kind.REJECTED, sender, to, message.id, 0, cause, value=message.size, text=TOO_LARGE
        )

    def opened(self, receiver: InMemoryReceiver) -> None:
        """Take notice of a receiver."""
        self._open.append(receiver)

    def listeners(self) -> int:
        """Return how many receivers are open: one that is busy counts, and one that is dead not."""
        self._open = [receiver for receiver in self._open if receiver.process.can_act]
        return sum(1 for receiver in self._open if receiver.process.reachable)

    def rebalance(self, why: str, cause: int) -> None:
        """Assign lanes anew; this queue has none that are shared."""

    def departed(self, process: Process, cause: int) -> None:
        """Take notice of a process that has left in good order; nothing of it was held."""

    def is_full_for(self, message: Message) -> bool:
        """Say whether there is no room for a message, nor anybody who waits for it."""
        capacity = self.spec.capacity
        full = capacity is not None and self.depth >= capacity
        return full and not message.delay and not self._someone_waits()

    def refuse(self, message: Message, sender: str, cause: int, why: str) -> Outcome:
        """Record that a message was not accepted."""
        self._journal.emit(kind.REJECTED, sender, self.spec.name, message.id, 0, cause, text=why)
        return REJECTED

    def await_room(
        self, process: Process, network: Network, message: Message, *, again: bool
    ) -> None:
        """Remember a sender to be woken when there is room; it has to see for itself then."""
        if not again:
            self._journal.emit(
                kind.BLOCKED, process.name, self.spec.name, message.id, 0, process.cause
            )
        self._blocked.enter(Sender(process, network))

    def wait_for_room(
        self,
        process: Process,
        network: Network,
        message: Message,
        follows: Delivery | None = None,
    ) -> None:
        """Remember a sender to be woken, first come first served, when there is room.

        Args:
            process: The sender.
            network: Its way to the broker.
            message: What it sends.
            follows: What the message was made from, if it is refused once that is over.
        """
        self._journal.emit(kind.BLOCKED, process.name, self.spec.name, message.id, 0, process.cause)
        self._blocked.enter(Sender(process, network, message, follows))

    def duplicate(self, message: Message, sender: str, cause: int, _: object = None) -> None:
        """Put a second copy of a message on the queue, as a sender's lost confirmation would."""
        cause = self._journal.emit(kind.DUPLICATED, sender, self.spec.name, message.id, 0, cause)
        self.offer(message, sender, cause)  # nobody waits for room on behalf of a copy

    def note_lost(self, name: str, process: Process, where: str) -> None:
        """Record a message, or word of one, that got lost on its way."""
        self._journal.emit(
            kind.DROPPED, process.name, self.spec.name, name, 0, process.cause, text=where
        )

    def bury_at_once(
        self, message: Message, sender: str, cause: int, reason: str, topic: str
    ) -> None:
        """Accept a message only to dead-letter it."""
        entry = self._enter(message, sender, cause, 0, 0.0, topic)
        if entry is not None:
            self.turn_down(entry, "", entry.cause, reason)

    def _accept(self, message: Message, sender: str, cause: int, head: bool, topic: str) -> None:
        delay, now = message.delay, self._journal.now
        due = now + delay if delay else 0.0
        entry = self._enter(message, sender, cause, 1 if head else 0, due, topic)
        if entry is None:
            return
        usual = self.spec.ttl
        ttl = message.ttl or usual
        if ttl:
            entry.expires = now + min(ttl, usual or ttl)
            entry.lifetime = self._agenda.at(entry.expires, self.outlive, entry)
        if due:
            entry.stage = SCHEDULED
            entry.timer = self._agenda.at(due, self.come_due, entry)
        else:
            self.make_ready(entry, head)

    def _enter(
        self, message: Message, sender: str, cause: int, token: int, due: float, topic: str
    ) -> Entry | None:
        """Record that a message has come in; None if it is a duplicate and not wanted."""
        if self._absorbs(message, sender, cause):
            return None
        journal = self._journal
        name = self._seen.enter(message.id, journal.now)
        self.entries[name] = entry = Entry(message, name, journal.now)
        if not message.conversation:  # what follows from a message must not excuse itself
            self._agenda.patience += ENTAILS
        entry.cause = journal.emit(
            kind.SENT, sender, self.spec.name, name, 0, cause, token, due, message.origin, topic,
            message.group, message.conversation or message.id, message.size, message.sequence,
        )  # fmt: skip
        return entry

    def _absorbs(self, message: Message, sender: str, cause: int) -> bool:
        """Drop a message that duplicate detection knows, and say whether it does."""
        spec, journal, name = self.spec, self._journal, message.id
        window = spec.duplicate_detection
        if not window or not self._seen.within(window, name, journal.now):
            return False
        journal.emit(kind.DROPPED, sender, spec.name, name, 0, cause, text="duplicate")
        return True

    # --- handing over ---------------------------------------------------------------------

    def make_ready(self, entry: Entry, head: bool, returned: bool = False) -> None:
        """Deliver a message to who waits, or keep it at the tail, the head or with the returned."""
        if entry.expires and entry.expires <= self._journal.now:
            self.expire(entry)
            return
        if entry.stage is not READY:
            entry.stage = READY
        receiver = self._next_receiver()
        if receiver is None:
            self._put(entry, head=head, returned=returned)
            self.depth += 1
            return
        if self.depth:  # it was frozen while these came; they are not to be overtaken
            self._put(entry, head=head, returned=returned)
            self.depth += 1
            entry = self._take() or entry
        receiver.push(self.lock(entry, receiver))

    def over(self, entry: Entry) -> None:
        """Take notice that a message was settled late: nobody stands behind it here."""

    def _next_receiver(self) -> InMemoryReceiver | None:
        waiting, prefetching = self._waiting, self._prefetching
        found = waiting.next() if waiting else None
        return prefetching.next_with_credit() if found is None and prefetching else found

    def _someone_waits(self) -> bool:
        return any(r.reachable for r in self._waiting) or any(
            r.reachable and r.has_credit() for r in self._prefetching
        )

    def serve(self) -> None:
        """Hand over what is ready: a receiver may have found its way back."""
        while self._has_next() and (receiver := self._next_receiver()) is not None:
            entry = self._take()
            if entry is not None:
                receiver.push(self.lock(entry, receiver))
        self.room_made()

    def let_in(self) -> None:
        """Let senders come in that could not be reached when there was room for them."""
        self.room_made()
        if not self.depth:
            self._pass_through()

    def room_made(self) -> None:
        """Let senders that were made to wait come in."""
        while self._blocked and (self.spec.capacity is None or self.depth < self.spec.capacity):
            if not self._admit_one():
                return

    def _pass_through(self) -> None:
        """Let senders come in for receivers that wait, whether there is room or not."""
        while self._blocked and self._someone_waits():
            if not self._admit_one():
                return

    def _admit_one(self) -> bool:
        sender = self._blocked.leave()
        if sender is None:
            return False
        process, message = sender.process, sender.message
        if message is None:
            process.wake(ACCEPTED)
        elif process.can_act:
            self._accept(message, process.name, process.cause, False, "")
            process.wake(ACCEPTED)
        return True

    def close(self, cause: int) -> None:
        """Drop what has no end yet, and let go of receivers and of who waits for room."""
        for entry in [each for each in self.entries.values() if each.stage is not SHELVED]:
            self.discard(entry, cause)
        self.depth = 0
        self.closings += 1
        waiting, self._waiting = self._waiting, Roster()
        self._prefetching.clear()
        for receiver in waiting:
            receiver.let_go()
        self.room_made()

    def wait(self, receiver: InMemoryReceiver) -> Entry | None:
        """Hand over the next message, or remember the receiver as waiting.

        A sender that waits for room while the queue has none at all (capacity 0) is let in
        for a receiver that waits: the message goes straight through.
        """
        entry = self._take() if self._has_next() else None
        if entry is None:
            self._waiting.append(receiver)
            self._pass_through()
            return None
        self.lock(entry, receiver)
        if self._blocked:
            self.room_made()
        return entry

    def accept(self, group: str, receiver: InMemoryReceiver) -> bool:
        """Lock the lane of a group for a receiver; True: there are no lanes to be locked."""
        return True

    def peek(self, receiver: InMemoryReceiver) -> Message | None:
        """Return what is next in the lane of a receiver; None: it has no lane."""
        return None

    def stop_waiting(self, receiver: InMemoryReceiver) -> None:
        """Forget a receiver that no longer waits (a timeout, a stop request)."""
        if receiver in self._waiting:
            self._waiting.remove(receiver)

    def top_up(self, receiver: InMemoryReceiver) -> None:
        """Let a receiver with credit prefetch."""
        if receiver not in self._prefetching:
            self._prefetching.append(receiver)
        while self._has_next() and receiver.has_credit():
            entry = self._take()
            if entry is None:
                break
            receiver.push(self.lock(entry, receiver))
        if self._blocked:
            self.room_made()
