"""What the presenter says, for as long as it takes to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from mailrail.frames import LabFrame
from mailrail.lecture import ANSWER, shown

from ..actions import LAB, Act
from ..keymap import key_of
from .canvas import Canvas
from .paper import Paper, columns, cut, solid

LASTS: Final = 6.0
"""How long a caption stays at speed 1, in seconds of virtual time; longer when time is fast."""

MEASURE: Final = 72
"""Columns of a line that an audience reads."""


def visible(frame: LabFrame) -> str:
    """Return the caption that is to be read now; empty: none."""
    view = frame.view
    if not view.caption or view.now < view.caption_at:
        return ""
    lasts = frame.lecture or ANSWER in view.caption  # a question stays until another takes over
    if not lasts and view.now - view.caption_at > LASTS * max(1.0, frame.speed):
        return ""
    return shown(view.caption, answered=frame.answered)


def wrap(text: str, width: int) -> list[str]:
    """Return text broken into rows of at most ``width`` columns.

    It is broken between words; wherever the row ends in scripts that have no blanks, and in a
    word that no row has room for.
    """
    rows: list[str] = []
    row = ""
    for word in solid(text).split():
        longer = f"{row} {word}" if row else word
        if columns(longer) <= width:
            row = longer
            continue
        broken = columns(word) > min(width, len(word))
        *full, row = _broken(longer, width) if broken else (row, word)
        rows += filter(None, full)
    return [*rows, row] if row else rows


def _broken(text: str, width: int) -> list[str]:
    """Return text broken wherever a row of ``width`` columns ends; marks stay on their letter."""
    rows, used = [""], 0
    for letter in text:
        size = cell_len(letter)
        if used + size > width and rows[-1]:
            rows.append("")
            used = 0
        rows[-1] += letter
        used += size
    return [row.strip() for row in rows]


def paint_caption(frame: LabFrame, width: int, height: int, acts: Sequence[Act] = LAB) -> Paper:
    """Draw the caption, broken into the rows there are.

    Args:
        frame: The run.
        width: Columns.
        height: Rows.
        acts: What can be done on the screen.
    """
    paper = Paper(width, height)
    room = width - 4 if not frame.lecture else min(MEASURE, width - 4)
    text = visible(frame)
    rows = wrap(text, room)
    if len(rows) > height:
        rows = [*rows[: height - 1], " ".join(rows[height - 1 :])]
    for y, row in enumerate(rows):
        paper.put(1, y, "»" if y == 0 else " ", "caption+bold")
        paper.put(3, y, cut(row, room), "caption+bold" if frame.lecture else "caption")
    hint = hint_of(frame, acts) if text or frame.lecture else ""
    used = 3 + columns(cut(rows[-1], room)) if len(rows) == height else 0
    if hint and used + len(hint) + 2 > width:  # the last words give way: they can be read again
        paper.put(width - len(hint) - 3, height - 1, " " * (len(hint) + 3))
    paper.right(width - 1, height - 1, hint, "faint")
    return paper


def hint_of(frame: LabFrame, acts: Sequence[Act]) -> str:
    """Return which key goes on, where a person is waited for; empty: nobody is."""
    if not frame.answered:
        ways = [("go_on", "the answer")]
    elif frame.lecture and not frame.playing:
        ways = [("go_on", "on"), ("lecture", "end")]
    else:
        ways = []
    keys = [(key_of(acts, action), does) for action, does in ways]
    told = ", ".join(f"{key}: {does}" for key, does in keys if key)
    return f"({told})" if told else ""


class Caption(Canvas):
    """The caption of the present moment."""

    DEFAULT_CSS = """
    Caption { height: 1; }
    """

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the caption."""
        return paint_caption(frame, width, height, self.screen_acts)
