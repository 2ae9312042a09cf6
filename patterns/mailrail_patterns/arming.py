"""What waits for somebody to pass a crash point: crashes, and any other fault of the pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from .commands import ANYBODY, Crash, CrashPoint, Heal, Inject
from .faults import check_fault, inject
from .kernel import events as kind
from .names import BadInput, suggest
from .unpassed import check_point

if TYPE_CHECKING:
    from .actor import Actor
    from .world import World

CRASH: Final = "crash"
"""The name under which an armed crash is taken back."""


class Armed(msgspec.Struct, frozen=True):
    """A crash or a fault that waits.

    Attributes:
        command: What happens then.
        at: Where.
        passer: Whose passage it waits for; empty: the first of those that are no producers.
        n: Number of the event that tells of it.
    """

    command: Crash | Inject
    at: CrashPoint
    passer: str
    n: int

    @property
    def name(self) -> str:
        """What it is called: the fault, or ``crash``."""
        return CRASH if isinstance(self.command, Crash) else self.command.fault

    @property
    def target(self) -> str:
        """What it is for, as it was said; empty: all, or the next one."""
        return self.passer if isinstance(self.command, Crash) else self.command.target


def words(point: CrashPoint) -> str:
    """Return a crash point as events tell it: ``K3 after-effect``."""
    return f"{point.name} {point.value}"


def arm(world: World, command: Crash | Inject, at: CrashPoint) -> None:
    """Let a crash or a fault wait for the next passage of a crash point.

    Raises:
        BadInput: If it could not happen even then, or nobody ever passes there.
    """
    text, emit = words(at), world.journal.emit
    pattern, settings = world.pattern, world.settings
    if isinstance(command, Crash):
        passer = "" if command.actor == ANYBODY else world.actor(command.actor).name
        check_point(pattern, settings, passer, at)
        if passer:
            world.running(world.actors[passer])
            _forget_crash(world, passer)  # nobody dies twice
        n = emit(kind.ARMED, passer, text=text)
    else:
        check_fault(pattern, command, world.actor)
        passer = _passer(world, command)
        check_point(pattern, settings, passer, at)
        amount = "" if command.amount == "" else f", {command.amount}"
        n = emit(kind.ARMED, passer, message=command.fault, group=command.target,
                 text=f"{text}{amount}")  # fmt: skip
    world.armed.append(Armed(command, at, passer, n))


def _passer(world: World, command: Inject) -> str:
    """Return who has to pass: whom the command names, or the fault is for if it can pass."""
    if command.of and command.of != ANYBODY:
        return world.actor(command.of).name
    target = world.actors.get(command.target)
    passes = target is not None and target.role.kind != "producer" and not command.of
    return command.target if passes else ""


def disarm(world: World, command: Heal, at: CrashPoint) -> None:
    """Take back what waits at a crash point, the latest first.

    Raises:
        BadInput: If nothing of that name waits there; names what does.
    """
    for armed in reversed(world.armed):
        if armed.name == command.fault and armed.at is at and command.target in ("", armed.target):
            world.armed.remove(armed)
            world.journal.emit(kind.DISARMED, armed.passer, message=armed.name,
                               group=armed.target, text=words(at), token=armed.n)  # fmt: skip
            return
    waiting = [f"{each.name} at {each.at.name}" for each in world.armed]
    sought = f"{command.fault} at {at.name}"
    raise BadInput(f"no {sought} waits; {suggest(sought, waiting) if waiting else 'nothing does'}")


def forget_crash(world: World, actor: str) -> None:
    """Let no crash wait any more for an actor that has died."""
    if world.armed:
        _forget_crash(world, actor)


def _forget_crash(world: World, actor: str) -> None:
    world.armed[:] = [
        each for each in world.armed if each.passer != actor or not isinstance(each.command, Crash)
    ]


def passes(world: World, actor: Actor, point: CrashPoint) -> bool:
    """Let what waits for this passage happen: first faults, then a crash.

    Returns:
        Whether the actor has died of it.
    """
    here = [each for each in world.armed if each.at is point and _concerns(world, each, actor)]
    for each in here:
        if isinstance(each.command, Inject):
            world.armed.remove(each)
            _strike(world, actor, each, each.command)
    crashes = [each for each in here if isinstance(each.command, Crash)]
    if not crashes:
        return False
    crashes.sort(key=lambda each: not each.passer)  # its own before anybody's
    world.armed.remove(crashes[0])
    process = actor.process
    if process is not None:
        process.crash()
        world.died(actor, process.cause, words(point))
    return True


def _concerns(world: World, armed: Armed, actor: Actor) -> bool:
    if armed.passer:
        return armed.passer == actor.name
    command = armed.command
    if actor.role.kind == "producer":
        return False
    if isinstance(command, Crash) or command.target != ANYBODY:
        return True
    fault = next(f for f in world.pattern.faults if f.name == command.fault)
    return fault.concerns("message", actor.role.kind, actor.role.name)


def _strike(world: World, actor: Actor, armed: Armed, command: Inject) -> None:
    process = actor.process
    n = world.journal.emit(
        kind.STRUCK, actor.name, message=command.fault, cause=process.cause if process else 0,
        token=armed.n, text=words(armed.at),
    )  # fmt: skip
    try:
        inject(world, replace(command, at=None, of="", target=_meant(world, actor, command)), n)
    except BadInput as problem:
        world.journal.emit(kind.IGNORED, text=problem.problem, cause=n)


def _meant(world: World, actor: Actor, command: Inject) -> str:
    """Return what a fault is for now that somebody passes: himself, or the message in his hand.

    Raises:
        BadInput: If it is for a message and he holds none.
    """
    if command.target != ANYBODY:
        return command.target
    fault = next(f for f in world.pattern.faults if f.name == command.fault)
    if fault.target != "message":
        return actor.name
    held = [
        entry
        for queue in world.queues.values()
        for entry in queue.entries.values()
        if entry.holder is not None and entry.holder.process is actor.process
    ]
    if not held:
        raise BadInput(f"{command.fault}: {actor.name} holds no message there")
    return min(held, key=lambda entry: entry.cause).name  # the others were fetched ahead
