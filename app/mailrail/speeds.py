"""How fast a run is told: so many seconds of virtual time a second, or as fast as possible."""

from __future__ import annotations

import math
from typing import Final

from mailrail_patterns.names import BadInput

MAX: Final = math.inf
"""As fast as possible: nothing waits for the clock on the wall."""

WORD: Final = "max"
"""How :data:`MAX` is typed and shown."""

STEPS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, MAX)
"""Speeds that keys choose from; 1 is real time."""

FASTEST: Final = 1_000_000.0
"""Highest number that is accepted, in seconds of virtual time a second."""


def speed_of(text: str) -> float:
    """Read a speed, in seconds of virtual time a second; ``2`` and ``2x`` are the same.

    Raises:
        BadInput: If time would stand still, run backwards or not be finite, ``max`` excepted.
    """
    text = text.strip()
    if text == WORD:
        return MAX
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        raise BadInput(
            f"expected a number such as 2 or 0.5, or {WORD}, not {text!r}", "--speed"
        ) from None
    if not math.isfinite(speed) or not 0 < speed <= FASTEST:
        raise BadInput(
            f"expected above 0 and at most {FASTEST:.0f}, or {WORD}, not {text}", "--speed"
        )
    return speed


def told(speed: float) -> str:
    """Return a speed as it is shown: ``×2``, ``×0.5``, ``max``."""
    return WORD if speed == MAX else f"×{speed:.10g}"
