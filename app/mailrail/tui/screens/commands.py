"""The command palette, which closes once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class Commands(CommandPalette):
    """Textual's palette; a second click beside it does not close the screen below."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already: Textual closes whatever screen is on top."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
