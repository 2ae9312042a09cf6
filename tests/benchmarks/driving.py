"""Drives an application frame by frame and key by key, and takes what each costs."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from textual.app import App
from textual.events import Key
from textual.keys import key_to_character

from mailrail.tui.garbage import spared_frames
from mailrail.tui.screens.stage import Stage

from .recorder import Bare, BareLine, Recorder, recorder, written

WARM = 10
"""Frames drawn before the first that counts."""

LONG = 30.0
"""Seconds after which a key has changed nothing."""

Step = Callable[[], None]
Size = tuple[int, int]


def beat(app: App[Any], delta: float) -> Step:
    """Return what makes the application's next frame, its own timer stopped.

    Args:
        app: The lab, or the bare widget.
        delta: Wall-clock seconds that pass with a frame.
    """
    if isinstance(app, Bare):
        line = app.query_one(BareLine)

        def turn() -> None:
            line.tick += 1
            line.refresh()

        return turn
    stage = app.screen
    if not isinstance(stage, Stage):
        raise TypeError("the lab should be on the screen")
    if stage._timer is not None:
        stage._timer.stop()
        stage._timer = None
    return lambda: stage.pulse(delta)


async def drive(app: App[Any], size: Size, act: Callable[[Any], Awaitable[None]]) -> None:
    """Run an application with a terminal that swallows everything, and act on it.

    The garbage collector is told what it is told when the explorer is launched.
    """

    async def acting(pilot: Any) -> None:
        await pilot.pause(0.5)
        try:
            with spared_frames():
                await act(pilot)
        finally:
            app.exit()

    app.driver_class = Recorder
    await app.run_async(headless=False, size=size, auto_pilot=acting)


async def frames(app: App[Any], size: Size, count: int, delta: float) -> list[float]:
    """Return processor seconds of each frame, from the beat to the last byte for the terminal."""
    found: list[float] = []

    async def act(pilot: Any) -> None:
        driver, step = recorder(app), beat(app, delta)
        for frame in range(-WARM, count):
            driver.wrote.clear()
            start = time.process_time()
            step()
            await written(driver)
            if frame >= 0:
                found.append(time.process_time() - start)

    await drive(app, size, act)
    return found


async def keys(app: App[Any], size: Size, pressed: Sequence[str]) -> list[float]:
    """Return processor seconds from each key to the last byte of the frame it changes."""
    found: list[float] = []

    async def act(pilot: Any) -> None:
        driver = recorder(app)
        for key in pressed:
            await pilot.pause()
            driver.wrote.clear()
            start = time.process_time()
            app.post_message(Key(key, key_to_character(key)))
            if not await written(driver, LONG):
                raise RuntimeError(f"{key} changes nothing")
            found.append(time.process_time() - start)

    await drive(app, size, act)
    return found
