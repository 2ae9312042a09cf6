"""Everything one process may touch: the port, for the in-memory broker on virtual time."""

from __future__ import annotations

import types
from collections.abc import Awaitable, Generator, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from .actor_clock import ActorClock
from .actor_database import ActorDatabase
from .actor_payloads import ActorPayloads
from .actor_store import ActorStore
from .broker.network import Network
from .broker.receiver import InMemoryDelivery, InMemoryReceiver
from .broker.session_receiver import SessionReceiver
from .broker.sessions import SessionQueue
from .broker.topic import Topic
from .commands import CrashPoint
from .faults import declared
from .kernel import events as kind
from .kernel.process import MANY, Process
from .poisoning import spoil
from .port import Delivery, Message, Outcome, QueueSpec, Subscription
from .records import Decide, Outgoing, Reaction, Row

if TYPE_CHECKING:
    from .actor import Actor
    from .world import World

ACCEPTED = Outcome.ACCEPTED


@types.coroutine
def _at_once() -> Generator[None, Any, None]:
    return
    yield


@types.coroutine
def _never() -> Generator[None, Any, None]:
    while True:
        yield


_NOTHING = _at_once()
"""Spent before anybody awaits it, so that awaiting it costs next to nothing: a generator that
is over answers every further await with None."""
for _ in cast("Generator[None, Any, None]", _NOTHING):
    pass


class ActorPort:
    """Everything one process may touch; implements :class:`~mailrail_patterns.port.Port`.

    Attributes:
        broker: Queues and topics: the port itself knows who is sending.
        settings: The pattern's settings as they are now; the world keeps them so.
        pace: Factor on every service time.
        life: Which life of the actor this is, from 1.
        stamped: How many messages this producer has stamped in all its lives.
    """

    def __init__(self, world: World, actor: Actor, process: Process) -> None:
        self.name = actor.name
        self.settings: Any = world.settings
        self.options = actor.options
        self.pace = actor.slow
        self.life = process.incarnation
        self.stamped = actor.stamped
        self.clock = ActorClock(process, world)
        self.chance: Random = world.chance.stream(f"{actor.role.name}/{actor.name}")
        self.store = ActorStore(process, world.tables, world.values, world.storage)
        self.database = ActorDatabase(process, world.database, world.journal)
        self.payloads = ActorPayloads(
            process, world.payloads, world.storage, world.chance.stream(f"tokens/{actor.name}"),
            world.journal, world.queues,
        )  # fmt: skip
        self.network: Network = world.network
        self.broker = self
        self.process = process
        self.actor = actor
        self._world = world
        self._journal = world.journal
        self._emit = world.journal.emit
        self._outside = world.outside
        self._pending = world.pending
        self._spoilt = world.spoilt
        self._queues = world.topology.queues
        self._topics = world.topology.topics

    @property
    def born(self) -> float:
        """When the actor's first life began, in seconds."""
        return self.actor.born

    @property
    def unconfirmed(self) -> Message | None:
        """What this producer has begun to send and not heard of yet, in any of its lives."""
        return self.actor.unconfirmed

    @unconfirmed.setter
    def unconfirmed(self, message: Message | None) -> None:
        """Keep it over all lives."""
        self.actor.unconfirmed = message

    @property
    def stopping(self) -> bool:
        """True once the actor was asked to leave."""
        return self.process.stopping

    def receiver(self, queue: str, prefetch: int = 1) -> InMemoryReceiver:
        """Open a receiver."""
        found = self._queues[queue]
        if isinstance(found, SessionQueue):
            return SessionReceiver(found, self.process, self.network, prefetch)
        return InMemoryReceiver(found, self.process, self.network, prefetch)

    def suffers(self, fault: str, message: str = "") -> bool:
        """Say whether a fault that participants act out themselves is on for this actor."""
        acted = self._world.acted_out
        return bool(acted) and any((fault, on) in acted for on in ("", self.name, message))

    def strikes(self, fault: str, message: str = "") -> bool:
        """Say whether a fault that happens so many times happens here and now."""
        pending, spoilt = self._pending, self._spoilt
        if not pending.waiting and not spoilt:
            return False
        here = fault, self.actor.role.name, message
        if here in spoilt:
            return True
        targets, cause = ("", self.name, message), self.process.cause
        struck = pending.strike(fault, targets, self.name, message, cause)
        if struck and declared(self._world.pattern, fault).sticks:
            spoil(self._world, *here, struck)
        return struck > 0

    @types.coroutine
    def send(
        self, to: str, message: Message, *, follows: Delivery | None = None
    ) -> Generator[None, Any, Outcome]:
        """Send a message to a queue or a topic and wait for the broker's answer."""
        process = self.process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        conversation = process.conversation
        if conversation and not message.conversation:
            message = replace(message, conversation=conversation)
        twice = overtakes = False
        network = self.network
        if not network.clear:
            yield from network.cross(process, message.size)
            if network.loses_send(process, message.id):
                self._emit(
                    kind.DROPPED, self.name, to, message.id, 0, process.cause, text="send lost"
                )
                return Outcome.UNKNOWN
            twice = network.duplicates(process, message.id)
            overtakes = network.reorders(process, message.id)
        topic = self._topics.get(to) if self._topics else None
        if topic is None:
            queue = self._queues[to]
            outcome: Outcome | None
            if follows is not None and follows.over < process.now:
                outcome = queue.refuse(message, self.name, process.cause, kind.INPUT_GONE)
            else:
                outcome = queue.offer(message, self.name, process.cause, overtakes)
            if outcome is None:
                queue.wait_for_room(process, network, message, follows)
                let_in: Outcome = yield
                outcome = let_in
            if twice and outcome is ACCEPTED:
                again = partial(queue.duplicate, message, self.name, process.cause)
                if network.resend_after:  # the sender goes on meanwhile, and may die of something
                    network.resend(process, again)
                else:
                    again()
        elif topic.refuses(message, self.name, process.cause):
            outcome = Outcome.REJECTED
        else:
            outcome = yield from self._publish(topic, message, twice=twice, head=overtakes)
        if not network.clear:
            yield from network.cross(process)
        return outcome

    def _publish(
        self, topic: Topic, message: Message, *, twice: bool, head: bool
    ) -> Generator[None, Any, Outcome]:
        """Wait for every subscription that makes its publisher wait, then copy to all at once."""
        process, again, heard = self.process, False, False
        for _ in range(2 if twice else 1):
            copies = topic.copies(message)
            while (full := topic.obstacle(copies, message)) is not None:
                full.await_room(process, self.network, message, again=again)
                again = True
                yield
                if not self.network.clear:
                    yield from self.network.reach(process)
                copies = topic.copies(message)
            heard = topic.publish(message, copies, self.name, process.cause, head=head)
        return ACCEPTED if heard or not topic.spec.mandatory else Outcome.REJECTED

    @types.coroutine
    def browse(self, queue: str) -> Generator[None, Any, Sequence[Message]]:
        """Look at every message of a queue that is not finished, and at its dead letters."""
        yield from self._call()
        found = self._queues.get(queue)
        entries = () if found is None else (*found.entries.values(), *found.dead.values())
        return tuple(entry.message for entry in entries)

    @types.coroutine
    def declare(self, spec: QueueSpec) -> Generator[None, Any, int]:
        """Declare a queue, harmless if it is there; return how many receivers are open on it."""
        yield from self._call()
        return self._world.topology.declare(spec).listeners()

    @types.coroutine
    def subscribe(self, subscription: Subscription) -> Generator[None, Any, None]:
        """Begin to keep a copy of every matching message of a topic."""
        yield from self._call()
        process = self.process
        self._world.topology.subscribe(subscription, self.name, process.cause, process)

    @types.coroutine
    def unsubscribe(self, topic: str, name: str) -> Generator[None, Any, None]:
        """Stop keeping copies."""
        yield from self._call()
        self._world.topology.topic(topic).unsubscribe(name, self.name, self.process.cause)

    def _call(self) -> Generator[None, Any, None]:
        """Let others run first, then take the way to the broker."""
        process = self.process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        if not self.network.clear:
            yield from self.network.cross(process)

    def at(self, point: CrashPoint) -> Awaitable[None]:
        """Pass a crash point; what is armed happens here, and after a crash nothing more."""
        if self._world.armed and self._world.passes(self.actor, point):
            return _never()
        return _NOTHING

    def begins(self, delivery: Delivery, seconds: float) -> None:
        """Note that work begins."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        self._emit(
            kind.WORKING, self.name, held.queue, held.name, held.count, self.process.cause,
            held.token, 0.0, seconds, "", held.message.group,
        )  # fmt: skip

    def goes_on(self, cause: Delivery | Row) -> None:
        """Let what is done next follow from a delivery, or from the writing of a row."""
        process = self.process
        if isinstance(cause, Row):
            process.cause, process.conversation = cause.event or process.birth, ""
            return
        held: InMemoryDelivery = cause  # type: ignore[assignment]
        process.cause = held.cause
        process.conversation = held.message.conversation or held.message.id

    async def apply(self, delivery: Delivery, *, once: bool, fenced: bool = False) -> bool:
        """Change the world outside on behalf of a message."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        if fenced and not self._admitted(held):
            return False
        applied = not once or self._outside.mark(held.queue, held.message.id, self.process.now)
        self._effect(kind.EFFECT if applied else kind.EFFECT_SKIPPED, held, 0)
        return applied

    def _admitted(self, held: InMemoryDelivery) -> bool:
        """Say whether no later session has changed something; note it if one has."""
        fence = held.fence
        if not fence or self._outside.admits(held.queue, held.message.group, fence):
            return True
        self._effect(kind.EFFECT_SKIPPED, held, 0, kind.FENCED)
        return False

    def _effect(self, what: str, held: InMemoryDelivery, follows: int, text: str = "") -> None:
        process = self.process
        process.cause = self._emit(
            what, self.name, held.queue, held.name, held.count, process.cause, held.token,
            0.0, follows, text,
        )  # fmt: skip

    async def applied(self, delivery: Delivery) -> bool:
        """Look the message id up in the inbox."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        if not self._outside.marked(held.queue, held.message.id, self.process.now):
            return False
        self._effect(kind.EFFECT_SKIPPED, held, 0)
        return True

    async def transact(
        self,
        delivery: Delivery,
        decide: Decide,
        *,
        once: bool,
        outbox: bool = False,
        fenced: bool = False,
    ) -> Reaction | None:
        """Decide on a message and commit what was decided, in one local transaction."""
        await self.store.reach()
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        if fenced and not self._admitted(held):
            return None
        outside, key = self._outside, (held.queue, held.message.id)
        reaction = self.preview(delivery, decide)
        changes = reaction.effect or bool(reaction.writes)
        if changes and once and not outside.mark(*key, self.process.now):
            self._effect(kind.EFFECT_SKIPPED, held, 0)
            return None
        if reaction.effect:
            self._effect(kind.EFFECT, held, len(reaction.sends))
        if reaction.note:
            self.note(kind.NOTED, held.message.id, reaction.note)
        if reaction.writes:
            n = self._world.tables.write(reaction.writes, self.name, self.process.cause)
            if not n:
                raise RuntimeError(f"{self.name} decided on rows it had not read")
            if not reaction.effect:
                self.process.cause = n
        if outbox and reaction.sends:
            outside.outbox[key] = reaction.sends
        return reaction

    def preview(self, delivery: Delivery, decide: Decide) -> Reaction:
        """Return what would be decided, and commit nothing."""
        return decide(delivery.message, self._world.tables)

    def outgoing(self, delivery: Delivery) -> Sequence[Outgoing]:
        """Return what the outbox still holds for a message."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        return self._outside.outbox.get((held.queue, held.message.id), ())

    def dispatched(self, delivery: Delivery) -> None:
        """Strike what the outbox holds for a message."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        self._outside.outbox.pop((held.queue, held.message.id), None)

    def stamp(self) -> Message:
        """Return this producer's next message, scenario overrides applied."""
        self.stamped = self.actor.stamped = number = self.stamped + 1
        self.process.cause = self.process.birth  # what was sent before has nothing to do with it
        zero = "0" if number < 10 else ""  # a format of two digits costs thrice as much
        name = f"{self.actor.letter}{zero}{number}"
        return self._world.stamp(name, self.name, self.process.cause)

    def number(self, group: str) -> int:
        """Take the next number of a group."""
        numbers = self._world.numbers
        numbers[group] = found = numbers.get(group, 0) + 1
        return found

    def note(self, kind: str, message: str, text: str = "", value: float = 0.0) -> None:
        """Record something the pattern wants seen."""
        process = self.process
        self._emit(kind, self.name, self.actor.role.queue, message, 0, process.cause, 0, 0.0,
                   value, text)  # fmt: skip
