"""The rails between producers, queue and consumers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .glyphs import POINTER
from .paper import Paper

# Up, down, left, right: which neighbours a piece of rail is joined to.
_PIECES: Final[dict[tuple[bool, bool, bool, bool], str]] = {
    (False, False, True, True): "─",
    (True, True, False, False): "│",
    (False, True, False, True): "╭",
    (False, True, True, False): "╮",
    (True, False, False, True): "╰",
    (True, False, True, False): "╯",
    (True, True, False, True): "├",
    (True, True, True, False): "┤",
    (False, True, True, True): "┬",
    (True, False, True, True): "┴",
    (True, True, True, True): "┼",
}


def rail(paper: Paper, x: int, end: int, y: int, ink: str = "lane") -> None:
    """Draw a level piece of rail."""
    if end > x:
        paper.put(x, y, "─" * (end - x), ink)


def trunk(
    paper: Paper, x: int, lefts: Iterable[int], rights: Iterable[int], ink: str = "lane"
) -> None:
    """Draw an upright rail at column ``x`` that joins rows from its left and its right."""
    left, right = set(lefts), set(rights)
    rows = left | right
    if not rows:
        return
    top, bottom = min(rows), max(rows)
    for y in range(top, bottom + 1):
        piece = (y > top, y < bottom, y in left, y in right)
        paper.put(x, y, _PIECES.get(piece, "│"), ink)


def arrow(paper: Paper, x: int, end: int, y: int, ink: str = "lane") -> None:
    """Draw a level piece of rail with a point at its end."""
    rail(paper, x, end - 1, y, ink)
    paper.put(end - 1, y, POINTER, ink)
