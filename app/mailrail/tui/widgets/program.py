"""The source of the pattern, with the line at which the selected actor's coroutine stands."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from textual.binding import BindingType

from mailrail.code import CodeView, Place, Source
from mailrail.frames import LabFrame

from ..actions import bindings
from ..pane_actions import CODE
from . import glyphs
from .paper import Paper
from .scrolling import Scrolling
from .syntax import inked

TITLE: Final = "code"

NUMBERS: Final = 6
"""Columns of the pointer and the line numbers."""

LIT: Final = {"waits": "selected", "frozen": "paused", "died": "crashed"}
"""The ink of the line an actor stands at."""

CALLS: Final = 3
"""Calls within calls that are told below the source at the most."""


def paint_program(
    code: CodeView, source: Source, width: int, height: int, first: int, here: Place | None
) -> Paper:
    """Draw a file from line ``first`` + 1 on, the calls an actor is in below it.

    Args:
        code: Where the actor stands.
        source: The file that is read.
        width: Columns.
        height: Rows.
        first: Lines left out above.
        here: The place whose line is the one to look at; None: none.
    """
    paper = Paper(width, height)
    room = rows_of_source(code, height)
    lit = {place.line for place in code.places if place.source is source}
    ink = LIT[code.word]
    for y, number in enumerate(range(first + 1, min(len(source.lines), first + room) + 1)):
        mark = f"{ink}+bold" if number in lit else "faint"
        paper.right(NUMBERS - 1, y, f"{number}", mark)
        x = NUMBERS
        for text, span in inked(source)[number - 1]:
            x = paper.put(x, y, text, span)
        if number in lit:
            _light(paper, y, x, code, ink, here is not None and here.line == number)
    _foot(paper, room, code, source)
    return paper


def _light(paper: Paper, y: int, x: int, code: CodeView, ink: str, inmost: bool) -> None:
    """Light a line; a word at its end says why, where there is room."""
    paper.put(0, y, glyphs.POINTER, f"{ink}+bold")
    paper.tint(NUMBERS, y, paper.width, f"on-{ink}+bold" if inmost else f"{ink}+bold")
    word = f" {code.actor} {code.word if inmost else 'is in this'} "
    if x + len(word) < paper.width and inmost:
        paper.right(paper.width, y, word, f"on-{ink}+bold")


def rows_of_source(code: CodeView, height: int) -> int:
    """Return how many rows the source has, beside what is told of the calls."""
    told = 1 if code.why else min(len(code.places), CALLS)
    return max(1, height - told) if height > told + 2 else height


def _foot(paper: Paper, y: int, code: CodeView, source: Source) -> None:
    if y >= paper.height:
        return
    if code.why:
        paper.put(0, y, " " * paper.width)
        paper.fit(1, y, code.why, paper.width - 1, "warn")
        return
    ink = LIT[code.word]
    shown = code.places[-(paper.height - y) :]
    for row, place in enumerate(shown, y):
        last = place is code.places[-1]
        x = paper.put(1, row, "└ " if last else "├ ", "lane")
        head = f"{place.source.name}:{place.line}"
        reading = place.source is source
        x = paper.fit(x, row, head, paper.width - x, f"{ink}+bold" if reading else "text") + 1
        word = f"{code.actor} {code.word} here" if last else ""
        end = paper.width
        if word and cell_len(head) + cell_len(word) + 24 < paper.width:
            end = paper.right(end, row, word, f"{ink}+bold") - 1
        paper.fit(x, row, place.text.strip(), end - x, "text" if last else "faint")
        paper.zone(row, 0, paper.width, "call", str(code.places.index(place)))


class Program(Scrolling):
    """The source; follows the selected actor until a person scrolls away from it."""

    DEFAULT_CSS = """
    Program { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(CODE, "code")
    PLACES = ("code", "pane")

    following = True
    depth = 0
    """Which of the calls is read, counted from the outermost; that of the pattern comes first."""

    def inputs(self, frame: LabFrame) -> object:
        """Only where the actor stands matters here."""
        return frame.code

    @property
    def code(self) -> CodeView:
        """Where the actor stands."""
        found = None if self.frame is None else self.frame.code
        return found or CodeView()

    def _files(self) -> list[Source]:
        """Return the files of the calls, that of the pattern first, each once."""
        own = self.code.source
        sources = ([own] if own else []) + [place.source for place in self.code.places]
        return list(dict.fromkeys(sources))

    def _source(self) -> Source | None:
        files = self._files()
        return files[min(self.depth, len(files) - 1)] if files else None

    def here(self) -> Place | None:
        """Return the place to look at: the innermost call in the file that is read."""
        source = self._source()
        return next((p for p in reversed(self.code.places) if p.source is source), None)

    @property
    def count(self) -> int:
        """Lines of the file."""
        source = self._source()
        return len(source.lines) if source else 0

    @property
    def room(self) -> int:
        """Rows of the source."""
        return rows_of_source(self.code, self.content_size.height)

    def paint(self, frame: LabFrame, width: int, height: int) -> Paper:
        """Draw the file, the line to look at in sight while it is followed."""
        source, here, room = self._source(), self.here(), self.room
        if source is None:
            return Paper(width, height)
        title = f"{TITLE} · {source.name}"
        if self.border_title != title:
            self.border_title = title
        if self.following and here is not None and not self._in_sight(here.line):
            self.first = here.line - 1 - room // 2
        self.first = max(0, min(self.first, self.count - room))
        return paint_program(self.code, source, width, height, self.first, here)

    def _in_sight(self, line: int) -> bool:
        margin = 1 if self.room > 4 else 0
        return self.first + margin < line <= self.first + self.room - margin

    def show_from(self, first: int) -> None:
        """Scroll; the actor is not followed any more."""
        self.following = False
        super().show_from(first)

    def action_go_in(self) -> None:
        """Read the file of the next call, then that of the pattern again; follow there."""
        self.read(self.depth + 1)

    def read(self, depth: int) -> None:
        """Read the file at a depth of the calls, and follow the actor in it."""
        self.depth = depth % max(1, len(self._files()))
        self.first, self.following = 0, True
        self.redraw()

    def action_follow(self) -> None:
        """Follow the actor again."""
        self.following = True
        self.redraw()

    def take(self, kind: str, name: str) -> None:
        """Read the file of a call."""
        self.read(self._files().index(self.code.places[int(name)].source))
