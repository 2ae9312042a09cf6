"""What the small windows on top of a screen share."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.console import RenderableType
from textual import events
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

from ..actions import Act
from ..inner_keys import inner, runner
from ..keymap import acts_at, key_of

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A window that goes away by Escape or by a click beside it."""

    PLACES: ClassVar[tuple[str, ...]] = ()
    HELP_TITLE: ClassVar[str] = "Keys"
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
        border-subtitle-color: $legible-key;
        padding: 0 1;
    }
    Dialog .intro, Dialog .hint { color: $text-muted; height: auto; }
    Dialog OptionList {
        height: auto; max-height: 100%; background: $surface; border: none; padding: 0;
        scrollbar-size-vertical: 1;
    }
    Dialog OptionList:focus { border: none; background-tint: transparent; }
    """

    def on_mount(self) -> None:
        """Take away what was told before, which would lie on the window."""
        self.app.clear_notifications()

    def render(self) -> RenderableType:
        """Draw the screen below, dimmed.

        Textual takes it from a list that all screens share while they are laid out and drawn, in
        which the last may be one that lies above: of three windows two would draw each other.
        """
        stack = self.app.screen_stack
        if self not in stack[1:]:
            return super().render()
        return BackgroundScreen(stack[stack.index(self) - 1], self.styles.background)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the keys do here, as a person has chosen them."""
        return acts_at(self, *self.PLACES)

    def keys_told(self, *rows: tuple[str, str]) -> str:
        """Return keys with what they do, for the edge of the window: ``enter choose · esc close``.

        Args:
            rows: Actions, and a word or two for each.
        """
        acts = self.acts
        return " · ".join(f"{key_of(acts, action)} {word}" for action, word in rows)

    def action_help(self) -> None:
        """Show what the keys do here, those of the field that has the focus first."""
        from .help import help_menu  # noqa: PLC0415 - help is a dialog itself

        self.app.push_screen(help_menu(self.HELP_TITLE, (*inner(self), *self.acts)), runner(self))

    def answer(self, value: T | None) -> None:
        """Close with an answer, unless it was given already: a second key came with the first."""
        if self.is_active:
            self.dismiss(value)

    def action_cancel(self) -> None:
        """Go away without a choice."""
        self.answer(None)

    def on_click(self, event: events.Click) -> None:
        """Go away when the click was outside the window."""
        if event.widget is self:
            self.answer(None)
