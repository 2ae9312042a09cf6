"""The base of lists a person can scroll and choose from, with the mouse or the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from .canvas import Canvas

WHEEL = 3
"""Rows one notch of the wheel scrolls."""


class Listing(Canvas, can_focus=True):
    """Rows with a cursor and a place of their own.

    Attributes:
        first: The first row shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    first = 0

    # --- for subclasses -------------------------------------------------------------------

    def keys(self) -> Sequence[str]:
        """Return what can be chosen, in the order of the rows."""
        raise NotImplementedError

    def chosen(self) -> str:
        """Return what the cursor is on; empty: nothing."""
        raise NotImplementedError

    def point(self, key: str) -> None:
        """Put the cursor on a row."""
        raise NotImplementedError

    def choose(self, key: str) -> None:
        """Tell the screen that a row was chosen."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """Rows of the list that can be seen."""
        return self.content_size.height

    def show_from(self, first: int) -> None:
        """Show the rows from ``first`` on, as far as there are any."""
        first = max(0, min(first, len(self.keys()) - self.room))
        if first != self.first:
            self.first = first
            self.redraw()

    # --- for Textual ----------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        keys = self.keys()
        if not keys:
            return
        try:
            index = keys.index(self.chosen()) + rows
        except ValueError:
            index = 0 if rows > 0 else len(keys) - 1
        index = max(0, min(index, len(keys) - 1))
        self.first = min(self.first, index)
        self.first = max(self.first, index - self.room + 1)
        self.point(keys[index])

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screenfuls."""
        self.action_move(pages * max(1, self.room - 1))

    def action_edge(self, way: int) -> None:
        """Move the cursor to the first or the last row."""
        self.action_move(way * len(self.keys()))

    def action_choose(self) -> None:
        """Choose the row the cursor is on."""
        if self.chosen():
            self.choose(self.chosen())

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        offset = event.get_content_offset(self)
        zone = None if offset is None else self.zone_at(offset.x, offset.y)
        if zone is not None:
            self.point(zone.name)
            self.choose(zone.name)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll towards the first row."""
        event.stop()
        self.show_from(self.first - WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll towards the last row."""
        event.stop()
        self.show_from(self.first + WHEEL)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.redraw()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.redraw()
