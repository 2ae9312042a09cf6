"""The pattern in words: what goes wrong without it, what it does about that, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import NO_PRIMER, LabFrame
from mailrail_patterns.declaration import Story
from mailrail_patterns.primer import Experiment, Primer, Term

from .caption import wrap
from .paper import Paper, Span
from .scrolling import Scrolling

WIDEST: Final = 84
"""Columns of text beyond which lines are hard to follow."""


Row = tuple[Span, ...]


def book(story: Story, primer: Primer, width: int) -> list[Row]:
    """Return the story as rows of at most ``width`` columns, headings and bullets included."""
    room = max(8, min(width, WIDEST))
    chapters = (
        ("Problem", _said((story.problem,), room)),
        ("Solution", _said((story.solution,), room)),
        ("Use it when", _said(story.when, room)),
        ("Not when", _said(story.when_not, room)),
        ("Words", [row for term in primer.terms for row in _explained(term, room)]),
        ("Try", [row for each in primer.experiments for row in _asked(each, room)]),
        ("Often told, and not so", _said(story.mistaught, room)),
        ("Brokers differ", _said(story.brokers, room)),
    )
    rows: list[Row] = []
    for title, told in chapters:
        if told:
            rows += [*([()] if rows else []), ((title, "note+bold"),), *told]
    return rows


def _said(sentences: Sequence[str], room: int) -> list[Row]:
    if len(sentences) == 1:
        return [((line, "text"),) for line in wrap(sentences[0], room)]
    return [row for sentence in sentences for row in _point(sentence, room)]


def _point(sentence: str, room: int) -> list[Row]:
    lines = enumerate(wrap(sentence, room - 2))
    return [(("  " if index else "· ", "lane"), (line, "text")) for index, line in lines]


def _explained(term: Term, room: int) -> list[Row]:
    rows: list[Row] = [(("· ", "lane"), (term.name, "text+bold"))]
    return rows + [(("  ", "lane"), (line, "text")) for line in wrap(term.about, room - 2)]


def _asked(experiment: Experiment, room: int) -> list[Row]:
    rows = _point(experiment.question, room)
    return rows + [(("  ", "lane"), (line, "faint")) for line in wrap(experiment.flags, room - 2)]


class Storybook(Scrolling):
    """The story, to be scrolled."""

    DEFAULT_CSS = """
    Storybook { height: 1fr; padding: 0 1; }
    """

    _rows: tuple[object, list[Row]] = (None, [])

    def inputs(self, frame: LabFrame) -> object:
        """The story does not change."""
        return (frame.story, frame.primer)

    def rows(self) -> list[Row]:
        """Return the rows at the present width."""
        story = None if self.frame is None else self.frame.story
        made_for = (story, self.content_size.width)
        if self._rows[0] != made_for:
            primer = NO_PRIMER if self.frame is None else self.frame.primer
            found = [] if story is None else book(story, primer, made_for[1])
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
