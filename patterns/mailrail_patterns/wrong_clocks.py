"""Clocks that differ: what a participant takes for the present instant, or for a second."""

from __future__ import annotations

from typing import Any

from .port import Port


def time_of(port: Port[Any]) -> float:
    """Return what a participant takes for the present instant, in seconds.

    How long it sleeps or waits for a message is not touched: a clock that is ahead runs no faster.
    """
    return port.clock.after(port.settings.skew) if port.suffers("clock-skew") else port.clock.now


def rate_of(port: Port[Any]) -> float:
    """Return how fast a participant's clock runs; 1: as fast as time.

    What it measures by a clock that runs twice as fast is over in half the time.
    """
    if not port.suffers("clock-skew"):
        return 1.0
    rate: float = port.settings.clock_rate
    return rate
