"""What the explorer remembers from one time to the next; nothing depends on it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mailrail_patterns.names import BadInput

from . import places
from .files import write_whole

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
    with suppress(OSError, BadInput):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole("", path, [msgspec.json.encode(memory)], force=True)


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
