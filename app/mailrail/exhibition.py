"""The small pictures of the gallery: a demo of each pattern, playing over and over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from mailrail_patterns import catalog
from mailrail_patterns.commands import Say
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

from .frames import LabFrame
from .session import Session

SPEED: Final = 2.0
"""Virtual seconds a wall-clock second in a small picture."""

STILL: Final = 0.3
"""Where in its demo a picture begins at the latest, as a share of the duration."""

SETTLED: Final = 0.6
"""Seconds after a caption at which what it tells of can be seen."""


class Exhibition:
    """Demos that are being played, each begun when it is first asked for."""

    def __init__(self, *, moving: bool, clock: Callable[[], float] = time.perf_counter) -> None:
        """Prepare the demos.

        Args:
            moving: Whether they play; otherwise each stands at one instant.
            clock: Wall-clock seconds.
        """
        self._moving = moving
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def begun(self, pattern: str) -> bool:
        """Say whether a pattern's demo has been begun."""
        return pattern in self._sessions

    def frame(self, pattern: str, delta: float) -> LabFrame:
        """Return the picture of a pattern's demo after ``delta`` further wall-clock seconds."""
        session = self._sessions.get(pattern)
        if session is None:
            session = self._sessions[pattern] = self._begin(pattern)
        elif self._moving:
            if not session.playing:
                session.play()
            session.tick(delta)
            session.notices.clear()
        return session.frame()

    def _begin(self, pattern: str) -> Session:
        session = Session(find(catalog.demo(pattern)), speed=SPEED, clock=self._clock)
        session.seek(opening(session.run))
        return session


def opening(run: Run) -> float:
    """Return the instant a demo begins at, in seconds: just after something was said."""
    latest = STILL * run.duration
    said = [timed.at for timed in run.scenario.steps if isinstance(timed.command, Say)]
    told = [at + SETTLED for at in said if 0 < at + SETTLED <= latest]
    return max(told, default=latest)
