"""What a painter draws on: a grid of cells with semantic inks, and the places to click on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len

Span = tuple[str, str]
"""Text and the name of its ink."""

Line = tuple[Span, ...]
"""One row, from left to right."""

PLAIN = "text"
"""The ink of ordinary text."""

CUT = "…"
"""What stands where text was cut."""


_JOINING: Final = dict.fromkeys((0x200C, 0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
"""Joiners, what chooses between a sign and a picture of it, and the colours of skin."""


class Zone(NamedTuple):
    """A place that answers a click.

    Attributes:
        y: Its row.
        x: Its first column.
        end: The column after its last one.
        kind: What it stands for, as the widget understands it.
        name: Which of them.
    """

    y: int
    x: int
    end: int
    kind: str
    name: str


class Paper:
    """A grid of cells of width 1 on which later strokes cover earlier ones.

    Inks are names, not colours: a widget looks them up in the theme when it shows the lines.

    Attributes:
        width: Columns.
        height: Rows.
        zones: Places that answer a click; later ones lie above earlier ones.
        even: Whether each row is sure to be as wide as the sheet: nothing on it is two cells wide.
    """

    __slots__ = ("_cells", "_inks", "even", "height", "width", "zones")

    def __init__(self, width: int, height: int) -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self.zones: list[Zone] = []
        self.even = True
        self._cells = [[" "] * self.width for _ in range(self.height)]
        self._inks = [[PLAIN] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, text: str, ink: str = PLAIN) -> int:
        """Write text; what lies outside is not drawn.

        Returns:
            The column after the text, whether it was visible or not.
        """
        if not _simple(text):
            return self._put_wide(x, y, solid(text), ink)
        end = x + len(text)
        if 0 <= y < self.height and x < self.width and end > 0:
            if x < 0:
                text, x = text[-x:], 0
            if end > self.width:
                text = text[: self.width - x]
            stop = x + len(text)
            self._cells[y][x:stop] = text
            self._inks[y][x:stop] = [ink] * (stop - x)
        return end

    def _put_wide(self, x: int, y: int, text: str, ink: str) -> int:
        """Write solid text that holds wide characters or marks, cell by cell."""
        seen = 0 <= y < self.height
        self.even = False
        for cell in text:
            size = cell_len(cell)
            if size == 0:
                if seen and 0 < x <= self.width:
                    self._cells[y][x - 1] += cell
                continue
            if seen and x >= 0 and x + size <= self.width:
                self._cells[y][x] = cell
                self._inks[y][x] = ink
                if size == 2:
                    self._cells[y][x + 1] = ""
                    self._inks[y][x + 1] = ink
            x += size
        return x

    def fit(self, x: int, y: int, text: str, room: int, ink: str = PLAIN) -> int:
        """Write text into at most ``room`` columns, cut with an ellipsis where it is longer.

        Returns:
            The column after what was written.
        """
        return self.put(x, y, cut(text, room), ink) if room > 0 else x

    def right(self, end: int, y: int, text: str, ink: str = PLAIN) -> int:
        """Write text so that it ends before column ``end``.

        Returns:
            The column where it begins.
        """
        start = end - columns(text)
        self.put(start, y, text, ink)
        return start

    def blank(self, x: int, y: int) -> bool:
        """Return whether nothing but blanks and rails is at a cell."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return False
        ink = self._inks[y][x]
        return ink == "lane" or (self._cells[y][x] == " " and not ink.startswith("on-"))

    def free(self, x: int, y: int) -> bool:
        """Return whether a cell is blank, and no word ends before it, of which it would be part."""
        if not self.blank(x, y):
            return False
        return x == 0 or self.blank(x - 1, y) or self._inks[y][x - 1].startswith("on-")

    def clear(self, x: int, y: int, wide: int) -> bool:
        """Return whether a stretch and the cells beside it hold nothing but blanks and rails."""
        near = range(max(0, x - 1), min(self.width, x + wide + 1))
        return all(self.blank(each, y) for each in near)

    def tint(self, x: int, y: int, end: int, ink: str) -> None:
        """Give the cells of a stretch another ink."""
        if 0 <= y < self.height:
            x, end = max(0, x), min(end, self.width)
            self._inks[y][x:end] = [ink] * max(0, end - x)

    def paste(self, x: int, y: int, other: Paper) -> None:
        """Lay another sheet on this one, its places to click included."""
        self.even = self.even and other.even
        wide = min(other.width, self.width - x)
        for row in range(min(other.height, self.height - y)):
            self._cells[y + row][x : x + wide] = other._cells[row][:wide]
            self._inks[y + row][x : x + wide] = other._inks[row][:wide]
        for zone in other.zones:
            self.zones.append(zone._replace(y=zone.y + y, x=zone.x + x, end=zone.end + x))

    def paste_from(self, other: Paper, first: int) -> None:
        """Lay a sheet of the same width on this one from its row ``first`` on."""
        self.even = self.even and other.even
        for y in range(min(self.height, other.height - first)):
            self._cells[y], self._inks[y] = other._cells[first + y], other._inks[first + y]
        for zone in other.zones:
            if first <= zone.y < first + self.height:
                self.zones.append(zone._replace(y=zone.y - first))

    def zone(self, y: int, x: int, end: int, kind: str, name: str) -> None:
        """Let a stretch of a row answer a click."""
        self.zones.append(Zone(y, x, end, kind, name))

    def wipe(self, y: int) -> None:
        """Make a row blank again, and let nothing on it answer a click."""
        self.put(0, y, " " * self.width)
        self.zones = [zone for zone in self.zones if zone.y != y]

    def zone_at(self, x: int, y: int, kind: str = "") -> Zone | None:
        """Return the topmost place at a cell, of one kind if ``kind`` is given."""
        for zone in reversed(self.zones):
            if zone.y == y and zone.x <= x < zone.end and kind in ("", zone.kind):
                return zone
        return None

    def line(self, y: int) -> Line:
        """Return a row as runs of one ink each."""
        return _runs(self._cells[y], self._inks[y])

    def lines(self) -> list[Line]:
        """Return all rows as runs of one ink each."""
        return [self.line(y) for y in range(self.height)]

    def changes(self, before: Paper) -> list[tuple[int, int, int]]:
        """Return where this sheet differs from one of the same size.

        Returns:
            For each row that differs the row, the first column, and the one after the last.
        """
        found = []
        for y in range(self.height):
            cells, inks = self._cells[y], self._inks[y]
            if cells == before._cells[y] and inks == before._inks[y]:
                continue
            pairs = list(zip(cells, inks, before._cells[y], before._inks[y], strict=True))
            same = [a == c and b == d for a, b, c, d in pairs]
            start, stop = same.index(False), self.width - same[::-1].index(False)
            if stop < self.width and not cells[stop]:
                stop += 1  # the second half of a wide character
            found.append((y, start, stop))
        return found

    def text(self) -> str:
        """Return what a reader sees without colours, trailing blanks left out."""
        return "\n".join("".join(row).rstrip() for row in self._cells)


def solid(text: str) -> str:
    """Return text in which every character has a width of its own, as it is drawn.

    What joins characters to one, or chooses how one looks, is left out: terminals do not agree
    on how wide the whole is, and a row that is wider than meant breaks the screen. Characters
    that cannot be seen become blanks.
    """
    if _simple(text):
        return text
    loose = text.translate(_JOINING)
    return "".join(letter if letter.isprintable() else " " for letter in loose)


def columns(text: str) -> int:
    """Return how many columns a text takes when it is drawn."""
    return len(text) if _simple(text) else cell_len(solid(text))


def cut(text: str, room: int) -> str:
    """Return text of at most ``room`` columns, with an ellipsis where it was longer."""
    if columns(text) <= room:
        return text
    kept, used = [], 0
    for letter in solid(text):
        used += cell_len(letter)
        if used > room - 1:
            break
        kept.append(letter)
    return "".join(kept) + CUT if room > 0 else ""


def whole(room: int, *texts: str) -> str:
    """Return the first of several texts that fits into ``room`` columns uncut; else the last."""
    return next((text for text in texts if columns(text) <= room), texts[-1])


@lru_cache(8192)
def _simple(text: str) -> bool:
    """Return whether every character is visible and fills one cell."""
    if not text.isprintable():
        return False
    return text.isascii() or all(cell_len(character) == 1 for character in text)


def _runs(cells: list[str], inks: list[str]) -> Line:
    if not cells:
        return ()
    found: list[Span] = []
    start, current = 0, inks[0]
    for index, ink in enumerate(inks):
        if ink is not current and ink != current:
            found.append(("".join(cells[start:index]), current))
            start, current = index, ink
    found.append(("".join(cells[start:]), current))
    return tuple(found)
