"""The queues that one actor alone reads, told in two signs at the end of its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from mailrail_patterns.views import QueueView

from . import figures, glyphs
from .paper import Paper
from .store_ways import TASKS_OF

ANSWERS: Final = glyphs.CHOSEN
"""What stands before the number of answers an actor has not read."""

TASKS: Final = glyphs.POINTER
"""What stands before the number of tasks that only one agent may take."""


def boxes_of(queues: Mapping[str, QueueView], actor: str) -> tuple[QueueView, ...]:
    """Return the queues only ``actor`` reads: its tasks, where it has its own, and its answers."""
    names = (f"{TASKS_OF}{actor}", actor)
    return tuple(queues[name] for name in names if name in queues)


def in_box(box: QueueView) -> str:
    """Return how many wait in a queue of one actor: ``◂2``."""
    sign = TASKS if box.name.startswith(TASKS_OF) else ANSWERS
    return f"{sign}{figures.count(box.depth)}"


def draw_boxes(paper: Paper, y: int, end: int, boxes: Sequence[QueueView], *, nobody: bool) -> None:
    """Draw those with something in them before column ``end``; their room was kept for them.

    Args:
        paper: What to draw on.
        y: The row.
        end: The column after the last.
        boxes: The queues.
        nobody: Whether nobody reads them now.
    """
    for box in boxes:
        if box.depth:
            ink = "dead+bold" if nobody else "ready+bold"
            start = paper.right(end, y, in_box(box), ink)
            paper.zone(y, start, end, "queue", box.name)
            end = start - 1
