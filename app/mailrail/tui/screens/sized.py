"""What every full screen shares: it says politely when there is no room for it."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.screen import Screen
from textual.widgets import Static

from ..actions import Act
from ..keymap import Chosen, laid

SMALLEST: Final = (40, 12)
"""Columns and rows below which nothing useful can be drawn."""

SHORT: Final = 18
"""Rows below which there is room for one pane only."""


class Sized(Screen[None]):
    """A screen that knows the size classes ``-tiny -short -small -medium -large``."""

    DEFAULT_CSS = """
    Sized #too-small { display: none; width: 1fr; height: 1fr; content-align: center middle; }
    Sized.-tiny > * { display: none; }
    Sized.-tiny > #too-small { display: block; }
    """

    PLACE: ClassVar[str] = ""

    @property
    def acts(self) -> tuple[Act, ...]:
        """What can be done here, with the keys a person has chosen."""
        chosen: Chosen = getattr(self.app, "chosen_keys", {})
        return laid(self.PLACE, chosen)

    def size_class(self, width: int, height: int) -> str:
        """Return the class of a terminal of that many columns and rows."""
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return "-tiny"
        if height < SHORT:
            return "-short"
        if width >= 150 and height >= 42:
            return "-large"
        return "-medium" if width >= 110 and height >= 30 else "-small"

    def on_resize(self, event: events.Resize) -> None:
        """Take the class of the new size."""
        width, height = event.size
        now = self.size_class(width, height)
        for name in ("-tiny", "-short", "-small", "-medium", "-large"):
            self.set_class(name == now, name)
        line = f"mailrail needs {SMALLEST[0]}×{SMALLEST[1]}; this is {width}×{height}"
        self.query_one("#too-small", Static).update(line)
        self.resized(now)

    def resized(self, size_class: str) -> None:
        """Arrange what depends on the size."""
