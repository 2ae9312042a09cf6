"""What every full screen shares: it says politely when there is no room for it."""

from __future__ import annotations

from itertools import chain, count
from typing import ClassVar, Final

from textual import events
from textual.screen import Screen
from textual.widgets import Static

from mailrail.files import unused, write_whole
from mailrail.output import SMALLEST
from mailrail_patterns.names import BadInput

from ..actions import Act
from ..inner_keys import inner, runner
from ..keymap import acts_at
from .help import help_menu

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
        return acts_at(self, self.PLACE)

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

    # --- what can be done on every one of them --------------------------------------------

    def action_help(self) -> None:
        """Show every key, those of the list that has the focus first; run the one chosen."""
        self.app.push_screen(help_menu("Keys", (*inner(self), *self.acts)), runner(self))

    @property
    def picture_name(self) -> str:
        """What a picture of the screen is called, without the number and the ending."""
        return f"mailrail-{self.PLACE}"

    def action_snapshot(self) -> None:
        """Save a picture of the screen once whatever lay on it has gone."""
        self.call_after_refresh(self._snapshot)

    def _snapshot(self) -> None:
        if self.app.is_web:
            self.app.deliver_screenshot(f"{self.picture_name}.svg")
            return
        others = (f"{self.picture_name}-{number}.svg" for number in count(2))
        path = unused(chain((f"{self.picture_name}.svg",), others))
        self.app.clear_notifications()
        try:
            write_whole("", path, [self.app.export_screenshot().encode()], force=False)
        except BadInput as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self.app.clear_notifications()
        self.notify(f"Saved: {path}", markup=False)

    def resized(self, size_class: str) -> None:
        """Arrange what depends on the size."""
