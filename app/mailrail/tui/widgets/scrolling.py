"""The base of everything that scrolls: the same keys everywhere, and the wheel."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType

from ..actions import Act, bindings
from ..keymap import acts_at
from ..pane_actions import PANE
from .canvas import Canvas

WHEEL: Final = 3
"""Rows one notch of the wheel scrolls."""


class Scrolling(Canvas, can_focus=True):
    """Rows of which not all may be in sight.

    Attributes:
        first: The first row shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(PANE, "pane")
    PLACES: ClassVar[tuple[str, ...]] = ("pane",)

    first = 0

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the keys do here, as a person has chosen them."""
        return acts_at(self, *self.PLACES)

    # --- for subclasses -------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Rows in all."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """Rows that can be seen at once."""
        return self.content_size.height

    def show_from(self, first: int) -> None:
        """Show the rows from ``first`` on, as far as there are any."""
        first = max(0, min(first, self.count - self.room))
        if first != self.first:
            self.first = first
            self.redraw()

    def action_move(self, rows: int) -> None:
        """Scroll by so many rows."""
        self.show_from(self.first + rows)

    # --- for Textual ----------------------------------------------------------------------

    def action_page(self, pages: int) -> None:
        """Move by so many screenfuls."""
        self.action_move(pages * max(1, self.room - 1))

    def action_half(self, pages: int) -> None:
        """Move by so many halves of a screenful."""
        self.action_move(pages * max(1, self.room // 2))

    def action_edge(self, way: int) -> None:
        """Move to the first or the last row."""
        self.action_move(way * self.count)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll towards the first row."""
        event.stop()
        self.show_from(self.first - WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll towards the last row."""
        event.stop()
        self.show_from(self.first + WHEEL)

    def on_focus(self) -> None:
        """Show that the keys are here."""
        self.redraw()

    def on_blur(self) -> None:
        """Show that they are not."""
        self.redraw()
