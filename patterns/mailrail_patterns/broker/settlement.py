"""The second half of a message's life: locked, settled, returned, dead, redriven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..kernel.journal import Journal
from ..port import Mode, Position, QueueSpec
from .entry import COMPLETED, DEAD, DEFERRED, EXPIRED, LOCKED, READY, SCHEDULED, Entry

if TYPE_CHECKING:
    from .receiver import InMemoryReceiver

MAX_DELIVERIES = "MaxDeliveryCountExceeded"
TTL_EXPIRED = "TTLExpired"
PEEK_LOCK = Mode.PEEK_LOCK


class Settlement:
    """Locks messages and takes them back; what becomes ready again goes to the queue.

    The rules are those of the shared lifecycle: a lock is a lease; a returned message whose
    delivery count has reached the maximum is dead-lettered; time to live ends a message that
    is ready, and a locked one when it comes back.

    Attributes:
        spec: How the queue is declared; may be replaced while it is in use.
        entries: Every message that is not finished, by name, in the order of acceptance.
        dead: The dead letters, by name.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self.spec = spec
        self.entries: dict[str, Entry] = {}
        self.dead: dict[str, Entry] = {}
        self._agenda = agenda
        self._journal: Journal = agenda.journal
        self._tokens = 0

    def make_ready(self, entry: Entry, *, head: bool) -> None:
        """Let a message be delivered (again)."""
        raise NotImplementedError

    def room_made(self) -> None:
        """Take notice that there are fewer ready messages than before."""
        raise NotImplementedError

    def lock(self, entry: Entry, receiver: InMemoryReceiver) -> Entry:
        """Hand a message to a receiver: under a lock, or for good in receive-and-delete mode."""
        spec, owner = self.spec, receiver.process.name
        entry.deliveries = count = entry.deliveries + 1
        self._tokens = entry.token = token = self._tokens + 1
        if spec.mode is not PEEK_LOCK:
            cause = self._journal.emit(
                kind.DELIVERED, owner, spec.name, entry.name, count, entry.cause, token,
                group=entry.message.group,
            )  # fmt: skip
            entry.stage = COMPLETED
            self.forget(entry)
            self.log(kind.COMPLETED, entry, owner, cause)
            return entry
        journal = self._journal
        entry.stage = LOCKED
        entry.holder = receiver
        entry.until = until = self.lease(entry, receiver)
        entry.cause = journal.emit(
            kind.DELIVERED, owner, spec.name, entry.name, count, entry.cause, token, until, 0.0, "",
            entry.message.group,
        )  # fmt: skip
        return entry

    def lease(self, entry: Entry, receiver: InMemoryReceiver) -> float:
        """Begin the lease of a message; answer when it ends, in seconds."""
        entry.timer = timer = self._agenda.at(
            self._journal.now + self.spec.lock, self._lock_ran_out, entry
        )
        return timer.time

    def log(
        self, what: str, entry: Entry, actor: str, cause: int, until: float = 0.0, text: str = ""
    ) -> int:
        """Record what happened to a message; it becomes the cause of what happens to it next."""
        entry.cause = n = self._journal.emit(
            what, actor, self.spec.name, entry.name, entry.deliveries, cause, entry.token, until,
            0.0, text,
        )  # fmt: skip
        return n

    # --- settled by its consumer ----------------------------------------------------------

    def holds(self, entry: Entry, token: int) -> bool:
        """Say whether ``token`` is the valid lock on the message."""
        return entry.stage is LOCKED and entry.token == token

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
            entry.timer = None
        entry.stage = COMPLETED
        entry.holder = None
        del self.entries[entry.name]
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
            entry.lifetime = None
        entry.cause = n = self._journal.emit(
            kind.COMPLETED, owner, self.spec.name, entry.name, entry.deliveries, cause, entry.token
        )
        return n

    def abandon(self, entry: Entry, owner: str, cause: int, delay: float) -> int:
        """Take a message back from a consumer that could not handle it."""
        self._release(entry)
        until = self._journal.now + delay if delay and not self.spent(entry) else 0.0
        n = self.log(kind.ABANDONED, entry, owner, cause, until)
        self._return(entry, until)
        return n

    def reject(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        """Dead-letter a message at the consumer's word."""
        self._release(entry)
        return self._bury(entry, owner, cause, reason)

    def defer(self, entry: Entry, owner: str, cause: int) -> int:
        """Set a message aside."""
        self._release(entry)
        entry.stage = DEFERRED
        return self.log(kind.DEFERRED, entry, owner, cause)

    def renew(self, entry: Entry, owner: str, cause: int) -> int:
        """Make a lock last a full lock length from now."""
        if entry.timer is not None:
            self._agenda.cancel(entry.timer)
        timer = self._agenda.at(self._journal.now + self.spec.lock, self._lock_ran_out, entry)
        entry.timer = timer
        entry.until = timer.time
        return self.log(kind.RENEWED, entry, owner, cause, entry.until)

    def take_deferred(self, name: str, receiver: InMemoryReceiver) -> Entry | None:
        """Lock a deferred message for a receiver that asks for it by name."""
        entry = self.entries.get(name)
        if entry is None or entry.stage is not DEFERRED:
            return None
        return self.lock(entry, receiver)

    def _release(self, entry: Entry) -> None:
        timer = entry.timer
        if timer is not None:
            self._agenda.cancel(timer)
            entry.timer = None
        entry.holder = None

    # --- coming back ----------------------------------------------------------------------

    def _lock_ran_out(self, entry: Entry) -> None:
        entry.timer = None
        holder = entry.holder.process.name if entry.holder is not None else ""
        entry.holder = None
        self.log(kind.LOCK_EXPIRED, entry, "", entry.cause, text=holder)
        self._return(entry, 0.0)

    def expire_lock(self, entry: Entry) -> None:
        """Let a lock run out now, before its time (a fault)."""
        if entry.stage is LOCKED and entry.timer is not None:
            self._agenda.cancel(entry.timer)
            self._lock_ran_out(entry)

    def _return(self, entry: Entry, until: float) -> None:
        if self.spent(entry):
            self.bury_spent(entry)
        elif until:
            entry.stage = SCHEDULED
            entry.timer = self._agenda.at(until, self.come_due, entry)
        else:
            self.make_ready(entry, head=self.spec.redelivery is Position.HEAD)

    def spent(self, entry: Entry) -> bool:
        """Say whether a message has used up the deliveries it may have."""
        return 0 < self.spec.max_deliveries <= entry.deliveries

    def bury_spent(self, entry: Entry) -> None:
        """Dead-letter a message that has used up its deliveries."""
        self._bury(entry, "", entry.cause, MAX_DELIVERIES)

    def come_due(self, entry: Entry) -> None:
        """Make a scheduled message ready: its time has come."""
        entry.timer = None
        self.log(kind.DUE, entry, "", entry.cause)
        if self.spent(entry):
            self.bury_spent(entry)
        else:
            self.make_ready(entry, head=False)

    def outlive(self, entry: Entry) -> None:
        """End a message whose time to live is over; a locked one goes on until it returns."""
        entry.lifetime = None
        if entry.stage is READY:
            self.expire(entry)
            self.room_made()
        elif entry.stage is SCHEDULED or entry.stage is DEFERRED:
            self._release(entry)
            self.expire(entry)

    def expire(self, entry: Entry) -> None:
        """End a message that is older than its time to live."""
        entry.stage = EXPIRED
        if self.spec.dead_letter_expired:
            self.log(kind.EXPIRED, entry, "", entry.cause, text=TTL_EXPIRED)
            self._bury(entry, "", entry.cause, TTL_EXPIRED)
        else:
            self.forget(entry)
            self.log(kind.EXPIRED, entry, "", entry.cause)

    def _bury(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        entry.stage = DEAD
        self.forget(entry)
        self.dead[entry.name] = entry
        return self.log(kind.DEAD_LETTERED, entry, owner, cause, text=reason)

    def forget(self, entry: Entry) -> None:
        """Strike a message off the list of those that are not finished."""
        self.entries.pop(entry.name, None)
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
            entry.lifetime = None

    def discard(self, entry: Entry, cause: int) -> None:
        """Drop a message wherever it stands: its subscription has ended."""
        self._release(entry)
        entry.stage = EXPIRED
        self.forget(entry)
        self.log(kind.DROPPED, entry, "", cause, text=kind.SUBSCRIPTION_ENDED)

    def redrive(self, cause: int) -> int:
        """Return every dead letter to the tail, delivery count reset; answer how many.

        Time to live no longer counts: it has been observed once already.
        """
        letters = list(self.dead.values())
        for letter in letters:
            del self.dead[letter.name]
            entry = replace(letter, deliveries=0, expires=0.0)
            self.entries[entry.name] = entry
            self.log(kind.REDRIVEN, entry, "", cause or letter.cause)
            self.make_ready(entry, head=False)
        return len(letters)
