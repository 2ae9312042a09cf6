"""Everything that will not be delivered any more, one message a row, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import MessageView

from . import figures, glyphs
from .caption import wrap
from .listing import Headed
from .paper import Paper
from .storybook import more_below

NONE: Final = "no dead letters: no message was put aside as undeliverable"

LONGEST: Final = 18
"""Columns of a name at the most."""

TIGHT: Final = 50
"""Columns below which names are shorter and instants are left out: why it died matters most."""

SHORTEST: Final = 13
"""Columns of a name at the most where it is tight."""


def buried(frame: LabFrame) -> list[tuple[str, MessageView]]:
    """Return queue and message of all that is dead, put away or dropped, the latest first."""
    found = [
        (queue.name, message)
        for queue in frame.view.queues
        for message in (*queue.dead, *queue.shelved, *queue.dropped)
    ]
    return sorted(found, key=lambda each: -each[1].moved)


def paint_dead(frame: LabFrame, width: int, height: int, first: int = 0) -> Paper:
    """Draw a heading and one row a message: name, queue, deliveries, when and why."""
    paper = Paper(width, height)
    rows = buried(frame)
    if not rows:
        for y, line in enumerate(wrap(NONE, max(8, width - 1))[:height]):
            paper.fit(1, y, line, width - 1, "faint+italic")
        return paper
    tight = width < TIGHT
    most = SHORTEST if tight else LONGEST
    name = min(most, max(7, *(len(message.name) for _, message in rows)))
    queue = min(LONGEST, max(5, *(len(where) for where, _ in rows)))
    queue = queue if width >= name + queue + 34 else 0
    head = 1 if height > 3 else 0
    spots = (3, name + 4, name + queue + 5 + bool(queue), name + queue + 9 + bool(queue))
    why = spots[3] + (0 if tight else 9)
    if head:
        at = "" if tight else "at"
        for x, text in zip(spots, ("message", "queue" if queue else "", "#", at), strict=True):
            paper.fit(x, 0, text, width - x, "faint")
        paper.fit(why, 0, "why", width - why, "faint")
    shown = rows[first : first + height - head]
    for y, (where, message) in enumerate(shown, head):
        _row(paper, y, where, message, frame, (name, queue), spots, why)
    more_below(paper, len(rows) - first - (height - head))
    return paper


def _row(
    paper: Paper, y: int, where: str, message: MessageView, frame: LabFrame,
    widths: tuple[int, int], spots: tuple[int, int, int, int], why: int,
) -> None:  # fmt: skip
    picked = frame.selection
    chosen = picked.kind.value == "message" and picked.key == f"{where}/{message.name}"
    paper.put(0, y, glyphs.POINTER if chosen else " ", "selected+bold")
    paper.put(1, y, glyphs.DEAD, "dead")
    paper.fit(spots[0], y, message.name, widths[0], "selected+bold" if chosen else "text+bold")
    paper.fit(spots[1], y, where, widths[1], "text")
    paper.fit(spots[2], y, f"#{message.delivery}", 4, "warn")
    x = why
    if why > spots[3]:
        x = max(x, paper.put(spots[3], y, f"{figures.clock(message.moved)} s", "faint") + 1)
    word = "" if message.stage == "dead" else f"{message.stage}: "
    paper.fit(x, y, f"{word}{message.reason}", paper.width - x, "dead")
    paper.zone(y, 0, paper.width, "message", f"{where}/{message.name}")


class DeadLetters(Headed):
    """The dead; the selected one is marked."""

    DEFAULT_CSS = """
    DeadLetters { height: 1fr; }
    """
    KIND = "message"

    def inputs(self, frame: LabFrame) -> object:
        """Only what is dead matters, and which of it is selected."""
        return (buried(frame), frame.selection)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the table."""
        self.first = max(0, min(self.first, self.count - self.room))
        return paint_dead(frame, width, height, self.first)

    def keys(self) -> Sequence[str]:
        """Return queue and name of each message."""
        if self.frame is None:
            return []
        return [f"{queue}/{message.name}" for queue, message in buried(self.frame)]
