"""What Textual's own widgets write on, made readable whatever theme is worn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.segment import Segment
from textual.color import Color, ColorParseError
from textual.strip import Strip

from .choices import Choices
from .theming import READABLE, legible, readable

PAIRS: Final[dict[str, tuple[str, str]]] = {
    "block-cursor-foreground": ("block-cursor-foreground", "block-cursor-background"),
    "block-cursor-blurred-foreground": (
        "block-cursor-blurred-foreground", "block-cursor-blurred-background",
    ),
    "input-selection-foreground": ("input-selection-foreground", "input-selection-background"),
    "button-foreground": ("button-foreground", "surface"),
    "button-color-foreground": ("button-color-foreground", "primary"),
    "text-disabled": ("text-disabled", "surface"),
    "legible-text": ("foreground", "surface"),
    "legible-accent": ("background", "accent"),
    "legible-heading": ("text-accent", "surface"),
    "legible-key": ("primary", "surface"),
    "legible-title": ("primary", "panel"),
    "legible-line": ("foreground", "panel"),
    "legible-name": ("primary", "background"),
}  # fmt: skip
"""For each variable the colour it begins from and the ground it is read on.

The first are Textual's; the last stand for text in a window and on the accent, headings, keys at
the edge of a window, the title of a screen, what stands beside it, and names below.
"""


def paired(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of :data:`PAIRS`, each readable on its ground.

    Args:
        variables: Those of a theme. A terminal's own colours are not known: they stay.
    """
    return {name: _paired(variables, *pair) for name, pair in PAIRS.items()}


def _paired(variables: Mapping[str, str], ink: str, ground: str) -> str:
    given = variables.get(ink, "auto")
    try:
        below = laid(variables["surface"], Color.parse("black"))
        behind = laid(variables[ground], below)
        colour = laid(given, behind)
    except (ColorParseError, KeyError):
        return given
    if any(each.ansi is not None for each in (below, behind, colour)):
        return given
    return readable(colour, behind, colour, READABLE).hex


def laid(text: str, ground: Color) -> Color:
    """Return a colour as a style sheet names it, such as ``auto 60%``, laid on a ground.

    Raises:
        ColorParseError: If it is none.
    """
    name, _, share = text.partition(" ")
    colour = ground.get_contrast_text(1.0) if name == "auto" else Color.parse(name)
    if colour.ansi is not None or ground.ansi is not None:
        return colour
    return ground.blend(colour, int(share.rstrip("%") or 100) / 100 * colour.a, 1.0)


def legible_strip(strip: Strip) -> Strip:
    """Return a line in which nothing is too faint to be read on its ground."""
    return Strip(
        [Segment(text, style and legible(style, READABLE)) for text, style, _ in strip],
        strip.cell_length,
    )


class Options(Choices, inherit_bindings=False):
    """Rows to choose from; every key is one of ours."""

    def render_line(self, y: int) -> Strip:
        """Draw a row; what is faint in it can be read under the cursor too."""
        return legible_strip(super().render_line(y))
