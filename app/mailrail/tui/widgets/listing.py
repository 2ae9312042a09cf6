"""The base of lists a person can scroll and choose from, with the mouse or the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ..actions import bindings
from ..pane_actions import ROWS
from .picked import Picked
from .scrolling import Scrolling


class Listing(Scrolling):
    """Rows with a cursor and a place of their own."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ROWS, "rows")
    PLACES = ("rows", "pane")

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
    def count(self) -> int:
        """Rows in all."""
        return len(self.keys())

    # --- for Textual ----------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        keys = self.keys()
        if not keys:
            return
        try:
            index = keys.index(self.chosen()) + rows
        except ValueError:
            index = rows - 1 if rows > 0 else len(keys) + rows
        index = max(0, min(index, len(keys) - 1))
        self.first = min(self.first, index)
        self.first = max(self.first, index - self.room + 1)
        self.point(keys[index])

    def action_choose(self) -> None:
        """Choose the row the cursor is on."""
        if self.chosen():
            self.choose(self.chosen())

    def take(self, kind: str, name: str) -> None:
        """Choose a row."""
        self.point(name)
        self.choose(name)


class Selectable(Listing):
    """Rows that stand for things that can be selected: the cursor is where the selection is.

    A click selects; what is selected already is opened by a click or by enter.
    """

    KIND: ClassVar[str] = ""

    def chosen(self) -> str:
        """Return the key of the row that is selected; empty: none of these."""
        if self.frame is None or self.frame.selection.kind.value != self.KIND:
            return ""
        return self.frame.selection.key

    def point(self, key: str) -> None:
        """Post that a row is selected; the mark moves when the next frame says so."""
        if key != self.chosen():
            self.post_message(Picked(self.KIND, key))

    def choose(self, key: str) -> None:
        """Post that what is selected is to be opened."""
        if key == self.chosen():
            self.post_message(Picked(self.KIND, key, opens=True))


class Headed(Selectable):
    """A table of such rows below a heading, which a very low one leaves out."""

    @property
    def room(self) -> int:
        """Rows of the table, without the heading."""
        height = self.content_size.height
        return height - 1 if height > 3 else height
