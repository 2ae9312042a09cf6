"""One queue: the message lifecycle, and who gets what next."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..kernel.journal import Journal
from ..port import Message, Mode, Outcome, Overflow, Position, QueueSpec
from .entry import Entry, Stage

if TYPE_CHECKING:
    from ..kernel.process import Process
    from .receiver import InMemoryReceiver

MAX_DELIVERIES = "MaxDeliveryCountExceeded"
TTL_EXPIRED = "TTLExpired"


class Queue:
    """A queue with leases, a delivery limit, a dead-letter queue and a bound.

    The rules are those of the shared lifecycle: a lock is a lease; a returned message whose
    delivery count has reached the maximum is dead-lettered; time to live ends a message that
    is ready, and a locked one when it comes back.

    Attributes:
        spec: How the queue is declared; may be replaced while it is in use.
        entries: Every message that is not finished, by name, in the order of acceptance.
        dead: The dead letters, by name, with the reason each was given.
        depth: How many messages are ready.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self.spec = spec
        self.entries: dict[str, Entry] = {}
        self.dead: dict[str, Entry] = {}
        self.depth = 0
        self._agenda = agenda
        self._journal: Journal = agenda.journal
        self._ready: deque[Entry] = deque()
        self._waiting: deque[InMemoryReceiver] = deque()
        self._prefetching: deque[InMemoryReceiver] = deque()
        self._blocked: deque[tuple[Process, Message]] = deque()
        self._copies: dict[str, int] = {}
        self._tokens = 0
        self.declare(spec)

    def declare(self, spec: QueueSpec) -> None:
        """Declare the queue, or change its properties; what is locked keeps its lock."""
        self.spec = spec
        self._journal.emit(
            kind.DECLARED, queue=spec.name, delivery=spec.max_deliveries,
            token=-1 if spec.capacity is None else spec.capacity, value=spec.lock,
            text=f"{spec.mode.value} {spec.overflow.value} {spec.redelivery.value}",
        )  # fmt: skip
        self._admit_blocked()

    def _log(
        self, what: str, entry: Entry, actor: str, cause: int, until: float = 0.0, text: str = ""
    ) -> int:
        """Record what happened to a message; it becomes the cause of what happens to it next."""
        entry.cause = n = self._journal.emit(
            what, actor, self.spec.name, entry.name, entry.deliveries, cause, entry.token, until,
            0.0, text,
        )  # fmt: skip
        return n

    def note_lost(self, name: str, process: Process, where: str) -> None:
        """Record a message, or word of one, that got lost on its way."""
        self._journal.emit(
            kind.DROPPED, process.name, self.spec.name, name, 0, process.cause, text=where
        )

    # --- arriving -----------------------------------------------------------------------

    def offer(
        self, message: Message, sender: str, cause: int, *, head: bool = False
    ) -> Outcome | None:
        """Accept or refuse a message; None means that the sender has to wait for room.

        Args:
            message: The message.
            sender: The actor that sends it.
            cause: Number of the event that made it send.
            head: Put it in front of everything that waits.
        """
        spec = self.spec
        capacity = spec.capacity
        if capacity is not None and self.depth >= capacity and not message.delay:
            if not self._someone_waits():
                if spec.overflow is Overflow.BLOCK:
                    return None
                if spec.overflow is Overflow.REJECT or capacity == 0:
                    self._journal.emit(
                        kind.REJECTED, sender, spec.name, message.id, 0, cause, text="QueueFull"
                    )
                    return Outcome.REJECTED
                self._drop_oldest()
        self._accept(message, sender, cause, head=head)
        return Outcome.ACCEPTED

    def wait_for_room(self, process: Process, message: Message) -> None:
        """Remember a sender to be woken, first come first served, when there is room."""
        self._journal.emit(kind.BLOCKED, process.name, self.spec.name, message.id, 0, process.cause)
        self._blocked.append((process, message))

    def duplicate(self, message: Message, sender: str, cause: int) -> None:
        """Put a second copy of a message on the queue, as a sender's lost confirmation would."""
        cause = self._journal.emit(kind.DUPLICATED, sender, self.spec.name, message.id, 0, cause)
        self._accept(message, sender, cause)

    def _accept(self, message: Message, sender: str, cause: int, *, head: bool = False) -> None:
        journal, spec, name = self._journal, self.spec, message.id
        copies = self._copies.get(name, 0) + 1
        self._copies[name] = copies
        if copies > 1:
            name = f"{name}~{copies}"
        entry = Entry(message, name)
        entry.since = now = journal.now
        self.entries[name] = entry
        self._agenda.patience += 16
        due = now + message.delay if message.delay else 0.0
        entry.cause = journal.emit(
            kind.SENT, sender, spec.name, name, 0, cause, 1 if head else 0, due, message.origin, "",
            message.group, message.conversation or message.id,
        )  # fmt: skip
        ttl = message.ttl or spec.ttl
        if ttl:
            ttl = min(ttl, spec.ttl or ttl)
            entry.expires = now + ttl
            entry.lifetime = self._agenda.at(entry.expires, self._outlived, entry)
        if due:
            entry.stage = Stage.SCHEDULED
            entry.timer = self._agenda.at(due, self._due, entry)
        else:
            self._make_ready(entry, head=head)

    def _drop_oldest(self) -> None:
        entry = self._take()
        if entry is None:
            return
        self._forget(entry)
        self._log(kind.DROPPED, entry, "", entry.cause, text="QueueFull")

    def _due(self, entry: Entry) -> None:
        entry.timer = None
        self._log(kind.DUE, entry, "", entry.cause)
        self._make_ready(entry, head=False)

    # --- handing over -------------------------------------------------------------------

    def _make_ready(self, entry: Entry, *, head: bool) -> None:
        if entry.expires and entry.expires <= self._journal.now:
            self._expire(entry)
            return
        entry.stage = Stage.READY
        if head:
            self._ready.appendleft(entry)
        else:
            self._ready.append(entry)
        self.depth += 1
        self._hand_over()

    def _hand_over(self) -> None:
        while self.depth:
            receiver = self._next_receiver()
            if receiver is None:
                return
            entry = self._take()
            if entry is None:
                return
            receiver.push(self._lock(entry, receiver))

    def _next_receiver(self) -> InMemoryReceiver | None:
        waiting = self._waiting
        while waiting:
            receiver = waiting.popleft()
            if receiver.connected:
                return receiver
        prefetching = self._prefetching
        for _ in range(len(prefetching)):
            receiver = prefetching.popleft()
            if receiver.connected:
                prefetching.append(receiver)
                if receiver.has_credit():
                    return receiver
        return None

    def _someone_waits(self) -> bool:
        waiting = self._waiting
        while waiting and not waiting[0].connected:
            waiting.popleft()
        return bool(waiting) or any(r.connected and r.has_credit() for r in self._prefetching)

    def _take(self) -> Entry | None:
        ready = self._ready
        while ready:
            entry = ready.popleft()
            if entry.stage is Stage.READY:
                self.depth -= 1
                return entry
        return None

    def _lock(self, entry: Entry, receiver: InMemoryReceiver) -> Entry:
        journal, spec = self._journal, self.spec
        owner = receiver.process.name
        entry.deliveries += 1
        self._tokens = token = self._tokens + 1
        entry.token = token
        if spec.mode is Mode.RECEIVE_AND_DELETE:
            cause = self._log(kind.DELIVERED, entry, owner, entry.cause)
            entry.stage = Stage.COMPLETED
            self._forget(entry)
            self._log(kind.COMPLETED, entry, owner, cause)
        else:
            entry.stage = Stage.LOCKED
            entry.holder = receiver
            timer = self._agenda.at(journal.now + spec.lock, self._lock_ran_out, entry)
            entry.timer = timer
            entry.until = until = timer.time
            entry.cause = journal.emit(
                kind.DELIVERED, owner, spec.name, entry.name, entry.deliveries, entry.cause,
                token, until,
            )  # fmt: skip
        if self._blocked:
            self._admit_blocked()
        return entry

    def _admit_blocked(self) -> None:
        while self._blocked and (self.spec.capacity is None or self.depth < self.spec.capacity):
            process, message = self._blocked.popleft()
            if process.can_act:
                self._accept(message, process.name, process.cause)
                process.wake(Outcome.ACCEPTED)

    def wait(self, receiver: InMemoryReceiver) -> Entry | None:
        """Hand over the next message, or remember the receiver as waiting."""
        entry = self._take() if self.depth else None
        if entry is None:
            self._waiting.append(receiver)
            if self._blocked:
                self._admit_to_waiting()
            return None
        return self._lock(entry, receiver)

    def _admit_to_waiting(self) -> None:
        """With no room at all, a blocked sender's message goes straight to a waiting receiver."""
        while self._blocked:
            process, message = self._blocked.popleft()
            if process.can_act:
                self._accept(message, process.name, process.cause)
                process.wake(Outcome.ACCEPTED)
                return

    def stop_waiting(self, receiver: InMemoryReceiver) -> None:
        """Forget a receiver that no longer waits (a timeout, a stop request)."""
        if receiver in self._waiting:
            self._waiting.remove(receiver)

    def top_up(self, receiver: InMemoryReceiver) -> None:
        """Let a receiver with credit prefetch."""
        if receiver not in self._prefetching:
            self._prefetching.append(receiver)
        while self.depth and receiver.has_credit():
            entry = self._take()
            if entry is None:
                return
            receiver.push(self._lock(entry, receiver))

    # --- settling -----------------------------------------------------------------------

    def holds(self, entry: Entry, token: int) -> bool:
        """Say whether ``token`` is the valid lock on the message."""
        return entry.stage is Stage.LOCKED and entry.token == token

    def _release(self, entry: Entry) -> None:
        timer = entry.timer
        if timer is not None:
            self._agenda.cancel(timer)
            entry.timer = None
        entry.holder = None

    def lock_lost(self, entry: Entry, token: int, count: int, owner: str, cause: int) -> int:
        """Record a settlement that came too late; nothing changes."""
        return self._journal.emit(
            kind.LOCK_LOST, owner, self.spec.name, entry.name, count, cause, token
        )

    def complete(self, entry: Entry, owner: str, cause: int) -> int:
        """Settle a message for good."""
        timer = entry.timer
        if timer is not None:
            self._agenda.cancel(timer)
        entry.stage = Stage.COMPLETED
        del self.entries[entry.name]
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
        return self._log(kind.COMPLETED, entry, owner, cause)

    def abandon(self, entry: Entry, owner: str, cause: int, delay: float) -> int:
        """Take a message back from a consumer that could not handle it."""
        self._release(entry)
        limit = self.spec.max_deliveries
        last = bool(limit) and entry.deliveries >= limit
        until = self._journal.now + delay if delay and not last else 0.0
        n = self._log(kind.ABANDONED, entry, owner, cause, until)
        self._return(entry, until)
        return n

    def reject(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        """Dead-letter a message at the consumer's word."""
        self._release(entry)
        return self._bury(entry, owner, cause, reason)

    def defer(self, entry: Entry, owner: str, cause: int) -> int:
        """Set a message aside."""
        self._release(entry)
        entry.stage = Stage.DEFERRED
        return self._log(kind.DEFERRED, entry, owner, cause)

    def renew(self, entry: Entry, owner: str, cause: int) -> int:
        """Make a lock last a full lock length from now."""
        if entry.timer is not None:
            self._agenda.cancel(entry.timer)
        timer = self._agenda.at(self._journal.now + self.spec.lock, self._lock_ran_out, entry)
        entry.timer = timer
        entry.until = timer.time
        return self._log(kind.RENEWED, entry, owner, cause, entry.until)

    def take_deferred(self, name: str, receiver: InMemoryReceiver) -> Entry | None:
        """Lock a deferred message for a receiver that asks for it by name."""
        entry = self.entries.get(name)
        if entry is None or entry.stage is not Stage.DEFERRED:
            return None
        return self._lock(entry, receiver)

    # --- coming back --------------------------------------------------------------------

    def _lock_ran_out(self, entry: Entry) -> None:
        entry.timer = None
        holder = entry.holder.process.name if entry.holder is not None else ""
        self._release(entry)
        self._log(kind.LOCK_EXPIRED, entry, "", entry.cause, text=holder)
        self._return(entry, 0.0)

    def expire_lock(self, entry: Entry) -> None:
        """Let a lock run out now, before its time (a fault)."""
        if entry.stage is Stage.LOCKED and entry.timer is not None:
            self._agenda.cancel(entry.timer)
            self._lock_ran_out(entry)

    def _return(self, entry: Entry, until: float) -> None:
        limit = self.spec.max_deliveries
        if limit and entry.deliveries >= limit:
            self._bury(entry, "", entry.cause, MAX_DELIVERIES)
        elif until:
            entry.stage = Stage.SCHEDULED
            entry.timer = self._agenda.at(until, self._due, entry)
        else:
            self._make_ready(entry, head=self.spec.redelivery is Position.HEAD)

    def _outlived(self, entry: Entry) -> None:
        entry.lifetime = None
        if entry.stage is Stage.READY:
            self.depth -= 1
            self._expire(entry)
        elif entry.stage is Stage.SCHEDULED or entry.stage is Stage.DEFERRED:
            self._release(entry)
            self._expire(entry)

    def _expire(self, entry: Entry) -> None:
        entry.stage = Stage.EXPIRED
        if self.spec.dead_letter_expired:
            self._log(kind.EXPIRED, entry, "", entry.cause, text=TTL_EXPIRED)
            self._bury(entry, "", entry.cause, TTL_EXPIRED)
        else:
            self._forget(entry)
            self._log(kind.EXPIRED, entry, "", entry.cause)
        self._admit_blocked()

    def _bury(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        entry.stage = Stage.DEAD
        self._forget(entry)
        self.dead[entry.name] = entry
        return self._log(kind.DEAD_LETTERED, entry, owner, cause, text=reason)

    def _forget(self, entry: Entry) -> None:
        self.entries.pop(entry.name, None)
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
            entry.lifetime = None

    def redrive(self, cause: int) -> int:
        """Return every dead letter to the tail, delivery count reset; answer how many."""
        letters = list(self.dead.values())
        for entry in letters:
            del self.dead[entry.name]
            entry.deliveries = 0
            entry.expires = 0.0
            self.entries[entry.name] = entry
            self._log(kind.REDRIVEN, entry, "", cause or entry.cause)
            self._make_ready(entry, head=False)
        return len(letters)
