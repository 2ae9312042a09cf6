"""What the tests of the explorer share: a pilot, and what they look at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from textual.pilot import Pilot
from textual.widgets import Input

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail.tui.screens.lab import Lab

LEASE = "competing-consumers/the-lock-is-a-lease"
SMALL = (80, 24)
LARGE = (160, 48)


class Driver:
    """A pilot, and what tests look at."""

    def __init__(self, app: Explorer, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lab(self) -> Lab:
        return next(s for s in self.app.screen_stack if isinstance(s, Lab))

    @property
    def session(self) -> Session:
        return self.lab.session

    async def settle(self) -> None:
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; pressing waits until each has been handled."""
        for key in keys:
            await self.pilot.press(key)

    async def type(self, text: str) -> None:
        """Put text into the focused field."""
        field = self.app.focused
        assert isinstance(field, Input)
        field.value = text
        await self.settle()

    async def until(self, condition: Callable[[], bool]) -> None:
        for _ in range(200):
            if condition():
                return
            await self.pilot.pause()
        raise AssertionError("it never came to that")

    def showing(self, name: str) -> bool:
        return name in (each.__name__ for each in type(self.app.screen).__mro__)

    async def play_to(self, time: float) -> None:
        """Let wall-clock time pass, frame by frame, until an instant is reached."""
        if not self.session.playing:
            await self.press("space")
        while self.session.playing and self.session.run.now < time:
            self.lab.pulse(min(0.05, (time - self.session.run.now) / self.session.playback.speed))
        await self.settle()

    def text(self) -> list[str]:
        """Return the screen as a reader sees it, one string a row."""
        width, height = self.app.size
        update = self.app.screen._compositor.render_strips()
        assert len(update) == height
        return ["".join(segment.text for segment in strip)[:width] for strip in update]

    def told(self) -> list[str]:
        return [n.message for n in self.app._notifications]


class Opened(Protocol):
    """Opens the explorer on a scenario, paused; without a name on the gallery."""

    def __call__(
        self, name: str | None = LEASE, size: tuple[int, int] = SMALL, *, speed: float = 1.0
    ) -> AbstractAsyncContextManager[Driver]: ...
