"""The queue: messages on a winding rail, the head of the queue nearest the consumers."""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len

from mailrail_patterns.views import MessageView, QueueView

from . import figures, glyphs
from .motion import Point
from .paper import Paper, cut, whole
from .stage import Stage

LONGEST = 10
"""Columns a message's name is cut to."""

COUNTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺"
"""Delivery counts as they stand behind a message that has come back."""


def label(message: MessageView, room: int = LONGEST) -> str:
    """Return a message's name, with the delivery count once it has been delivered."""
    name = cut(message.name, room)
    return f"{name}#{message.delivery}" if message.delivery else name


def cell_of(queue: QueueView) -> int:
    """Return the columns of one message: those of the longest name near the head."""
    return min(LONGEST, max((cell_len(m.name) for m in queue.ready[:64]), default=3))


def rows_wanted(queue: QueueView, columns: int) -> int:
    """Return how many rows of ``columns`` all ready messages would fill."""
    per_row = max(1, columns // (cell_of(queue) + 1))
    return max(1, -(-queue.depth // per_row))


def put_off(queue: QueueView) -> list[str]:
    """Say how many messages cannot be received yet: ``◷ 3 scheduled``, ``↴ 1 deferred``."""
    found = (glyphs.LATER, queue.scheduled, "scheduled"), (glyphs.ASIDE, queue.deferred, "deferred")
    return [f"{sign} {figures.count(number)} {word}" for sign, number, word in found if number]


class Lane:
    """The places of a queue's messages, and how to draw them.

    Attributes:
        queue: The queue.
        slots: Where each message that is shown stands, the head first.
        cell: Columns of one message.
    """

    def __init__(
        self, stage: Stage, queue: QueueView, *, ink: str = "on-ready", title: str = ""
    ) -> None:
        """Place the messages of ``queue``, to be drawn in an ``ink`` under a ``title``."""
        self._stage, self._ink, self._title = stage, ink, title or queue.name
        self.queue = queue
        x, y, wide, tall = stage.lane
        self._framed = stage.wide and tall >= 3
        inset = 1 if self._framed else 0
        self._box = (x + inset, y + inset, wide - 2 * inset, tall - 2 * inset)
        self.cell = cell_of(queue)
        self.slots = self._places(queue.depth)

    def _per_row(self) -> int:
        return max(1, self._box[2] // (self.cell + 1))

    def _places(self, depth: int) -> list[Point]:
        per_row, tall = self._per_row(), self._box[3]
        count = min(depth, len(self.queue.ready), per_row * tall)
        if depth > count:
            # How many more there are is told in the last row, or where the tail of it would be.
            note = -(-(len(self._note(depth)) + 1) // (self.cell + 1))
            count = min(count, per_row * (tall - 1) if tall > 1 else max(0, per_row - note))
        return [self._spot(index) for index in range(count)]

    def _spot(self, index: int) -> Point:
        per_row, (x, y, wide, _) = self._per_row(), self._box
        row, place = divmod(index, per_row)
        # The rail winds: every second row runs the other way, so that a message never jumps.
        if row % 2:
            place = per_row - 1 - place
        return x + wide - (place + 1) * (self.cell + 1), y + row

    def _note(self, rest: int) -> str:
        text = f"+{figures.count(rest)} more"
        return text if len(text) <= self._box[2] else text.removesuffix(" more")

    def place(self, index: int) -> Point:
        """Return where the message at ``index`` stands, the tail if it is not shown."""
        if index < len(self.slots):
            return self.slots[index]
        return self.slots[-1] if self.slots else self._stage.exit

    def draw(self, paper: Paper, away: Collection[tuple[str, str]], alarm: str) -> None:
        """Draw the frame, the messages that are not ``away`` on their way, and how many there are.

        An ``alarm``, what is wrong with the queue, shows on its frame.
        """
        queue = self.queue
        full = queue.capacity is not None and queue.depth >= queue.capacity > 0
        ink = "fault" if alarm else "warn" if full else "lane"
        x, y, wide, tall = self._stage.lane
        if self._framed:
            self._frame(paper, ink, full)
        elif self._stage.wide:
            paper.put(x, y, "─" * wide, ink)
        for row in range(y + 1 if self._framed else y, y + tall):
            paper.zone(row, x, x + wide, "queue", queue.name)
        for message, (x, y) in zip(queue.ready, self.slots, strict=False):
            if (message.name, "") not in away:
                name = cut(message.name, self.cell)
                if message.delivery:
                    # It stands in the gap, so that a message that came back moves no other.
                    paper.put(x, y, name + COUNTS[min(message.delivery, 10)], "on-held")
                else:
                    paper.put(x, y, name, self._ink)
                paper.zone(y, x, x + self.cell, "message", message.name)
        rest = queue.depth - len(self.slots)
        if rest > 0:
            self._more(paper, rest)

    def _frame(self, paper: Paper, ink: str, full: bool) -> None:
        x, y, wide, tall = self._stage.lane
        paper.put(x, y, "╭" + "─" * (wide - 2) + "╮", ink)
        for row in range(y + 1, y + tall - 1):
            paper.put(x, row, "│", ink)
            paper.put(x + wide - 1, row, "│", ink)
        paper.put(x, y + tall - 1, "╰" + "─" * (wide - 2) + "╯", ink)
        end = paper.put(x + 1, y, cut(f" {self._title} ", wide - 3), "text+bold")
        paper.zone(y, x + 1, end, "queue", self.queue.name)
        count, ink = depth_of(self.queue)
        told = whole(wide - 3, f" {count} ready ", f"{count} ready ", f" {count} ")
        paper.right(x + wide - 2, y + tall - 1, told, f"{ink}+bold")
        if full:
            paper.put(end, y, cut("FULL ", x + wide - 1 - end), "warn+bold")

    def _more(self, paper: Paper, rest: int) -> None:
        x, y = self._spot(len(self.slots))
        start, _, wide, _ = self._box
        text = cut(self._note(rest), wide)
        if (y - self._box[1]) % 2:
            paper.put(x, y, text, "depth+bold")
        else:
            paper.right(max(x + self.cell, start + len(text)), y, text, "depth+bold")


def depth_of(queue: QueueView) -> tuple[str, str]:
    """Return depth over capacity, and the ink for it."""
    bound = glyphs.UNBOUNDED if queue.capacity is None else figures.count(queue.capacity)
    full = queue.capacity is not None and queue.depth >= queue.capacity > 0
    return f"{figures.count(queue.depth)}/{bound}", "warn" if full else "ready"
