"""Every queue of the run, one a row: what is ready, held, put off and dead, and how old it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import QueueView

from . import figures, glyphs
from .lane import depth_of
from .listing import Headed
from .paper import Paper
from .storybook import more_below

Figure = Callable[[QueueView], int]

EXPIRED: Final = f"{glyphs.DEAD}expired"

COLUMNS: Final[tuple[tuple[str, int, Figure, str], ...]] = (
    (f"{glyphs.LOCKED}locked", 8, lambda queue: len(queue.locked), "held"),
    (f"{glyphs.DEAD}dead", 6, lambda queue: queue.dead_count, "dead+bold"),
    (EXPIRED, 9, lambda queue: queue.expired, "dead+bold"),
    (f"{glyphs.LATER}sched", 7, lambda queue: queue.scheduled, "text"),
    (f"{glyphs.ASIDE}defer", 7, lambda queue: queue.deferred, "text"),
    (f"{glyphs.DONE}done", 7, lambda queue: queue.completed, "done"),
)
"""Heading, columns, figure and ink; where room is short the last ones give way."""

SELDOM: Final = frozenset({EXPIRED})
"""Columns that are there only if there is something in them."""

READY: Final = 9
AGE: Final = 8
LEAST: Final = 8
"""Columns of what is ready, of the oldest age, and of a queue's name at the least."""


def paint_queues(frame: LabFrame, width: int, height: int, first: int = 0) -> Paper:
    """Draw a heading and one row a queue."""
    paper = Paper(width, height)
    queues = frame.view.queues
    if not queues:
        paper.fit(1, 0, "no queue yet", width - 1, "faint+italic")
        return paper
    longest = max(len(queue.name) for queue in queues)
    columns = [c for c in COLUMNS if c[0] not in SELDOM or any(map(c[2], queues))]
    while columns and _spent(columns) + min(longest, 2 * LEAST) > width - 2:
        columns.pop()
    name = max(LEAST, min(longest, width - 2 - _spent(columns)))
    head = 1 if height > 3 else 0
    if head:
        paper.put(1, 0, "queue", "faint")
        _figures(paper, 0, name, ["ready", "oldest", *(each[0] for each in columns)],
                 ["faint"] * (len(columns) + 2), columns)  # fmt: skip
    for y, queue in enumerate(queues[first : first + height - head], head):
        chosen = frame.selection.kind.value == "queue" and frame.selection.name == queue.name
        paper.put(0, y, glyphs.POINTER if chosen else " ", "selected+bold")
        paper.fit(1, y, queue.name, name, "selected+bold" if chosen else "text")
        ready, ink = depth_of(queue)
        figure = [each[2](queue) for each in columns]
        age = figures.brief(queue.age) if queue.depth else "–"
        texts = [ready, age, *(figures.count(number) if number else "·" for number in figure)]
        inks = [f"{ink}+bold" if queue.depth else "faint", "age" if queue.depth else "faint"]
        inks += [each[3] if number else "faint" for each, number in zip(columns, figure,
                                                                         strict=True)]  # fmt: skip
        _figures(paper, y, name, texts, inks, columns)
        paper.zone(y, 0, width, "queue", queue.name)
    more_below(paper, len(queues) - first - (height - head))
    return paper


def _spent(columns: Sequence[tuple[str, int, Figure, str]]) -> int:
    return READY + AGE + sum(each[1] for each in columns)


def _figures(
    paper: Paper,
    y: int,
    name: int,
    texts: Sequence[str],
    inks: Sequence[str],
    columns: Sequence[tuple[str, int, Figure, str]],
) -> None:
    end = name + 1
    widths = (READY, AGE, *(each[1] for each in columns))
    for text, ink, wide in zip(texts, inks, widths, strict=True):
        end += wide
        paper.right(end, y, text, ink)


class Queues(Headed):
    """The queues; the selected one is marked."""

    DEFAULT_CSS = """
    Queues { height: 1fr; }
    """
    KIND = "queue"

    def inputs(self, frame: LabFrame) -> object:
        """Ages are told to the tenth of a second."""
        return (round(frame.view.now, 1), frame.view.queues, frame.selection)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the table."""
        self.first = max(0, min(self.first, self.count - self.room))
        return paint_queues(frame, width, height, self.first)

    def keys(self) -> Sequence[str]:
        """Return the names of the queues."""
        return [] if self.frame is None else [queue.name for queue in self.frame.view.queues]
