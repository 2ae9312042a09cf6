"""Faults, by name: what switching one on or off does to the world."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from .broker.payloads import TAMPER
from .commands import ANYBODY, CrashPoint, Heal, Inject, Set
from .declaration import AnyPattern, Fault
from .kernel import events as kind
from .kernel.events import LASTING, PENDING
from .names import BadInput, suggest
from .poisoning import POISON, cure, mend, poison
from .port import Distribution, Phase
from .roles import Role
from .settings import write
from .spawning import one_kind

if TYPE_CHECKING:
    from .actor import Actor
    from .world import World

BURST_SECONDS: Final = 1.0
"""How long a burst lasts, in seconds."""


def declared(pattern: AnyPattern, name: str) -> Fault:
    """Return a fault of the pattern by its name.

    Raises:
        BadInput: If the pattern has none of that name; names the nearest.
    """
    for fault in pattern.faults:
        if fault.name == name:
            return fault
    names = [fault.name for fault in pattern.faults]
    raise BadInput(f"unknown fault {name!r}; {suggest(name, names)}")


def amount_of(fault: Fault, text: str) -> float:
    """Read a fault's amount, or take its default.

    Raises:
        BadInput: If the fault takes no amount, or it is no number above 0.
    """
    if not fault.amount:
        if text:
            raise BadInput(f"{fault.name} takes no amount, not {text!r}")
        return 1.0
    try:
        value = float(text or fault.default)
    except ValueError:
        raise BadInput(f"{fault.name}: expected a number of {fault.amount}, not {text!r}") from None
    if not 0 < value <= 1_000_000:
        raise BadInput(f"{fault.name}: expected above 0 and at most 1000000, not {text!r}")
    if fault.amount != "factor" and value != int(value):
        raise BadInput(f"{fault.name}: expected a whole number of {fault.amount}, not {text!r}")
    return value


def needs_point(fault: Fault, at: CrashPoint | None) -> None:
    """Refuse a fault for whoever passes where nobody passes.

    Raises:
        BadInput: If no crash point is given.
    """
    if at is None:
        raise BadInput(f"{fault.name} on any needs a crash point: '{fault.name} on any at K5'")


def check_target(fault: Fault, target: str) -> None:
    """Refuse a target for a fault that has none.

    Raises:
        BadInput: If one is named.
    """
    if target and not fault.target:
        raise BadInput(f"{fault.name} applies to everything, not to {target!r}")


def check_fault(pattern: AnyPattern, command: Inject, actor: Callable[[str], Actor]) -> Fault:
    """Return the fault of a command that can be carried out, now or at its crash point.

    Raises:
        BadInput: If there is no such fault or target, or the amount cannot be used.
    """
    fault = declared(pattern, command.fault)
    amount_of(fault, command.amount)
    target = command.target
    check_target(fault, target)
    if target == ANYBODY:
        needs_point(fault, command.at)
    elif target and fault.target != "message":
        role = actor(target).role
        if not fault.concerns(role.kind, role.name):
            raise BadInput(f"{fault.name} applies to a {fault.target}, not to {target}")
    return fault


def inject(world: World, command: Inject, cause: int = 0) -> None:
    """Switch a fault on; ``cause`` is the number of the event that made it strike, if any.

    Raises:
        BadInput: If there is no such fault or target, or the amount cannot be used.
    """
    fault = check_fault(world.pattern, command, world.actor)
    amount = amount_of(fault, command.amount)
    for_message = fault.target == "message"
    actor, message = ("", command.target) if for_message else (command.target, "")
    if fault.name == "rebalance":
        _can_rebalance(world)
    if fault.name == "expire-lock":
        _find_locked(world, message)
    waits = _waits(world, fault, message)
    token = PENDING if waits else LASTING if fault.lasts else 0
    n = world.journal.emit(
        kind.INJECTED, actor, message=fault.name, token=token, value=amount,
        text=command.amount or fault.default, group=message, cause=cause,
    )  # fmt: skip
    if waits:
        world.pending.add(fault.name, command.target, int(amount), n)
        world.network.take_notice(fault.name)
    else:
        _effect_of(fault)(world, actor, message, amount, n)


def heal(world: World, command: Heal) -> None:
    """Switch a fault off.

    One that waits for its next occurrence does not happen then, and one that sticks to a message
    no longer happens to it.

    Raises:
        BadInput: If there is no such fault or target, or it neither lasts nor waits.
    """
    fault = declared(world.pattern, command.fault)
    check_heals(fault)
    if command.target and not fault.sticks:  # if it does, it may be the message that it sticks to
        check_target(fault, command.target)
        if fault.target != "message":
            world.actor(command.target)
    waited = world.pending.drop(fault.name, command.target)
    stuck = mend(world, fault.name, command.target)
    if not waited and not stuck and not fault.lasts:
        on = f" on {command.target}" if command.target else ""
        also = " or sticks to a message" if fault.sticks else ""
        raise BadInput(f"no {fault.name}{on} waits{also}; there is nothing to heal")
    world.network.take_notice(fault.name)
    actor, message = command.target, ""
    if fault.target == "message" or (stuck and command.target):
        actor, message = "", command.target
    elif command.target:
        world.actor(command.target)
    n = world.journal.emit(kind.HEALED, actor, message=fault.name, group=message)
    if fault.lasts:
        amount = 1.0 if fault.amount == "factor" else 0.0  # what "as usual" is to the fault
        _effect_of(fault)(world, actor, message, amount, n)


def _poison(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    if amount:
        poison(world, message)
    else:
        cure(world, message)


def _slow(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    for each in world.actors.values():
        if actor == each.name or (not actor and each.role.kind == "consumer"):
            each.slow_down(amount)


def _broker_down(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    world.network.down = amount > 0
    world.network.changed()
    if not amount:
        world.topology.serve()


def bursting(pattern: AnyPattern, settings: Any) -> Role[Any]:
    """Return the role that a burst makes more of: the first of the producers that take part."""
    producers = [role for role in pattern.roles if role.kind == "producer"]
    cast = pattern.cast(settings)
    return next((role for role in producers if cast.get(role.name)), producers[0])


def _burst(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    role = bursting(world.pattern, world.settings)
    spacing = Phase(Distribution("constant", BURST_SECONDS / amount))
    options = one_kind(role, (spacing,), int(amount), world.agenda.now)
    world.spawn_burst(role.name, 1, options, cause)


def _partition(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    for each in world.actors.values():
        if actor == each.name or (not actor and each.role.kind == "consumer"):
            world.cut_off(each, off=amount > 0)


def _tamper(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    world.payloads.tamper(message)


def _store_down(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    world.storage.down = amount > 0
    world.storage.changed()


def _can_rebalance(world: World) -> None:
    specs = [queue.spec.sessions for queue in world.queues.values()]
    if not any(sessions is not None and sessions.rebalances for sessions in specs):
        raise BadInput("rebalance: no lanes are shared; set partitions and rebalance=eager")


def _database_down(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    world.database.fail(down=amount > 0)


def _find_locked(world: World, name: str) -> None:
    locked = [
        entry.name
        for queue in world.queues.values()
        for entry in queue.entries.values()
        if entry.holder is not None
    ]
    if not locked:
        raise BadInput("expire-lock: no message is locked now")
    if name and name not in locked:
        raise BadInput(f"expire-lock: {name!r} is not locked; {suggest(name, locked)}")


def _expire_lock(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    for queue in world.queues.values():
        for entry in list(queue.entries.values()):
            if entry.holder is not None and message in ("", entry.name):
                queue.expire_lock(entry)
                return


def _rebalance(world: World, actor: str, message: str, amount: float, cause: int) -> None:
    for queue in world.queues.values():
        queue.rebalance("by hand", cause)


EFFECTS: Final[dict[str, Callable[[World, str, str, float, int], None]]] = {
    POISON: _poison,
    "slow": _slow,
    "rebalance": _rebalance,
    "broker-down": _broker_down,
    "partition": _partition,
    "burst": _burst,
    "expire-lock": _expire_lock,
    "store-down": _store_down,
    TAMPER: _tamper,
    "database-down": _database_down,
}
"""What each fault does that happens to participants without their knowing; the others they act
out themselves. A pattern offers those that its row of the failure matrix names."""

NEXT: Final[dict[str, Callable[[World, str], bool]]] = {
    POISON: lambda world, message: not message,
    TAMPER: lambda world, message: not world.payloads.holds(message),
}
"""Faults with an effect here that may wait for their next occurrence all the same, and whether
one for a message, empty: the next one, has to."""


def check_heals(fault: Fault) -> None:
    """Refuse to heal what is over as soon as it has begun.

    Raises:
        BadInput: If the fault neither lasts nor ever waits.
    """
    if not fault.lasts and fault.name in EFFECTS and fault.name not in NEXT:
        raise BadInput(f"{fault.name} happens once; there is nothing to heal")


def _waits(world: World, fault: Fault, message: str) -> bool:
    waits = NEXT.get(fault.name)
    if waits is not None:
        return waits(world, message)
    return not fault.lasts and fault.name not in EFFECTS


def _effect_of(fault: Fault) -> Callable[[World, str, str, float, int], None]:
    if fault.turns:
        return partial(_turned, fault)
    return EFFECTS.get(fault.name) or partial(_acted_out, fault)


def _turned(
    fault: Fault, world: World, actor: str, message: str, amount: float, cause: int
) -> None:
    key, _, value = fault.turns.partition("=")
    if amount:
        world.turned.setdefault(fault.name, write(getattr(world.settings, key)))
        world.carry_out(Set(key, value))
    elif fault.name in world.turned:
        world.carry_out(Set(key, world.turned.pop(fault.name)))


def _acted_out(
    fault: Fault, world: World, actor: str, message: str, amount: float, cause: int
) -> None:
    key = fault.name, actor or message
    if amount:
        world.acted_out.add(key)
    else:
        world.acted_out -= {
            each for each in world.acted_out if each[0] == key[0] and key[1] in ("", each[1])
        }
