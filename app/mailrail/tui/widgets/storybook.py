"""The pattern in words: what goes wrong without it, what it does about that, and what is said."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.declaration import Story

from .caption import wrap
from .paper import Paper, Span
from .scrolling import Scrolling

WIDEST: Final = 84
"""Columns of text beyond which lines are hard to follow."""


def book(story: Story, width: int) -> list[tuple[Span, ...]]:
    """Return the story as rows of at most ``width`` columns, headings and bullets included."""
    room = max(8, min(width, WIDEST))
    chapters = (
        ("Problem", (story.problem,), "text"),
        ("Solution", (story.solution,), "text"),
        ("Use it when", story.when, "text"),
        ("Not when", story.when_not, "text"),
        ("Often told, and not so", story.mistaught, "text"),
        ("Brokers differ", story.brokers, "text"),
    )
    rows: list[tuple[Span, ...]] = []
    for title, sentences, ink in chapters:
        if not any(sentences):
            continue
        if rows:
            rows.append(())
        rows.append(((title, "note+bold"),))
        bullets = len(sentences) > 1
        for sentence in sentences:
            inset = "  " if bullets else ""
            for index, line in enumerate(wrap(sentence, room - len(inset))):
                before = ("· " if not index else inset) if bullets else ""
                rows.append(((before, "lane"), (line, ink)))
    return rows


class Storybook(Scrolling):
    """The story, to be scrolled."""

    DEFAULT_CSS = """
    Storybook { height: 1fr; padding: 0 1; }
    """

    _rows: tuple[object, list[tuple[Span, ...]]] = (None, [])

    def inputs(self, frame: LabFrame) -> object:
        """The story does not change."""
        return frame.story

    def rows(self) -> list[tuple[Span, ...]]:
        """Return the rows at the present width."""
        story = None if self.frame is None else self.frame.story
        made_for = (story, self.content_size.width)
        if self._rows[0] != made_for:
            found = [] if story is None else book(story, made_for[1])
            self._rows = (made_for, found)
        return self._rows[1]

    @property
    def count(self) -> int:
        """Rows in all."""
        return len(self.rows())

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the rows from the first one in sight."""
        paper, rows = Paper(width, height), self.rows()
        self.first = max(0, min(self.first, len(rows) - height))
        for y, row in enumerate(rows[self.first : self.first + height]):
            x = 0
            for text, ink in row:
                x = paper.put(x, y, text, ink)
        more_below(paper, len(rows) - self.first - height)
        return paper


def more_below(paper: Paper, rest: int) -> None:
    """Say in the last row how many rows there are below it."""
    if rest > 0 and paper.height > 1:
        paper.right(paper.width, paper.height - 1, f" {rest} more ↓ ", "on-note")
