"""Which lines of code tell where a participant stands: those of patterns and what they share."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HOME: Final = Path(__file__).parent
ENGINE: Final = frozenset({
    "kernel", "broker", "actor.py", "actor_clock.py", "actor_payloads.py", "actor_port.py",
    "actor_store.py",
})  # fmt: skip
"""What a participant calls: where it stands is told of the caller."""


def is_own(path: str) -> bool:
    """Say whether a file is ours and no part of the engine."""
    here = Path(path)
    if not here.is_relative_to(HOME):
        return False
    return here.relative_to(HOME).parts[0] not in ENGINE
