"""Rows to choose from that change while somebody points at them."""

from __future__ import annotations

from textual.command import CommandList
from textual.events import Click
from textual.widgets import OptionList


class Choices(OptionList):
    """Rows that a search makes fewer, perhaps between the drawing of one and the click on it."""

    def _on_click(self, event: Click) -> None:  # type: ignore[override]
        """Choose nothing where a row was clicked that is gone: Textual would look it up."""
        clicked: int | None = event.style.meta.get("option")
        if clicked is not None and clicked >= self.option_count:
            event.prevent_default()


class CommandChoices(CommandList, Choices):
    """The rows of the command palette."""
