"""The small pictures of the gallery: a demo of each pattern, playing over and over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from mailrail_patterns import catalog
from mailrail_patterns.scenario import find

from .frames import LabFrame
from .session import Session

SPEED: Final = 2.0
"""Virtual seconds a wall-clock second in a small picture."""

STILL: Final = 0.3
"""Where in its demo a picture that does not move stands, as a share of the duration."""


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
        session.seek(STILL * session.run.duration)
        return session
