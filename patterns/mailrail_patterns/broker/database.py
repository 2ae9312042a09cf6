"""A database that consumers share, seen from their side: a pool of so many connections."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Generator
from typing import Any

from ..kernel.process import Process


class Database:
    """Works for so many processes at a time; the others wait, first come first served.

    What it can do in a second does not depend on how many want it to. A process that dies gives
    its connection back; one that is frozen keeps it.

    Attributes:
        limit: Connections; 0: as many as are wanted.
        down: True while nobody gets one; who has one finishes what he is at.
    """

    def __init__(self) -> None:
        self.limit = 0
        self.down = False
        self._users: set[Process] = set()
        self._waiting: deque[Process] = deque()

    def full(self) -> bool:
        """Say whether the next one has to wait."""
        return self.down or 0 < self.limit <= len(self._users)

    @property
    def queue(self) -> int:
        """How many wait for a connection."""
        return sum(1 for process in self._waiting if process.can_act)

    @types.coroutine
    def enter(self, process: Process) -> Generator[None, Any, None]:
        """Take a connection, as soon as there is one."""
        if not self.full():
            self._users.add(process)
            return
        self._waiting.append(process)
        yield

    def leave(self, process: Process) -> None:
        """Give a connection back, if it has one; the next gets it."""
        if process in self._users:
            self._users.discard(process)
            self._admit()

    def fail(self, *, down: bool) -> None:
        """Go down, or come back."""
        self.down = down
        self._admit()

    def resize(self, limit: int) -> None:
        """Have so many connections; whoever has one keeps it."""
        self.limit = limit
        self._admit()

    def _admit(self) -> None:
        while self._waiting and not self.full():
            process = self._waiting.popleft()
            if process.can_act:
                self._users.add(process)
                process.wake(None)
