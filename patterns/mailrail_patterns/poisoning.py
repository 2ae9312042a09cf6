"""Poison: which messages handlers fail on, wherever they and what was made of them are.

There is poison for everybody, and poison that only the handlers of one role cannot stomach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from .handler import POISON_ONE
from .kernel import events as kind
from .scenario import Override

if TYPE_CHECKING:
    from .world import World

POISON: Final = "poison"
"""The fault that makes a message one on which every handler fails."""

Spoilt = set[tuple[str, str, str]]
"""What happens every time: the fault, the role it happens to, and the message."""


def brought(messages: Mapping[str, Override]) -> Spoilt:
    """Return what a scenario makes poison for one role."""
    return {(POISON_ONE, each.poison_for, name) for name, each in messages.items()
            if each.poison_for}  # fmt: skip


def own_poison(
    messages: Iterable[tuple[str, Override]], offered: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return what a scenario makes poison and can be healed: the fault and the message.

    Args:
        messages: What the scenario says of single messages.
        offered: The faults of its pattern.
    """
    found = [(POISON, name) for name, each in messages if each.poison]
    found += [(POISON_ONE, name) for name, each in messages if each.poison_for]
    return tuple(each for each in found if each[0] in offered)


def poison(world: World, name: str) -> None:
    """Make one message poison, whether it was sent already or not."""
    override = world.overrides.get(name, Override())
    world.overrides = {**world.overrides, name: replace(override, poison=True)}
    world.acted_out.add((POISON, name))
    for queue in world.queues.values():
        for entry in (queue.entries.get(name), queue.dead.get(name)):
            if entry is not None:
                entry.message = replace(entry.message, poison=True)


def cure(world: World, name: str) -> None:
    """Let one message be handled from its next delivery on, or every one; empty: all.

    What was made of it on its behalf is handled then too, unless it is poison by itself.
    """
    poisoned = {on for fault, on in world.acted_out if fault == POISON}
    world.acted_out -= {(POISON, on) for on in poisoned if name in ("", on)}
    world.overrides = {
        each: replace(override, poison=override.poison and name not in ("", each))
        for each, override in world.overrides.items()
    }
    for queue in world.queues.values():
        for entry in (*queue.entries.values(), *queue.dead.values()):
            made = entry.message
            said_of = made.id if made.id in poisoned else made.conversation
            if made.poison and name in ("", entry.name, made.id, said_of):
                entry.message = replace(made, poison=False)


def spoil(world: World, fault: str, role: str, message: str, cause: int) -> None:
    """Let a fault that has struck a message happen to it in a role's hands every time.

    Args:
        world: The world.
        fault: The fault.
        role: The role.
        message: The message.
        cause: Number of the event that tells of the strike.
    """
    world.spoilt.add((fault, role, message))
    world.journal.emit(
        kind.INJECTED, message=fault, token=kind.LASTING, value=1.0, text=role, group=message,
        cause=cause,
    )  # fmt: skip


def mend(world: World, fault: str, message: str) -> bool:
    """Let a fault that sticks no longer happen to a message, empty: to any; say if one did."""
    found = {each for each in world.spoilt if each[0] == fault and message in ("", each[2])}
    world.spoilt -= found
    return bool(found)
