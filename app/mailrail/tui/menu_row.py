"""A row of a menu: what it is called, and beside that a sentence in a column of its own."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

LEAST: Final = 60
"""Columns below which a sentence is not wrapped: it would be a column of single words."""


class MenuRow(Visual):
    """What a row is called, and what it does.

    The sentence goes on below itself where there is room for that, and is cut where there is not.
    """

    def __init__(self, head: Content, about: str) -> None:
        """Prepare the row.

        Args:
            head: What stands in front, as wide in every row of the menu.
            about: The sentence; empty: none.
        """
        self._head = head
        self._about = about
        self._made: tuple[int, Content] | None = None

    def __str__(self) -> str:
        """Return what it says, on one line."""
        return self._head.plain + self._about

    def cut(self, width: int) -> bool:
        """Return whether the sentence is cut where the row has so many columns."""
        room = width - self._head.cell_length
        return room < LEAST and len(self._about) > room

    def _at(self, width: int) -> Content:
        if self._made is None or self._made[0] != width:
            self._made = width, self._laid_out(width)
        return self._made[1]

    def _laid_out(self, width: int) -> Content:
        if not self._about:
            return self._head
        indent = self._head.cell_length
        room = width - indent
        lines = [self._about] if room < LEAST else wrap(self._about, room)
        return Content.assemble(self._head, (f"\n{' ' * indent}".join(lines), "dim"))

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Draw the row."""
        return self._at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the columns it takes on one line."""
        return self._head.cell_length + len(self._about)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines it takes."""
        return self._at(width).get_height(rules, width)
