"""One run's world: it wires the kernel, the broker and the actors, and carries out commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .actor import Actor
from .arming import Armed, arm, disarm, forget_crash, passes
from .broker.database import Database
from .broker.network import Network
from .broker.outside import Outside
from .broker.payloads import PayloadStore
from .broker.queue import Queue
from .broker.tables import Tables
from .broker_rules import AtLimit
from .commands import (
    Command,
    Crash,
    CrashPoint,
    Heal,
    Inject,
    Pause,
    Peek,
    Redrive,
    Restart,
    Resume,
    Say,
    Set,
    Spawn,
    Stop,
    Timed,
    Wait,
)
from .declaration import AnyPattern
from .faults import heal, inject
from .kernel import events as kind
from .kernel.agenda import Agenda
from .kernel.chance import Chance
from .kernel.journal import Journal
from .kernel.process import Process, State
from .mentions import check_mentions, subscriptions_of
from .names import BadInput, suggest
from .pending import Pending
from .poisoning import POISON, brought
from .port import Message, Options
from .roles import Role
from .scenario import Cast, Override
from .settings import change_live, written
from .spawning import letter, options_of
from .topology import Topology


class World:
    """Everything that exists in one run.

    Attributes:
        settings: The settings as they are now.
        actors: Every actor that has ever been, by name.
        armed: Crashes and faults that wait for somebody to pass a crash point.
        pending: Faults that wait for their next occurrence.
        overrides: What the scenario and the faults say of single messages, by name.
        tables: Durable rows.
        storage: The way to them, and to the payload store.
        payloads: The payload store.
        database: What all consumers share, if they do.
        acted_out: Faults that participants act out themselves until they are healed, each with
            the actor or message it is for; empty: all of them.
        spoilt: The fault, the role and the message of each that sticks, wherever it has struck.
    """

    def __init__(
        self,
        pattern: AnyPattern,
        settings: Any,
        seed: int,
        messages: dict[str, Override],
        given: Mapping[str, object] | None = None,
    ) -> None:
        self.pattern = pattern
        self._given = dict(given or {})
        self.settings = settings
        self.journal = Journal()
        self.agenda = Agenda(self.journal)
        self.chance = Chance(seed)
        self.pending = Pending(self.journal)
        self.network = Network(self.agenda, self.chance, self.pending)
        self.storage = Network(self.agenda, self.chance, self.pending)
        self.payloads: PayloadStore = PayloadStore(self.agenda, self.pending)
        self.database = Database()
        self.tables = Tables(self.journal)
        self.values: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.outside = Outside()
        self.topology = Topology(self.agenda, self.chance)
        self.actors: dict[str, Actor] = {}
        self.armed: list[Armed] = []
        self.acted_out = {(POISON, name) for name, each in messages.items() if each.poison}
        self.spoilt = brought(messages)
        self.turned: dict[str, str] = {}
        self.overrides = messages
        self._roles: dict[str, Role[Any]] = {role.name: role for role in pattern.roles}
        self._producers = 0

    def open(self, cast: tuple[Cast, ...]) -> None:
        """Declare the queues and start the cast; roles it leaves out follow the settings."""
        self.topology.follow(self.pattern, self.settings)
        self._tune_network()
        given = {each.role for each in cast}
        counts = self.pattern.cast(self.settings)
        for role in self._roles:
            if role in given:
                for each in cast:
                    if each.role == role:
                        self._spawn(role, each.count, each.options)
            else:
                self._spawn(role, counts.get(role, 0), Options())

    def schedule(self, commands: Iterable[Timed]) -> None:
        """Carry commands out at their instants, after everything else that happens then."""
        for timed in commands:
            self.agenda.at_end_of(timed.at, self.carry_out_or_note, timed.command)

    # --- queues and messages --------------------------------------------------------------

    @property
    def queues(self) -> dict[str, Queue]:
        """Every queue, by name."""
        return self.topology.queues

    def stamp(self, name: str, actor: str = "", cause: int = 0) -> Message:
        """Return a new message of that id, with what the scenario and the faults say of it."""
        if self.pending.waiting:
            struck = self.pending.strike(POISON, ("",), actor, name, cause)
            if struck:
                inject(self, Inject(POISON, name), struck)
        override = self.overrides.get(name)
        return Message(name) if override is None else _made(name, override)

    def _tune_network(self) -> None:
        self.network.latency = getattr(self.settings, "latency", 0.0)
        self.network.loss = getattr(self.settings, "loss", 0.0)
        self.network.bandwidth = getattr(self.settings, "bandwidth", 0.0)
        self.network.resend_after = getattr(self.settings, "resend_after", 0.0)
        self.network.changed()
        self.storage.latency = getattr(self.settings, "store_latency", 0.0)
        self.storage.bandwidth = getattr(self.settings, "store_bandwidth", 0.0)
        self.storage.changed()
        self.payloads.settling = getattr(self.settings, "settling", 0.0)
        self.database.resize(getattr(self.settings, "database", 0))
        kept = getattr(self.settings, "marker_retention", 0.0)
        self.outside.keep_for(kept, self.agenda.now)

    # --- actors ---------------------------------------------------------------------------

    def _spawn(self, role: str, count: int, options: Options, cause: int = 0) -> None:
        part = self._roles[role]
        taken = sum(1 for actor in self.actors.values() if actor.role.name == role)
        for number in range(taken + 1, taken + count + 1):
            mark = ""
            if part.kind == "producer":
                mark = letter(self._producers)
                self._producers += 1
            actor = Actor(f"{role}-{number}", part, options, mark)
            self.actors[actor.name] = actor
            actor.live(self, kind.SPAWNED, cause)

    def spawn_burst(self, role: str, count: int, options: Options, cause: int) -> None:
        """Start actors on behalf of a fault."""
        self._spawn(role, count, options, cause)

    def cut_off(self, actor: Actor, *, off: bool) -> None:
        """Take an actor's way to the broker away, or give it back."""
        cut = self.network.cut
        (cut.add if off else cut.discard)(actor.name)
        if actor.process is not None and actor.process.can_act:
            actor.process.cut(off)
        self.network.changed()
        if not off:
            self.topology.serve()

    def ended(self, process: Process) -> None:
        """Take notice that a process has returned, or that its own code has failed."""
        if process.state is State.CRASHED:
            problem = process.failure
            what = f"bug: {type(problem).__name__}: {problem}"
            self.died(self.actors[process.name], process.cause, what)
        else:
            n = self.journal.emit(kind.STOPPED, process.name, cause=process.birth)
            for queue in self.queues.values():
                queue.departed(process, n)

    def died(self, actor: Actor, cause: int, where: str) -> None:
        """Take notice that a process was killed; ``where`` is the crash point, or empty."""
        process = actor.process
        token = process.incarnation if process is not None else 0
        n = self.journal.emit(kind.CRASHED, actor.name, cause=cause, token=token, text=where)
        forget_crash(self, actor.name)
        if process is not None:
            self.database.leave(process)
            for queue in self.queues.values():
                queue.connection_lost(process, n)
        delay = getattr(self.settings, "restart_after", 0.0)
        if delay and process is not None and actor.role.kind != "producer":
            self.agenda.at(self.agenda.now + delay, self._supervise, (process, n))

    def _supervise(self, fallen: tuple[Process, int]) -> None:
        process, cause = fallen
        actor = self.actors[process.name]
        if actor.process is process:  # nobody has restarted it by hand meanwhile
            actor.live(self, kind.RESTARTED, cause)

    def passes(self, actor: Actor, point: CrashPoint) -> bool:
        """Let what waits for this passage happen; say whether the actor has died of it."""
        return passes(self, actor, point)

    def actor(self, name: str) -> Actor:
        """Return an actor by its name.

        Raises:
            BadInput: If there is none; names the nearest.
        """
        found = self.actors.get(name)
        if found is None:
            raise BadInput(f"unknown actor {name!r}; {suggest(name, self.actors)}")
        return found

    # --- commands -------------------------------------------------------------------------

    def carry_out_or_note(self, command: Command) -> None:
        """Carry out a scheduled command; one that does not apply now is noted, not fatal."""
        try:
            self.carry_out(command)
        except BadInput as problem:
            self.journal.emit(kind.IGNORED, text=problem.problem)

    def carry_out(self, command: Command) -> None:
        """Carry out a command at this instant.

        Raises:
            BadInput: If it names something that does not exist, or does not apply now.
        """
        emit = self.journal.emit
        match command:
            case Say(text):
                emit(kind.SAID, text=text)
            case Wait(text):
                emit(kind.WAITED, text=text)
            case Set(key, value):
                self._set(key, value)
            case Spawn(role, count, pairs):
                if role not in self._roles:
                    raise BadInput(f"unknown role {role!r}; {suggest(role, self._roles)}")
                self._has_work(self._roles[role])
                options = options_of(self._roles[role], pairs, self.agenda.now)
                self._roles[role].check(self.settings, options)
                self._spawn(role, count, options)
            case Redrive(queue):
                self._redrive(queue)
            case Peek(queue):
                self._queue(queue).look()
            case Inject(at=None):
                inject(self, command)
            case Heal(at=None):
                heal(self, command)
            case Inject(at=at) | Crash(at=at) if at is not None:
                arm(self, command, at)
            case Heal(at=at) if at is not None:
                disarm(self, command, at)
            case Stop(name):
                self._stop(self.actor(name))
            case Crash(name):
                self._crash(self.actor(name))
            case Pause(name):
                self._pause(self.actor(name))
            case Resume(name):
                self._resume(self.actor(name))
            case Restart(name):
                self._restart(self.actor(name))

    def _has_work(self, role: Role[Any]) -> None:
        """Refuse an actor that the settings leave no queue to receive from."""
        plays = role.name in self.pattern.cast(self.settings)
        if role.kind == "consumer" and role.queue and not plays and role.queue not in self.queues:
            raise BadInput(
                f"{role.name} takes no part as the settings stand: there is no queue {role.queue}"
            )

    def _subscriptions(self) -> list[str]:
        return [name for actor in self.actors.values()
                for name in subscriptions_of(actor.role, actor.name, actor.options)]  # fmt: skip

    def _set(self, key: str, value: str) -> None:
        before, name = self.pattern.cast(self.settings), key.replace("-", "_")
        was = written(self.pattern, self.settings)
        settings = change_live(self.pattern, self.settings, key, value, self._given)
        check_mentions(self.pattern, settings, self._subscriptions())
        self.settings = settings
        for actor in self.actors.values():
            if actor.port is not None:
                actor.port.settings = self.settings
        self._given[name] = value
        now = written(self.pattern, self.settings)
        n = self.journal.emit(kind.CHANGED, message=name, text=now.pop(name))
        for other, text in now.items():  # what another dialect brings with it
            if text != was[other]:
                self.journal.emit(kind.CHANGED, message=other, text=text, cause=n)
        self.topology.follow(self.pattern, self.settings)
        self._tune_network()
        played = {actor.role.name for actor in self.actors.values()}
        for role, count in self.pattern.cast(self.settings).items():
            if role not in before and role not in played:
                self._spawn(role, count, Options(), n)

    def _redrive(self, name: str) -> None:
        queue = self._queue(name)
        if not queue.dead:
            raise BadInput(f"{name} has no dead letters{self._instead(name)}")
        queue.redrive(0)

    def _queue(self, name: str) -> Queue:
        if name not in self.queues:
            raise BadInput(f"unknown queue {name!r}; {suggest(name, self.queues)}")
        return self.queues[name]

    def _instead(self, name: str) -> str:
        at_limit = self.queues[name].spec.rules.at_limit
        if at_limit is AtLimit.DEAD_LETTER:
            return ""
        return f" and no queue for them (at_limit={at_limit.value})"

    def running(self, actor: Actor) -> Process:
        """Return the process of an actor.

        Raises:
            BadInput: If it has left or died.
        """
        process = actor.process
        if process is None or not process.can_act:
            state = "gone" if process is None else process.state.value
            raise BadInput(f"{actor.name} has {state} already; restart it first")
        return process

    def _stop(self, actor: Actor) -> None:
        process = self.running(actor)
        if process.stopping:
            raise BadInput(f"{actor.name} is leaving already")
        cause = self.journal.emit(kind.STOPPING, actor.name)
        if actor.role.kind == "producer":
            process.retire()
            self.journal.emit(kind.STOPPED, actor.name, cause=cause)
        else:
            process.ask_to_stop()

    def _crash(self, actor: Actor) -> None:
        self.running(actor).crash()
        self.died(actor, 0, "")

    def _pause(self, actor: Actor) -> None:
        process = self.running(actor)
        if process.state is State.PAUSED:
            raise BadInput(f"{actor.name} is paused already")
        process.pause()
        self.journal.emit(kind.PAUSED, actor.name)

    def _resume(self, actor: Actor) -> None:
        process = actor.process
        if process is None or process.state is not State.PAUSED:
            raise BadInput(f"{actor.name} is not paused")
        self.journal.emit(kind.RESUMED, actor.name, actor.role.queue,
                          text=f"{actor.role.name} {actor.role.kind}")  # fmt: skip
        process.resume()

    def _restart(self, actor: Actor) -> None:
        process = actor.process
        if process is not None and process.can_act:
            raise BadInput(f"{actor.name} is running; crash or stop it first")
        actor.live(self, kind.RESTARTED)


def _made(name: str, override: Override) -> Message:
    return Message(
        name, work=override.work, poison=override.poison, group=override.group, ttl=override.ttl,
        delay=override.delay, subject=override.subject, size=override.size,
        headers=override.headers,
    )  # fmt: skip
