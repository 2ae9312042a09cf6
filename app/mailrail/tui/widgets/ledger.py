"""What happened, line by line, the newest at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from mailrail.frames import LabFrame, LedgerRow

from .glyphs import POINTER, TONES
from .listing import Listing
from .paper import Paper, cut

TEXT_INKS = {"bad": "broken+bold", "warn": "warn", "good": "text", "note": "note", "plain": "text"}


def paint_ledger(
    frame: LabFrame, width: int, height: int, first: int | None = None, cursor: int = 0
) -> Paper:
    """Draw rows from ``first`` on, or the last ones if it is None.

    The event whose number is ``cursor`` is marked as selected; 0 marks none.
    """
    paper = Paper(width, height)
    rows = frame.ledger
    if first is None:
        first = max(0, len(rows) - height)
    shown = rows[first : first + height]
    time = max((len(_time(row.t)) for row in shown), default=0)
    for y, row in enumerate(shown):
        _row(paper, y, row, time, cursor == row.n)
    if not rows and height:
        paper.put(1, 0, cut("nothing has happened yet", width - 1), "faint+italic")
    rest = len(rows) - first - height
    if rest > 0 and height > 1:
        text = f" {rest} more below ↓ "
        paper.right(width, height - 1, text, "on-note")
    return paper


def _time(t: float) -> str:
    return f"{t:.2f}"


def _row(paper: Paper, y: int, row: LedgerRow, time: int, selected: bool) -> None:
    sign, ink = TONES.get(row.tone, TONES["plain"])
    paper.put(0, y, POINTER if selected else " ", "selected+bold")
    x = paper.right(1 + time, y, _time(row.t), "selected+bold" if selected else "faint")
    x = paper.put(1 + time + 1, y, sign, f"{ink}+bold")
    text = TEXT_INKS.get(row.tone, "text") + ("+bold" if selected else "")
    paper.fit(x + 1, y, row.text, paper.width - x - 1, text)
    paper.zone(y, 0, paper.width, "event", str(row.n))


class Ledger(Listing):
    """The narrated events; follows the newest until a person scrolls away from it."""

    DEFAULT_CSS = """
    Ledger { height: 1fr; }
    """

    class Selected(Message):
        """A person selected an event.

        Attributes:
            n: Number of the event.
        """

        def __init__(self, n: int) -> None:
            super().__init__()
            self.n = n

    following = True
    cursor = 0

    def inputs(self, frame: LabFrame) -> object:
        """Only the ledger matters here."""
        return frame.ledger

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the last rows, or those that were scrolled to."""
        last = max(0, len(frame.ledger) - height)
        if self.following or self.first >= last:
            self.first = last
        return paint_ledger(frame, width, height, self.first, self.cursor)

    def keys(self) -> Sequence[str]:
        """Return the numbers of the events."""
        return [] if self.frame is None else [str(row.n) for row in self.frame.ledger]

    def chosen(self) -> str:
        """Return the number of the event the cursor is on."""
        return str(self.cursor) if self.cursor else ""

    def point(self, key: str) -> None:
        """Put the cursor on an event; the last one is followed."""
        self.cursor = int(key)
        keys = self.keys()
        self.following = bool(keys) and keys[-1] == key
        self.redraw()

    def choose(self, key: str) -> None:
        """Post :class:`Selected`."""
        self.post_message(self.Selected(int(key)))

    def show_from(self, first: int) -> None:
        """Scroll; at the end the newest row is followed again."""
        self.following = first >= len(self.keys()) - self.room
        super().show_from(first)

    def follow(self) -> None:
        """Follow the newest row and select none."""
        self.following, self.cursor = True, 0
        self.redraw()
