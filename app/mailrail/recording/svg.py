"""A grid of styled cells as SVG: no fonts from elsewhere, no ids, the same bytes everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI, TerminalTheme
from textual.strip import Strip

WIDTH: Final = 8.4
HEIGHT: Final = 18
"""Size of a cell, in the units of the picture."""

FONT_SIZE: Final = 14
BASELINE: Final = 13.5
MARGIN: Final = 8

FONTS: Final = "'JetBrains Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"
ANSI: Final[TerminalTheme] = DIMMED_MONOKAI
"""Colours of the sixteen that a terminal would choose itself."""


def picture(strips: Iterable[Strip], size: tuple[int, int], ground: str) -> str:
    """Return rows of cells as an SVG document.

    Args:
        strips: The rows.
        size: Columns and rows.
        ground: Colour of what no cell covers.
    """
    if not ground.startswith("#"):
        ground = ANSI.background_color.hex  # a theme that leaves it to the terminal
    width, height = size[0] * WIDTH + 2 * MARGIN, size[1] * HEIGHT + 2 * MARGIN
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {height}" '
        f'font-family="{FONTS}" font-size="{FONT_SIZE}" xml:space="preserve">',
        f'<rect width="{_number(width)}" height="{height}" rx="6" fill="{ground}"/>',
    ]
    for y, strip in enumerate(strips):
        # Whoever draws letters a little wider than asked would lose the last of them below the
        # ground of what follows: all grounds of a row come before its letters.
        body.extend(sorted(_row(strip, y, ground), key=lambda part: part.startswith("<text")))
    body.append("</svg>")
    return "\n".join(body) + "\n"


def _row(strip: Strip, y: int, ground: str) -> Iterator[str]:
    x, top = 0, MARGIN + y * HEIGHT
    for segment in strip:
        cells = cell_len(segment.text)
        left, wide = _number(MARGIN + x * WIDTH), _number(cells * WIDTH)
        style = segment.style or Style.null()
        text, paper = _colours(style, ground)
        if paper != ground:
            yield f'<rect x="{left}" y="{top}" width="{wide}" height="{HEIGHT}" fill="{paper}"/>'
        if segment.text.strip():
            yield (
                f'<text x="{left}" y="{_number(top + BASELINE)}" textLength="{wide}" '
                f'fill="{text}"{_marks(style)}>{escape(segment.text)}</text>'
            )
        x += cells


def _colours(style: Style, ground: str) -> tuple[str, str]:
    text = _hex(style.color, ANSI.foreground_color.hex, foreground=True)
    paper = _hex(style.bgcolor, ground, foreground=False)
    return (paper, text) if style.reverse else (text, paper)


def _hex(colour: Color | None, default: str, *, foreground: bool) -> str:
    if colour is None or colour.is_default:
        return default.lower()
    return colour.get_truecolor(ANSI, foreground=foreground).hex


def _marks(style: Style) -> str:
    marks = ' font-weight="bold"' if style.bold else ""
    marks += ' font-style="italic"' if style.italic else ""
    marks += ' text-decoration="underline"' if style.underline else ""
    return marks + (' opacity="0.7"' if style.dim else "")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
