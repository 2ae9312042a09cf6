"""What the explorer remembers from one time to the next; nothing depends on it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from . import places

KEPT: Final = 20
"""Names of what was opened that are kept."""


class Memory(msgspec.Struct, frozen=True):
    """What is remembered.

    Attributes:
        opened: Names of what was opened, the latest first.
        greeted: Whether the hint for the first time has been shown.
    """

    opened: tuple[str, ...] = ()
    greeted: bool = False


def _file() -> Path:
    return places.state() / "memory.json"


def recall() -> Memory:
    """Return what is remembered; nothing at all if it cannot be read."""
    try:
        return msgspec.json.decode(_file().read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return Memory()


def _keep(memory: Memory) -> None:
    """Write it; that it cannot be written is nobody's trouble."""
    path = _file()
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(msgspec.json.encode(memory))
        fresh.replace(path)
    except OSError:
        return


def opened(name: str) -> None:
    """Remember that something was opened."""
    before = recall()
    names = (name, *(each for each in before.opened if each != name))
    _keep(Memory(names[:KEPT], before.greeted))


def greeted() -> None:
    """Remember that the hint for the first time has been shown."""
    before = recall()
    if not before.greeted:
        _keep(Memory(before.opened, True))
