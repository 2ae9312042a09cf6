"""Time, as one process sees it."""

from __future__ import annotations

import types
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .kernel.process import Process
from .kernel.routines import Routine
from .quantities import on_grid

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

    def after(self, seconds: float) -> float:
        """Return the instant so many seconds from now, on the grid."""
        return on_grid(self._journal.now + seconds)

    @types.coroutine
    def sleep(self, seconds: float, *, routine: bool = False) -> Generator[None, Any, None]:
        """Wait that long."""
        step = self._process.step
        wakes = Routine(step, seconds) if routine else step
        self._agenda.at(self._journal.now + seconds, wakes)
        yield

    @types.coroutine
    def sleep_until(
        self, time: float, *, planned: bool = False, routine: bool = False
    ) -> Generator[None, Any, None]:
        """Wait until that instant; at once if it has passed."""
        if time > self._journal.now:
            if planned:
                self._agenda.at_as_of(self._process.plan, time, self._process.step)
            elif routine:
                wakes = Routine(self._process.step, time - self._journal.now)
                self._agenda.at(time, wakes)
            else:
                self._agenda.at(time, self._process.step)
            yield
