"""The second half of a message's life: locked, settled, returned."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..broker_rules import Counts, Late
from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..kernel.delays import Delays
from ..port import BadInput, Mode, Position, QueueSpec
from .ending import Ending
from .ends import counted
from .entry import COMPLETED, DEFERRED, EXPIRED, LOCKED, READY, SCHEDULED, Entry

if TYPE_CHECKING:
    from ..kernel.process import Process
    from .receiver import InMemoryReceiver

PEEK_LOCK = Mode.PEEK_LOCK


def _certain() -> float:
    """Return what no probability is above: nothing is left to chance."""
    return 1.0


class Settlement(Ending):
    """Locks messages and takes them back; what becomes ready again goes to the queue.

    The rules are those of the shared lifecycle: a lock is a lease; a returned message that has
    used up its deliveries is dead-lettered; time to live ends a message that is ready, and a
    locked one when it comes back. In what brokers differ, the queue's declaration decides.

    Attributes:
        draw: Returns the next number in [0, 1) of the queue's own chance.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        super().__init__(spec, agenda)
        self.draw: Callable[[], float] = _certain
        self._tokens = 0
        self._locks = Delays()

    @abstractmethod
    def withdraw(self, entry: Entry) -> None:
        """Take notice that a ready message will not be delivered."""

    @abstractmethod
    def room_made(self) -> None:
        """Take notice that there are fewer ready messages than before."""

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
        spec, now = self.spec, self._journal.now
        if spec.unhidden and self.draw() < spec.unhidden:
            entry.timer = self._agenda.at(now, self._was_not_hidden, entry)
            return now
        if spec.lock_steps or spec.rules.looks_every:
            until = spec.ends(now, spec.lasts(entry.deliveries))
        else:
            until = now + spec.lock
        entry.timer = timer = self._agenda.at(until, self._lock_ran_out, entry, self._locks)
        return timer.time

    # --- settled by its consumer ----------------------------------------------------------

    def renewable(self, entry: Entry, token: int) -> bool:
        """Say whether ``token`` is the valid lock on the message, and one that can be renewed."""
        return entry.stage is LOCKED and entry.token == token and self.spec.rules.renewable

    def lock_lost(
        self, entry: Entry, token: int, count: int, owner: str, cause: int, text: str = ""
    ) -> int:
        """Record a settlement that came too late; nothing changes."""
        return self._journal.emit(
            kind.LOCK_LOST, owner, self.spec.name, entry.name, count, cause, token, text=text
        )

    def complete_late(self, entry: Entry, token: int, count: int, owner: str, cause: int) -> bool:
        """Settle a message for good although the lock has run out, where the broker allows it.

        Returns:
            Whether the consumer is told that it counted; to a receipt that is not the latest
            SQS says so, and deletes nothing.
        """
        late, stage = self.spec.rules.late, entry.stage
        honoured = late is Late.HONOURED
        if not honoured and late is not Late.LATEST_RECEIPT:
            return False
        if stage is not READY and stage is not LOCKED and stage is not SCHEDULED:
            return False
        if not honoured and entry.token != token:
            self.lock_lost(entry, token, count, owner, cause, "answered as if it counted")
            return True
        text = kind.READY_AGAIN if entry.holder is None else (
            f"{kind.HELD_BY}{entry.holder.process.name}"
        )  # fmt: skip
        if stage is READY:
            self.withdraw(entry)
        self._release(entry)
        entry.stage = COMPLETED
        self.forget(entry)
        entry.token = token
        self.log(kind.COMPLETED, entry, owner, cause, text=text)
        self.over(entry)
        if stage is READY:
            self.room_made()
        return True

    @abstractmethod
    def over(self, entry: Entry) -> None:
        """Take notice that a message was settled by somebody who no longer held it."""

    def complete(self, entry: Entry, owner: str, cause: int) -> int:
        """Settle a message for good."""
        timer, name = entry.timer, entry.name
        if timer is not None:
            self._agenda.cancel(timer)
        entry.stage = COMPLETED
        del self.entries[name]
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
        return self._journal.emit(
            kind.COMPLETED, owner, self.spec.name, name, entry.deliveries, cause, entry.token
        )

    def abandon(
        self, entry: Entry, owner: str, cause: int, delay: float, *, failed: bool = False
    ) -> int:
        """Take a message back from a consumer that could not handle it."""
        self._release(entry)
        entry.returns += 1
        entry.failures += failed
        over, longest = self.spent(entry), self.spec.longest_delay
        if longest:
            delay = min(delay * max(1, counted(entry, self.spec.rules.counts)), longest)
        until = self._journal.now + delay if delay and not over else 0.0
        said = kind.FAILED if failed else ""
        if not failed and self.spec.rules.counts is Counts.FAILURES:
            said = kind.UNCOUNTED
        n = self.log(kind.ABANDONED, entry, owner, cause, until, said)
        self._return(entry, until)
        return n

    def reject(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        """Have done with a message at the consumer's word, without its being handled."""
        self._release(entry)
        return self.turn_down(entry, owner, cause, reason)

    def defer(self, entry: Entry, owner: str, cause: int) -> int:
        """Set a message aside; one whose deliveries are used up ends as if it were given back.

        To fetch it by its number would be one delivery more than it may have.

        Raises:
            BadInput: If the broker knows no deferral. Nothing is changed then.
        """
        if not self.spec.rules.defers:
            raise BadInput(
                "defer: the broker cannot set a message aside; give it back with a delay"
            )
        if self.spent(entry):
            return self.abandon(entry, owner, cause, 0.0)
        self._release(entry)
        entry.stage = DEFERRED
        return self.log(kind.DEFERRED, entry, owner, cause)

    def renew(self, entry: Entry, owner: str, cause: int) -> int:
        """Make a lock last a full lock length from now."""
        if entry.timer is not None:
            self._agenda.cancel(entry.timer)
        until = self.spec.ends(self._journal.now, self.spec.lasts(entry.deliveries))
        entry.timer = timer = self._agenda.at(until, self._lock_ran_out, entry, self._locks)
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

    def _was_not_hidden(self, entry: Entry) -> None:
        self._lock_ran_out(entry, kind.NEVER_HIDDEN)

    def _lock_ran_out(self, entry: Entry, early: float = 0.0) -> None:
        entry.timer = None
        holder = entry.holder.process.name if entry.holder is not None else ""
        entry.holder = None
        entry.returns += 1
        self.log(kind.LOCK_EXPIRED, entry, "", entry.cause, text=holder, value=early)
        self._return(entry, 0.0)

    def connection_lost(self, process: Process, cause: int) -> None:
        """Take back what a process holds, where a lock is bound to its holder's connection."""
        if not self.spec.rules.connection_bound:
            return
        held = [e for e in self.entries.values() if e.holder and e.holder.process is process]
        for entry in held:
            self._release(entry)
            entry.returns += 1
            entry.failures += 1
            self.log(
                kind.LOCK_EXPIRED, entry, "", cause, text=process.name, value=kind.CONNECTION_LOST
            )
            self._return(entry, 0.0)

    def expire_lock(self, entry: Entry) -> None:
        """Let a lock run out now, before its time (a fault)."""
        if entry.stage is LOCKED and entry.timer is not None:
            self._agenda.cancel(entry.timer)
            self._lock_ran_out(entry)

    def _return(self, entry: Entry, until: float) -> None:
        if self.spent(entry):
            self.end_spent(entry)
        elif until:
            entry.stage = SCHEDULED
            entry.timer = self._agenda.at(until, self.come_due, entry)
        else:
            self.make_ready(entry, head=self.spec.redelivery is Position.HEAD, returned=True)

    def come_due(self, entry: Entry) -> None:
        """Make a scheduled message ready: its time has come."""
        entry.timer = None
        self.log(kind.DUE, entry, "", entry.cause)
        if self.spent(entry):
            self.end_spent(entry)
        else:
            self.make_ready(entry, head=False, returned=entry.returns > 0)

    def outlive(self, entry: Entry) -> None:
        """End a message whose time to live is over; a locked one goes on until it returns."""
        entry.lifetime = None
        if entry.stage is READY:
            self.expire(entry)
            self.room_made()
        elif entry.stage is SCHEDULED or entry.stage is DEFERRED:
            self._release(entry)
            self.expire(entry)

    def discard(self, entry: Entry, cause: int) -> None:
        """Drop a message wherever it stands: its subscription has ended."""
        self._release(entry)
        entry.stage = EXPIRED
        self.forget(entry)
        self.log(kind.DROPPED, entry, "", cause, text=kind.SUBSCRIPTION_ENDED)
