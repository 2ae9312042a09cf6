"""Poison: which messages every handler fails on, wherever they and what was made of them are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from .scenario import Override

if TYPE_CHECKING:
    from .world import World

POISON: Final = "poison"
"""The fault that makes a message one on which every handler fails."""


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
