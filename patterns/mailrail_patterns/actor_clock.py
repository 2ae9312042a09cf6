"""Time, as one process sees it."""

from __future__ import annotations

import types
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .kernel.process import Process

if TYPE_CHECKING:
    from .world import World


class ActorClock:
    """Time, for one process."""

    __slots__ = ("_agenda", "_journal", "_process")

    def __init__(self, process: Process, world: World) -> None:
        self._process = process
        self._agenda = world.agenda
        self._journal = world.journal

    @property
    def now(self) -> float:
        """The present instant, in seconds."""
        return self._journal.now

    @types.coroutine
    def sleep(self, seconds: float) -> Generator[None, Any, None]:
        """Wait that long."""
        self._agenda.at(self._journal.now + seconds, self._process.step)
        yield

    @types.coroutine
    def sleep_until(self, time: float, *, planned: bool = False) -> Generator[None, Any, None]:
        """Wait until that instant; at once if it has passed."""
        if time > self._journal.now:
            if planned:
                self._agenda.at_as_of(self._process.plan, time, self._process.step)
            else:
                self._agenda.at(time, self._process.step)
            yield
