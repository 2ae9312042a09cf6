"""A field of a form that holds one of a few values: the arrows and the mouse go through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ..actions import Act, bindings
from ..dialog_actions import PICK
from ..keymap import acts_at


class Pick(Static, can_focus=True):
    """One of several values.

    Attributes:
        value: The one that is picked.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PICK, "choice")
    DEFAULT_CSS = """
    Pick { height: 1; width: 1fr; color: $foreground; }
    Pick:focus { background: $surface-lighten-1; text-style: bold; }
    """

    class Changed(Message):
        """Another value was picked."""

    def __init__(self, value: str, choices: Sequence[str], *, id: str) -> None:  # noqa: A002
        """Offer ``choices``; ``value`` is one of them."""
        super().__init__(id=id)
        self.value = value
        self._choices = tuple(choices)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the keys do here, as a person has chosen them."""
        return acts_at(self, "choice")

    def on_mount(self) -> None:
        """Show the value."""
        self._show()

    def _show(self) -> None:
        at = self._choices.index(self.value)
        # Arrows that lead nowhere are still drawn, so that nothing jumps.
        ends = ("$text-disabled", "$text-accent")
        self.update(
            Content.assemble(
                ("< ", ends[at > 0]), self.value, (" >", ends[at < len(self._choices) - 1])
            )
        )

    def action_turn(self, step: int) -> None:
        """Go to the next value, or to the one before."""
        at = self._choices.index(self.value) + step
        if 0 <= at < len(self._choices):
            self.value = self._choices[at]
            self._show()
            self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """The left arrow goes back, anything else on."""
        self.action_turn(-1 if event.x < 2 else 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go back."""
        event.stop()
        self.action_turn(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go on."""
        event.stop()
        self.action_turn(1)
