"""A card of the gallery: a pattern's problem, and a small picture of it that runs."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import Final

from textual import events
from textual.message import Message

from mailrail.frames import LabFrame
from mailrail_patterns.declaration import Story

from .canvas import Canvas
from .consuming import paint_consuming
from .paper import Paper
from .picture import PAINTERS
from .plot import Peaks

LINES: Final = 2
"""Rows the words may take at least where there are rows for a picture as well."""

SHARE: Final = 3
"""What part of the rows the words may take at the most, as a divisor."""

LOWEST: Final = 3
"""Rows below which a picture tells nothing."""


class Card(Canvas):
    """One pattern of the gallery."""

    DEFAULT_CSS = """
    Card {
        height: 1fr; border: round $panel; padding: 0 1;
        border-title-color: $text; border-title-style: bold; border-subtitle-color: $text-muted;
    }
    Card.-here { border: round $primary; border-title-color: $legible-name; }
    """

    class Pointed(Message):
        """A person clicked the card.

        Attributes:
            pattern: Its pattern.
        """

        def __init__(self, pattern: str) -> None:
            super().__init__()
            self.pattern = pattern

    def __init__(self, pattern: str, title: str, story: Story, place: str) -> None:
        """Show a pattern by its name, title and problem, and its place among all of them."""
        super().__init__()
        self.pattern = pattern
        self.border_title = title
        self.border_subtitle = place
        self._story = story
        self._peaks = Peaks()

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the problem, and below it the picture."""
        paper, used = self._words(width, height)
        if height - used >= LOWEST:
            painter = PAINTERS.get(self.pattern, paint_consuming)
            paper.paste(0, used, painter(frame, width, height - used, self._peaks))
            paper.zones.clear()  # a click anywhere means the card
        return paper

    def drawn(self, width: int, height: int) -> Paper:
        """Show the problem alone as long as there is no picture yet."""
        return super().drawn(width, height) or self._words(width, height)[0]

    def _words(self, width: int, height: int) -> tuple[Paper, int]:
        """Write the problem, briefly where it is too long; answer also how many rows it took."""
        paper = Paper(width, height)
        room = max(LINES, height // SHARE)
        lines = _wrapped(self._story.problem, max(8, width))
        if len(lines) > room:
            lines = _wrapped(self._story.brief, max(8, width))
        for y, line in enumerate(lines):
            paper.put(0, y, line, "faint+italic")
        return paper, len(lines)

    def on_click(self, event: events.Click) -> None:
        """Tell which card was clicked."""
        self.post_message(self.Pointed(self.pattern))


@lru_cache(64)  # every card is drawn over and over at one size
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, width))
