"""Chance: one stream per named component, so that spawning one actor never perturbs another."""

from __future__ import annotations

import hashlib
import random


class Chance:
    """The named streams of one run.

    A stream depends on the seed and its own name only. The generator is Python's Mersenne
    Twister, whose ``random()`` is the same on every platform and version.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}

    def stream(self, name: str) -> random.Random:
        """Return the stream of that name, the same object each time."""
        found = self._streams.get(name)
        if found is None:
            key = f"{self.seed}\x00{name}".encode()
            found = random.Random(int.from_bytes(hashlib.sha256(key).digest(), "big"))
            self._streams[name] = found
        return found
