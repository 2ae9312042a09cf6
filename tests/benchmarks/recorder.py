"""Applications driven frame by frame, with a terminal that swallows what it is sent."""

from __future__ import annotations

import asyncio
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.strip import Strip
from textual.widget import Widget

PATIENCE = 0.25
"""Seconds to wait for a frame to be written before it is taken that it looks as the last one."""


class Recorder(HeadlessDriver):
    """Takes output as a terminal would; Textual composes and encodes every frame for it.

    Attributes:
        writes: How often something was written.
        characters: How many characters in all.
        wrote: Set at every write.
    """

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self.writes = 0
        self.characters = 0
        self.wrote = asyncio.Event()

    @property
    def is_headless(self) -> bool:
        """Say no, or nothing would be rendered."""
        return False

    def write(self, data: str) -> None:
        """Count and forget."""
        self.writes += 1
        self.characters += len(data)
        self.wrote.set()


def recorder(app: App[Any]) -> Recorder:
    """Return the driver of a running application."""
    driver = app._driver
    if not isinstance(driver, Recorder):
        raise TypeError("the application should be driven by the recorder")
    return driver


async def written(driver: Recorder, patience: float = PATIENCE) -> bool:
    """Wait for the next frame; False if nothing had changed after so many seconds."""
    try:
        await asyncio.wait_for(driver.wrote.wait(), patience)
    except TimeoutError:
        return False
    return True


class BareLine(Widget):
    """The least a line-API widget can do: one segment a row, another colour every frame."""

    DEFAULT_CSS = "BareLine { width: 1fr; height: 1fr; }"
    tick = 0

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        width = self.size.width
        text = f"{self.tick + y:<{width}}"
        return Strip([Segment(text, _STYLES[(self.tick + y) % len(_STYLES)])], width)


class Bare(App[None]):
    """One bare widget on the whole screen."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield BareLine()


_STYLES = tuple(Style(color=colour) for colour in ("red", "green", "blue", "white"))
