"""Clocks that differ: what a participant takes for the present instant."""

from __future__ import annotations

from typing import Any

from .port import Port


def time_of(port: Port[Any]) -> float:
    """Return what a participant takes for the present instant, in seconds.

    How long it sleeps or waits for a message is not touched: a clock that is ahead runs no faster.
    """
    return port.clock.now + (port.settings.skew if port.suffers("clock-skew") else 0.0)
