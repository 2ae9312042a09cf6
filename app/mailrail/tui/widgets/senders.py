"""The column of producers."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail_patterns.views import ActorView

from . import figures, glyphs
from .motion import Point
from .paper import Paper
from .work import census


def rows_each(count: int, rows: int) -> int:
    """Return how many rows each of ``count`` producers gets; 0: they are summed up."""
    if rows >= 4 * count - 1:
        return 3
    return 2 if rows >= 2 * count else 0


def draw_producers(
    paper: Paper, producers: Sequence[ActorView], width: int, y: int, rows: int, selected: str
) -> dict[str, Point]:
    """Draw the producers into the first ``width`` columns.

    Returns:
        The places from which each one's messages leave.
    """
    each = rows_each(len(producers), rows)
    if not each:
        _summary(paper, producers, width, y, rows)
        return {actor.name: (width, y) for actor in producers}
    found = {}
    for actor in producers:
        ink = "selected+bold+underline" if actor.name == selected else "producer+bold"
        paper.put(0, y, glyphs.PRODUCER, "producer")
        found[actor.name] = (paper.fit(2, y, actor.name, width - 2, ink), y)
        state = f"{glyphs.state(actor.state)} {actor.state}"
        sent = f"sent {figures.count(actor.sent)}"
        if each == 3:
            paper.fit(2, y + 1, state, width - 2, actor.state)
            paper.fit(2, y + 2, sent, width - 2)
        else:
            x = paper.fit(2, y + 1, state, width - 2, actor.state) + 1
            sent = sent if x + len(sent) <= width else figures.count(actor.sent)
            paper.fit(x, y + 1, sent, width - x)
        for row in range(each):
            paper.zone(y + row, 0, width, "actor", actor.name)
        y += each + (1 if each == 3 else 0)
    return found


def _summary(paper: Paper, producers: Sequence[ActorView], width: int, y: int, rows: int) -> None:
    sent = sum(actor.sent for actor in producers)
    name = f"{figures.count(len(producers))} producers"
    if len(name) + 2 > width:
        name = f"{figures.count(len(producers))} senders"
    paper.put(0, y, glyphs.PRODUCER, "producer")
    paper.fit(2, y, name, width - 2, "producer+bold")
    paper.fit(2, y + 1, f"sent {figures.count(sent)}", width - 2)
    for row, (state, number) in enumerate(census(producers)[: max(0, rows - 2)], y + 2):
        text = f"{glyphs.state(state)} {figures.count(number)} {state}"
        paper.fit(2, row, text, width - 2, state)
