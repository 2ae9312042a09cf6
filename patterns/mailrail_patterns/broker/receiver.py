"""A consumer's end of a queue, and the deliveries it hands out."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from math import inf
from typing import Any

import msgspec

from ..broker_rules import Late
from ..kernel.agenda import Timer
from ..kernel.process import MANY, Process
from ..kernel.routines import Routine
from ..messages import RENEW_AT, Mode
from ..port import Message
from .entry import COMPLETED, LOCKED, Entry
from .network import Network
from .queue import Queue


class InMemoryReceiver:
    """Receives from one queue on behalf of one process.

    Attributes:
        source: The name of that queue.
        held: Deliveries handed to this receiver and not settled by it yet.
        prefetch: How many it may hold at a time; 1 is fair dispatch.
    """

    def __init__(self, queue: Queue, process: Process, network: Network, prefetch: int) -> None:
        self.queue = queue
        self.source = queue.spec.name
        self.process = process
        self.network = network
        self.prefetch = max(1, prefetch)
        self.held = 0
        self._buffer: deque[InMemoryDelivery] = deque()
        self._waits = False
        queue.opened(self)
        self._closings = queue.closings

    def has_credit(self) -> bool:
        """Whether it may hold one message more."""
        return self.held < self.prefetch

    def push(self, entry: Entry) -> None:
        """Take a message the queue has locked for this receiver."""
        self.held += 1
        delivery = InMemoryDelivery(
            entry, self, self.source, entry.message, entry.name, entry.deliveries, entry.token,
            entry.cause, entry.fence, entry.until,
        )  # fmt: skip
        if self._waits:
            self._waits = False
            self.process.wake(delivery)
            if self.prefetch > 1:
                self.queue.top_up(self)
        else:
            self._buffer.append(delivery)

    @property
    def reachable(self) -> bool:
        """Whether it can be handed a message now: not while nobody reaches the broker either."""
        return self.process.reachable and not self.network.down

    @types.coroutine
    def next(
        self, timeout: float | None = None, *, routine: bool = False
    ) -> Generator[None, Any, InMemoryDelivery | None]:
        """Wait for a message, at most ``timeout`` seconds.

        Returns:
            None on a timeout, on a stop request, or once its subscription has ended.
        """
        process = self.process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        if not self.network.clear:
            yield from self.network.cross(process)
        if self._buffer:
            return self._accept(self._buffer.popleft())
        if process.stopping or self._closings != self.queue.closings:
            return None
        self._waits = True
        process.on_stop = self._stop_waiting
        entry = self.queue.wait(self)
        if entry is not None:
            self._waits = False
            self.push(entry)
            delivery = self._buffer.pop()
            if self.prefetch > 1:
                self.queue.top_up(self)
            return self._accept(delivery)
        timer = None
        if timeout is not None:
            stops = self._stop_waiting
            timer = process.alarm(timeout, Routine(stops, timeout) if routine else stops)
        arrived: InMemoryDelivery | None = yield
        if timer is not None:
            process.cancel(timer)
        if self.network.cut and arrived is not None:  # handed over into the void: the lock ages
            yield from self.network.reach(process)
        return self._accept(arrived) if arrived is not None else None

    def _accept(self, delivery: InMemoryDelivery) -> InMemoryDelivery:
        process = self.process
        process.cause = delivery.cause
        message = delivery.message
        process.conversation = message.conversation or message.id
        return delivery

    def _stop_waiting(self, _: object = None) -> None:
        if self._waits:
            self._waits = False
            self.queue.stop_waiting(self)
            self.process.wake(None)

    def let_go(self) -> None:
        """Wait no longer: there is nothing to receive from any more."""
        if self._waits:
            self._waits = False
            self.process.wake(None)

    @types.coroutine
    def accept(self, group: str) -> Generator[None, Any, bool]:
        """Lock the lane of a group; True if there are no lanes."""
        yield from self._call()
        return self.queue.accept(group, self)

    @types.coroutine
    def peek(self) -> Generator[None, Any, Message | None]:
        """Look at what is next in the lane it holds."""
        yield from self._call()
        return self.queue.peek(self)

    def _call(self) -> Generator[None, Any, None]:
        """Let others run first, then take the way to the broker."""
        if self.process.others or self.process.calls > MANY:
            self.process.wake(None)
            yield
        self.process.calls += 1
        if not self.network.clear:
            yield from self.network.cross(self.process)

    @types.coroutine
    def deferred(self, name: str) -> Generator[None, Any, InMemoryDelivery | None]:
        """Fetch a deferred message by its name."""
        yield from self._call()
        entry = self.queue.take_deferred(name, self)
        if entry is None:
            return None
        self.push(entry)
        return self._accept(self._buffer.pop())

    def close_channel(self, cause: int) -> None:
        """Forget what is waiting here; the broker takes back all that the process holds."""
        for delivery in self._buffer:
            delivery.open = False
        self.held -= len(self._buffer)
        self._buffer.clear()
        self.queue.connection_lost(self.process, cause)

    def settled(self, delivery: InMemoryDelivery) -> None:
        """Take notice that one delivery has been settled, successfully or not."""
        if not delivery.open:
            return
        delivery.open = False
        process = self.process
        if delivery.renewal is not None:
            process.cancel(delivery.renewal)
        process.cause = process.birth
        process.conversation = ""
        self.held -= 1
        if self.prefetch > 1 and process.reachable:
            self.queue.top_up(self)


class InMemoryDelivery(msgspec.Struct, eq=False):
    """One delivery of one message; its token is the proof that the lock is still held.

    Attributes:
        entry: The message as its queue keeps it.
        receiver: Who received it.
        queue: Name of the queue it came from.
        message: The message.
        name: Its name in the queue.
        count: The delivery count, this delivery included.
        token: The lock token.
        cause: Number of the ``delivered`` event.
        fence: Token of the session it came in; 0: in none.
        lease: When the lock runs out as far as its holder knows, in seconds.
        open: Whether nobody has tried to settle it yet.
        renewal: When its holder renews the lock next; None: it does not.
        kept: Since when its holder has it renewed, in seconds.
    """

    entry: Entry
    receiver: InMemoryReceiver
    queue: str
    message: Message
    name: str
    count: int
    token: int
    cause: int
    fence: int
    lease: float
    open: bool = True
    renewal: Timer | None = None
    kept: float = 0.0

    @property
    def until(self) -> float:
        """When the lock runs out, in seconds; in a session that of all its messages."""
        return self.entry.until if self.fence else self.lease

    @property
    def over(self) -> float:
        """When nobody will be given the message any more, in seconds.

        What was deleted on receipt is its receiver's own, and does not expire in its hands.
        """
        expires = self.entry.expires
        return max(expires, self.until) if expires and self.until else inf

    @property
    def deferrable(self) -> bool:
        """Whether it can be set aside."""
        spec = self.receiver.queue.spec
        return spec.rules.defers and spec.mode is Mode.PEEK_LOCK

    def complete(self) -> Generator[None, Any, bool]:
        """Settle for good; False if the lock was lost, and the broker minds."""
        return self._settle(self.receiver.queue.complete, True)

    def abandon(self, delay: float = 0.0, *, failed: bool = False) -> Generator[None, Any, bool]:
        """Give the message back, ready again after ``delay`` seconds."""
        return self._settle(partial(self.receiver.queue.abandon, delay=delay, failed=failed))

    def reject(self, reason: str) -> Generator[None, Any, bool]:
        """Dead-letter the message."""
        return self._settle(partial(self.receiver.queue.reject, reason=reason))

    def defer(self) -> Generator[None, Any, bool]:
        """Set the message aside."""
        return self._settle(self.receiver.queue.defer)

    @types.coroutine
    def renew(self) -> Generator[None, Any, bool]:
        """Extend the lock by a full lock length from now."""
        receiver = self.receiver
        process = receiver.process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        if not receiver.network.clear:
            yield from receiver.network.cross(process)
        return self._renewed()

    def _renewed(self) -> bool:
        queue = self.receiver.queue
        if not queue.renewable(self.entry, self.token):
            return False
        queue.renew(self.entry, self.receiver.process.name, self.receiver.process.cause)
        self.lease = self.entry.until
        return True

    @types.coroutine
    def keep(self) -> Generator[None, Any, bool]:
        """Have the lock renewed in the background; False if it has run out already."""
        spec = self.receiver.queue.spec
        self.kept = self.receiver.process.now
        if self.fence or spec.mode is not Mode.PEEK_LOCK or not spec.rules.renewable:
            return True  # in a session the receiver renews one lock for all; others last as long
        if self._spare() <= 0:
            renewed = yield from self.renew()
            if not renewed:
                return self._too_late()
        # Planned once the work is: at a tie its end comes first, and then there is no need.
        self.renewal = self.receiver.process.alarm(0.0, self._renew_later)
        return True

    def _spare(self) -> float:
        """Return how long a renewal may still wait, in seconds."""
        receiver = self.receiver
        margin = receiver.queue.spec.lasts(self.count) * (1 - RENEW_AT)
        return self.lease - margin - receiver.process.now

    def _renew_later(self, _: object = None) -> None:
        process, spare = self.receiver.process, self._spare()
        longest = self.receiver.queue.spec.longest_renewal
        if 0 < longest < process.now + spare - self.kept:
            return
        self.renewal = process.alarm(spare, lambda _: process.when_awake(self._sets_out))

    def _sets_out(self, _: object) -> None:
        self.receiver.network.carry(self.receiver.process, self._arrives)

    def _arrives(self, _: object) -> None:
        if self.open and self.receiver.process.can_act and self._renewed():
            self._renew_later()

    @types.coroutine
    def _settle(
        self, change: Callable[[Entry, str, int], int], final: bool = False
    ) -> Generator[None, Any, bool]:
        receiver, entry = self.receiver, self.entry
        process = receiver.process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        if not receiver.network.clear:
            yield from receiver.network.cross(process)
            if receiver.network.loses_ack(process, self.name):
                return self._ack_lost()
        if entry.stage is not LOCKED or entry.token != self.token:
            return self._late(process) if final else self._too_late()
        change(entry, process.name, process.cause)
        receiver.settled(self)
        return True

    def _ack_lost(self) -> bool:
        receiver = self.receiver
        receiver.queue.note_lost(self.name, receiver.process, "acknowledgement lost")
        receiver.settled(self)
        return False  # nobody confirmed it, so nobody may build on it

    def _late(self, process: Process) -> bool:
        queue = self.receiver.queue
        counts = queue.complete_late(
            self.entry, self.token, self.count, process.name, process.cause
        )
        if not counts:
            return self._too_late()
        self.receiver.settled(self)
        return True

    def _too_late(self) -> bool:
        receiver, entry = self.receiver, self.entry
        deleted_on_receipt = entry.stage is COMPLETED and entry.token == self.token
        if not deleted_on_receipt:
            process, queue = receiver.process, receiver.queue
            n = queue.lock_lost(entry, self.token, self.count, process.name, process.cause)
            if queue.spec.rules.late is Late.CHANNEL_ERROR:
                receiver.close_channel(n)
        receiver.settled(self)
        return deleted_on_receipt
