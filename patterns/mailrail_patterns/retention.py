"""How long something is kept that ought to be remembered."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def lapsed(since: float, kept: float, now: float) -> bool:
    """Say whether what was written at an instant is gone by now.

    Args:
        since: When it was written, in seconds.
        kept: How long it is kept, in seconds; 0: for ever.
        now: The present, in seconds.
    """
    return kept > 0 and now >= since + kept


def purge(memory: dict[K, float], kept: float, now: float) -> None:
    """Forget what is gone by now; what is kept for longer from now on does not come back."""
    for key in [key for key, since in memory.items() if lapsed(since, kept, now)]:
        del memory[key]
