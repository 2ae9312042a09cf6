"""The command palette, which closes once."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

from ..choices import CommandChoices


class Commands(CommandPalette):
    """Textual's palette; a second click beside it does not close the screen below."""

    # On the ground of the other windows, where every colour is made readable; what tells the key
    # of a row would be faint under the cursor, and is told from its name by not being bold.
    DEFAULT_CSS = """
    Commands > Vertical, Commands > Vertical:dark { background: $surface; }
    Commands CommandInput { color: $legible-text; }
    Commands CommandList > .option-list--option { color: $legible-text; }
    Commands CommandList > .option-list--option-highlighted {
        color: $block-cursor-blurred-foreground;
    }
    Commands > .command-palette--help-text { text-style: not bold; }
    """

    def compose(self) -> ComposeResult:
        """Compose Textual's palette, with rows that may be clicked while a search goes on."""
        for widget in super().compose():
            yield CommandChoices() if type(widget) is CommandList else widget

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already: Textual closes whatever screen is on top."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
