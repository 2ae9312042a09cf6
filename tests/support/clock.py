"""A clock on the wall that only a test moves."""

from __future__ import annotations


class Clock:
    """Wall-clock seconds that stand still unless told otherwise."""

    def __init__(self) -> None:
        self.now = 0.0
        self.cost = 0.0

    def __call__(self) -> float:
        self.now += self.cost
        return self.now
