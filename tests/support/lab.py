"""The smallest world a broker test needs: some queues, some coroutines, no pattern."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mailrail_patterns.broker.network import ON_THE_WAY
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.commands import parse_command
from mailrail_patterns.declaration import Fault, Pattern, Story
from mailrail_patterns.faults import EFFECTS
from mailrail_patterns.invariants.causality import Causality
from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.invariants.lifecycle import Lifecycle
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.port import Message, Outcome, QueueSpec
from mailrail_patterns.projections.measures import Meter
from mailrail_patterns.queue_settings import QueueSettings
from mailrail_patterns.roles import Role
from mailrail_patterns.scenario import Cast, Override
from mailrail_patterns.world import World

Part = Callable[[Any], Awaitable[None]]
LASTING = {"poison", "slow", "broker-down", "partition"}
AIMED = {
    "poison": "message", "expire-lock": "message", "slow": "consumer", "partition": "consumer",
}  # fmt: skip
AMOUNTS = {"poison": "", "expire-lock": "", "broker-down": "", "partition": "", "slow": "factor"}
FAULTS = tuple(
    Fault(name, name, AIMED.get(name, ""), AMOUNTS.get(name, "messages"), "1", name in LASTING)
    for name in (*EFFECTS, *sorted(ON_THE_WAY))
)


class Lab:
    """A world of one queue (``q`` unless told otherwise) and one actor for each coroutine.

    Coroutines are given by name; those called ``sender…`` are producers, all others consumers.
    The guarantees of the lifecycle are judged all the while.
    """

    def __init__(
        self,
        *specs: QueueSpec,
        settings: QueueSettings | None = None,
        messages: dict[str, Override] | None = None,
        seed: int = 1,
        **parts: Part,
    ) -> None:
        roles = tuple(
            Role(name, part, "producer" if name.startswith("sender") else "consumer", name, "q")
            for name, part in parts.items()
        )
        pattern: Pattern[Any] = Pattern(
            name="lab", title="lab", settings=QueueSettings, roles=roles,
            queues=lambda settings: specs, cast=lambda settings: dict.fromkeys(parts, 1),
            faults=FAULTS, rules=lambda settings: (), meter=lambda settings: Meter(),
            story=Story("", "", "", "", (), (), (), ()), check=lambda settings: None, switch="",
        )  # fmt: skip
        self.world = World(pattern, settings or QueueSettings(), seed, messages or {})
        journal = self.world.journal
        self.judge = Judge(
            journal,
            (Lifecycle(self.world.topology.census), Causality(journal.events)),
        )
        self.world.open(tuple(Cast(name, 1) for name in parts))

    @property
    def events(self) -> list[Event]:
        """Everything that has happened."""
        return self.world.journal.events

    @property
    def now(self) -> float:
        """The present instant."""
        return self.world.journal.now

    @property
    def q(self) -> Queue:
        """The queue called ``q``."""
        return self.world.queues["q"]

    def until(self, time: float) -> Lab:
        """Let everything up to ``time`` seconds happen."""
        self.world.agenda.advance(time)
        return self

    def do(self, text: str, at: float | None = None) -> Lab:
        """Carry out a command, after letting everything up to ``at`` happen."""
        self.until(self.now if at is None else at)
        self.world.carry_out(parse_command(text))
        return self

    def times(self, kind: str, message: str = "", actor: str = "") -> list[float]:
        """Return when events of a kind happened (to a message, to an actor)."""
        return [
            e.t
            for e in self.events
            if e.kind == kind and message in ("", e.message) and actor in ("", e.actor)
        ]

    def story(self, *kinds: str) -> list[tuple[float, str, str]]:
        """Return instant, kind and message of all events of these kinds, in order."""
        return [(e.t, e.kind, e.message) for e in self.events if e.kind in kinds]

    def one(self, kind: str) -> Event:
        """Return the only event of a kind."""
        (found,) = [e for e in self.events if e.kind == kind]
        return found

    def broken(self) -> list[str]:
        """Return the names of guarantees that broke, the closing ones included."""
        return [f.guarantee.name for f in self.judge.findings(self.now, quiet=False) if not f.holds]


def sends(*messages: Message | str, queue: str = "q") -> Part:
    """Return a participant that sends messages one right after the other."""

    async def part(port: Any) -> None:
        for message in messages:
            made = Message(message) if isinstance(message, str) else message
            await port.broker.send(queue, made)

    return part


def tells(told: list[tuple[float, Outcome]], *messages: Message | str) -> Part:
    """Return a sender that writes down what became of each message, and when."""

    async def part(port: Any) -> None:
        for message in messages:
            made = Message(message) if isinstance(message, str) else message
            outcome = await port.broker.send("q", made)
            told.append((port.clock.now, outcome))

    return part


def takes(seconds: float = 0.0, prefetch: int = 1) -> Part:
    """Return a consumer that works so long on each message and completes it."""

    async def part(port: Any) -> None:
        receiver = port.broker.receiver("q", prefetch)
        while (delivery := await receiver.next()) is not None:
            if seconds:
                await port.clock.sleep(seconds)
            await delivery.complete()

    return part
