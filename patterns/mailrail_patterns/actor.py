"""An actor: a role, a name, and the process that plays it at present."""

from __future__ import annotations

import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from random import Random
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace

from .broker.network import Network
from .broker.outside import InMemoryStore
from .broker.receiver import InMemoryDelivery, InMemoryReceiver
from .commands import CrashPoint
from .kernel import events as kind
from .kernel.process import Process
from .port import Delivery, Message, Options, Outcome, Role

if TYPE_CHECKING:
    from .world import World


class Actor:
    """One actor over all its lives.

    Attributes:
        name: Its name, unique in the run.
        role: The part it plays.
        options: What it was given when it was spawned.
        process: Its present incarnation.
        armed: The crash point it will die at, or None.
        slow: Factor on its service times.
        stamped: Messages it has numbered, in all its lives.
        born: When its first life began, in seconds.
    """

    def __init__(self, name: str, role: Role[Any], options: Options, letter: str) -> None:
        self.name = name
        self.role = role
        self.options = options
        self.letter = letter
        self.armed: CrashPoint | None = None
        self.slow = 1.0
        self.process: Process | None = None
        self.incarnation = 0
        self.stamped = 0
        self.born = 0.0

    def live(self, world: World, kind_of_start: str, cause: int = 0) -> None:
        """Begin a life: from durable state only, nothing of an earlier life is left."""
        self.incarnation += 1
        if self.incarnation == 1:
            self.born = world.journal.now
        process = Process(world.agenda, self.name, self.incarnation, world.ended)
        self.process = process
        process.birth = process.cause = world.journal.emit(
            kind_of_start, self.name, self.role.queue, token=self.incarnation, cause=cause,
            text=f"{self.role.name} {self.role.kind}",
        )  # fmt: skip
        port = ActorPort(world, self, process)
        code = cast("Callable[[ActorPort], Coroutine[None, Any, None]]", self.role.play)
        process.start(lambda: code(port))


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


class ActorClock:
    """Time, for one process."""

    __slots__ = ("_agenda", "_journal", "_process")

    def __init__(self, process: Process, world: World) -> None:
        self._process = process
        self._agenda = world.agenda
        self._journal = world.journal

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        return self._journal.now

    @types.coroutine
    def sleep(self, seconds: float) -> Generator[None, Any, None]:
        """Wait that long."""
        self._agenda.at(self._journal.now + seconds, self._process.step)
        yield

    @types.coroutine
    def sleep_until(self, time: float, *, planned: bool = False) -> Generator[None, Any, None]:
        """Wait until that instant; at once if it has passed."""
        if time > self._journal.now:
            if planned:
                self._agenda.at_as_of(self._process.plan, time, self._process.step)
            else:
                self._agenda.at(time, self._process.step)
            yield


class ActorPort:
    """Everything one process may touch; implements :class:`~mailrail_patterns.port.Port`."""

    def __init__(self, world: World, actor: Actor, process: Process) -> None:
        self.name = actor.name
        self.options = actor.options
        self.clock = ActorClock(process, world)
        self.chance: Random = world.chance.stream(f"{actor.role.name}/{actor.name}")
        self.store: InMemoryStore = world.store
        self.network: Network = world.network
        self.process = process
        self.actor = actor
        self._world = world
        self._journal = world.journal
        self._emit = world.journal.emit

    @property
    def broker(self) -> ActorPort:
        """Queues: the port itself knows who is sending."""
        return self

    @property
    def settings(self) -> Any:
        """The pattern's settings as they are now."""
        return self._world.settings

    @property
    def pace(self) -> float:
        """Factor on every service time."""
        return self.actor.slow

    @property
    def born(self) -> float:
        """When the actor's first life began, in seconds."""
        return self.actor.born

    @property
    def stamped(self) -> int:
        """How many messages this producer has stamped in all its lives."""
        return self.actor.stamped

    @property
    def stopping(self) -> bool:
        """True once the actor was asked to leave."""
        return self.process.stopping

    def receiver(self, queue: str, prefetch: int = 1) -> InMemoryReceiver:
        """Open a receiver."""
        return InMemoryReceiver(self._world.queue(queue), self.process, self.network, prefetch)

    def suffers(self, fault: str) -> bool:
        """Say whether a fault that participants act out themselves is on for this actor."""
        acted = self._world.acted_out
        return bool(acted) and ((fault, "") in acted or (fault, self.name) in acted)

    @types.coroutine
    def send(self, queue: str, message: Message) -> Generator[None, Any, Outcome]:
        """Send a message and wait for the broker's answer."""
        process = self.process
        if process.must_yield():
            process.wake(None)
            yield
        target = self._world.queue(queue)
        conversation = process.conversation
        if conversation and not message.conversation:
            message = replace(message, conversation=conversation)
        twice = overtakes = False
        network = self.network
        if not network.clear:
            yield from network.cross(process)
            if network.loses_send(process):
                target.note_lost(message.id, process, "send lost")
                return Outcome.UNKNOWN
            twice, overtakes = network.duplicates(), network.reorders()
        outcome = target.offer(message, self.name, process.cause, head=overtakes)
        if outcome is None:
            target.wait_for_room(process, message)
            outcome = yield
        if twice and outcome is Outcome.ACCEPTED:
            target.duplicate(message, self.name, process.cause)
        if not network.clear:
            yield from network.cross(process)
        sent: Outcome = outcome
        return sent

    def at(self, point: CrashPoint) -> Awaitable[None]:
        """Pass a crash point; an armed crash happens here and nothing comes after."""
        if self._world.armed and self._world.dies_at(self.actor, point):
            return _never()
        return _NOTHING

    def begins(self, delivery: Delivery, seconds: float) -> None:
        """Note that work begins."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        self._emit(
            kind.WORKING, self.name, held.receiver.queue.spec.name, held.name, held.count,
            self.process.cause, held.token, 0.0, seconds, "", held.message.group,
        )  # fmt: skip

    async def apply(self, delivery: Delivery, *, once: bool) -> bool:
        """Change the world outside on behalf of a message."""
        held: InMemoryDelivery = delivery  # type: ignore[assignment]
        process = self.process
        applied = self._world.outside.apply(held.message.id, once=once)
        process.cause = self._emit(
            kind.EFFECT if applied else kind.EFFECT_SKIPPED,
            self.name, held.queue, held.name, held.count, process.cause, held.token,
        )  # fmt: skip
        return applied

    async def applied(self, delivery: Delivery) -> bool:
        """Look the message id up in the inbox."""
        if delivery.message.id not in self._world.outside.inbox:
            return False
        await self.apply(delivery, once=True)
        return True

    def stamp(self) -> Message:
        """Return this producer's next message, scenario overrides applied."""
        self.actor.stamped += 1
        return self._world.stamp(f"{self.actor.letter}{self.actor.stamped:02d}")

    def note(self, kind: str, message: str, text: str = "", value: float = 0.0) -> None:
        """Record something the pattern wants seen."""
        process = self.process
        self._emit(kind, self.name, self.actor.role.queue, message, 0, process.cause, 0, 0.0,
                   value, text)  # fmt: skip
