"""Everything about what is selected: a sheet of lines, of which most lead on to something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail.sheet import Entry, Section, Sheet

from . import bars, glyphs
from .caption import wrap
from .listing import Listing
from .paper import Paper, cut
from .picked import Picked
from .storybook import more_below

TITLE: Final = "inspector"

LABEL: Final = 14
"""Columns of the labels at the most."""

DEEPEST: Final = 4
"""Steps of indentation that are drawn."""

BAR: Final = 6
"""Columns of a countdown."""

INKS: Final = {
    "plain": "text", "good": "done", "warn": "warn", "bad": "broken+bold", "note": "note",
    "faint": "faint",
}  # fmt: skip


class Row(NamedTuple):
    """One row of the sheet on the screen.

    Attributes:
        text: What stands in it.
        entry: The line of the sheet; None: a heading, or nothing.
        begins: Whether it is the first row of that line.
        label: Columns of the labels of its section.
    """

    text: str
    entry: Entry | None = None
    begins: bool = True
    label: int = 0


def rows_of(sheet: Sheet, width: int) -> list[Row]:
    """Return a sheet as rows; what is too long for one is told in several."""
    rows: list[Row] = []
    for section in sheet.sections:
        if section.title:
            rows.append(Row(section.title))
        label = _label(section, width)
        for entry in section.entries:
            room = max(6, width - _text_at(entry, label) - 1)
            if len(entry.text) <= room:
                rows.append(Row(entry.text, entry, label=label))
                continue
            for index, text in enumerate(wrap(entry.text, room) or [""]):
                rows.append(Row(text, entry, not index, label))
    return rows


def _label(section: Section, width: int) -> int:
    longest = max((len(entry.label) for entry in section.entries), default=0)
    return min(longest, LABEL, max(0, width // 3))


def _text_at(entry: Entry, label: int) -> int:
    bar = BAR + 1 if entry.left >= 0 else 0
    return 1 + (label + 1 if label else 0) + 2 * min(entry.depth, DEEPEST) + bar


def paint_sheet(
    rows: Sequence[Row], width: int, height: int, first: int = 0, cursor: int = -1
) -> Paper:
    """Draw the rows from ``first`` on; the one under the cursor is marked."""
    paper = Paper(width, height)
    for y, row in enumerate(rows[first : first + height]):
        if row.entry is None:
            paper.put(0, y, cut(row.text, width), "note+bold")
            continue
        _line(paper, y, row, first + y == cursor)
        if row.entry.target is not None:
            paper.zone(y, 0, width, "line", str(first + y))
    more_below(paper, len(rows) - first - height)
    return paper


def _line(paper: Paper, y: int, row: Row, here: bool) -> None:
    entry = row.entry
    if entry is None:
        return
    x = _text_at(entry, row.label)
    ink = INKS[entry.tone]
    if row.begins:
        paper.fit(1, y, entry.label, row.label, "selected+bold" if here else "faint")
        if entry.depth:
            stem = x - 2 - (BAR + 1 if entry.left >= 0 else 0)
            paper.put(stem, y, "└ ", "lane")
        if entry.left >= 0:
            bars.drain(paper, x - BAR - 1, y, BAR, entry.left,
                       "warn" if entry.left < 0.35 else "held")  # fmt: skip
    if here:
        paper.put(0, y, glyphs.POINTER, "selected+bold")
        ink = "selected+bold"
    end = paper.fit(x, y, row.text, paper.width - x - 1, ink)
    if row.begins and entry.target is not None and end < paper.width:
        paper.put(end, y, "›", "note" if here else "lane")


class Inspector(Listing):
    """The sheet of what is selected, with a cursor."""

    DEFAULT_CSS = """
    Inspector { height: 1fr; }
    """

    cursor = 0
    _made: tuple[Sheet | None, int, list[Row]] = (None, 0, [])

    def inputs(self, frame: LabFrame) -> object:
        """Only the sheet matters here; it is the same one until something has changed."""
        return frame.sheet

    def show(self, frame: LabFrame) -> None:
        """Draw a frame; another subject is read from its beginning."""
        before = None if self.frame is None else self.frame.selection
        if frame.selection != before:
            self.cursor = self.first = 0
        title = f"{TITLE} · {frame.sheet.title}" if frame.sheet else TITLE
        if self.border_title != title:
            self.border_title = title
        super().show(frame)

    def rows(self) -> list[Row]:
        """Return the rows at the present width."""
        sheet = None if self.frame is None else self.frame.sheet
        width = self.content_size.width
        if self._made[0] is not sheet or self._made[1] != width:
            self._made = (sheet, width, rows_of(sheet, width) if sheet else [])
        return self._made[2]

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the sheet."""
        rows = self.rows()
        self.first = max(0, min(self.first, len(rows) - height))
        return paint_sheet(rows, width, height, self.first, self.cursor if self.has_focus else -1)

    def keys(self) -> Sequence[str]:
        """Return the numbers of the rows."""
        return [str(index) for index in range(len(self.rows()))]

    def chosen(self) -> str:
        """Return the row the cursor is on."""
        return str(min(self.cursor, max(0, len(self.rows()) - 1)))

    def point(self, key: str) -> None:
        """Put the cursor on a row."""
        self.cursor = int(key)
        self.redraw()

    def choose(self, key: str) -> None:
        """Post what a row leads to."""
        rows = self.rows()
        entry = rows[int(key)].entry if int(key) < len(rows) else None
        if entry is not None and entry.target is not None:
            target = entry.target
            self.post_message(Picked(target.kind.value, target.key, opens=True))
