"""What the small windows on top of a screen share."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A window that goes away by Escape or by a click beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", show=False)]
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 50%; }
    Dialog > .window {
        width: 90%;
        max-width: 78;
        height: auto;
        max-height: 90%;
        background: $surface;
        border: round $primary;
        border-title-color: $text;
        border-title-style: bold;
        padding: 0 1;
    }
    Dialog .intro, Dialog .hint { color: $text-muted; height: auto; }
    Dialog OptionList {
        height: auto; max-height: 100%; background: $surface; border: none; padding: 0;
        scrollbar-size-vertical: 1;
    }
    Dialog OptionList:focus { border: none; }
    """

    def action_cancel(self) -> None:
        """Go away without a choice."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Go away when the click was outside the window."""
        if event.widget is self:
            self.dismiss(None)
