"""The explorer under a pilot, with a clock that only the test moves."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"
SMALL = (80, 24)
LARGE = (160, 48)


class Driver:
    """A pilot, and what tests look at."""

    def __init__(self, app, pilot):
        self.app = app
        self.pilot = pilot

    @property
    def lab(self):
        return next(s for s in self.app.screen_stack if type(s).__name__ == "Lab")

    @property
    def session(self):
        return self.lab.session

    async def settle(self):
        await self.pilot.pause()

    async def press(self, *keys):
        """Press keys one after the other; pressing waits until each has been handled."""
        for key in keys:
            await self.pilot.press(key)

    async def type(self, text):
        """Put text into the focused field."""
        self.app.focused.value = text
        await self.settle()

    async def until(self, condition):
        for _ in range(200):
            if condition():
                return
            await self.pilot.pause()
        raise AssertionError("it never came to that")

    def showing(self, name):
        return type(self.app.screen).__name__ == name

    async def play_to(self, time):
        """Let wall-clock time pass, frame by frame, until an instant is reached."""
        if not self.session.playing:
            await self.press("space")
        while self.session.playing and self.session.run.now < time:
            self.lab.pulse(min(0.05, (time - self.session.run.now) / self.session.playback.speed))
        await self.settle()

    def text(self):
        """Return the screen as a reader sees it, one string a row."""
        width, height = self.app.size
        update = self.app.screen._compositor.render_strips()
        assert len(update) == height
        return ["".join(segment.text for segment in strip)[:width] for strip in update]

    def told(self):
        return [n.message for n in self.app._notifications]


@pytest.fixture
def opened():
    @asynccontextmanager
    async def run(name=LEASE, size=SMALL, **options):
        session = None
        if name is not None:
            session = Session(find(name), clock=lambda: 0.0, **options)
        app = Explorer(session, paused=True, clock=lambda: 0.0)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

    return run
