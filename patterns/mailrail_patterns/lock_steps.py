"""Locks whose length depends on which delivery it is, as the BackOff list of NATS has it."""

from __future__ import annotations

import re
from functools import lru_cache

from .names import BadInput
from .quantities import parse_duration

SHORTEST = 0.001
"""The shortest lock there is, in seconds."""


@lru_cache(256)
def lock_steps(text: str) -> tuple[float, ...]:
    """Read the lengths of the locks of the first delivery, the second, and so on, in seconds.

    Args:
        text: Durations with spaces or commas between: ``5s 30s 2m``; empty: there are none.

    Raises:
        BadInput: Names the one that is no duration, or too short for a lock.
    """
    found = tuple(parse_duration(word) for word in re.split(r"[\s,]+", text.strip()) if word)
    for length in found:
        if length < SHORTEST:
            raise BadInput(f"a lock lasts for {SHORTEST:g}s at least, not {length:g}s")
    return found
