"""An actor: a role, a name, and the process that plays it at present."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from .actor_port import ActorPort
from .kernel.process import Process
from .port import Message, Options
from .roles import Role

if TYPE_CHECKING:
    from .world import World


class Actor:
    """One actor over all its lives.

    Attributes:
        name: Its name, unique in the run.
        role: The part it plays.
        options: What it was given when it was spawned.
        process: Its present incarnation.
        port: What that may touch.
        slow: Factor on its service times.
        stamped: Messages it has numbered, in all its lives.
        unconfirmed: What it has begun to send and not heard of, if it keeps that.
        born: When its first life began, in seconds.
    """

    def __init__(self, name: str, role: Role[Any], options: Options, letter: str) -> None:
        self.name = name
        self.role = role
        self.options = options
        self.letter = letter
        self.slow = 1.0
        self.process: Process | None = None
        self.port: ActorPort | None = None
        self.incarnation = 0
        self.stamped = 0
        self.unconfirmed: Message | None = None
        self.born = 0.0

    def slow_down(self, factor: float) -> None:
        """Let it take so many times as long for everything; 1: as usual."""
        self.slow = factor
        if self.port is not None:
            self.port.pace = factor

    def live(self, world: World, kind_of_start: str, cause: int = 0) -> None:
        """Begin a life: from durable state only, nothing of an earlier life is left."""
        self.incarnation += 1
        if self.incarnation == 1:
            self.born = world.journal.now
        process = Process(world.agenda, self.name, self.incarnation, world.ended)
        if self.name in world.network.cut:
            process.cut(off=True)
        self.process = process
        process.birth = process.cause = world.journal.emit(
            kind_of_start, self.name, self.role.queue, token=self.incarnation, cause=cause,
            text=f"{self.role.name} {self.role.kind}",
        )  # fmt: skip
        self.port = port = ActorPort(world, self, process)
        code = cast("Callable[[ActorPort], Coroutine[None, Any, None]]", self.role.play)
        process.start(lambda: code(port))
