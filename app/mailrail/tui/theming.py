"""Inks: the semantic names painters draw with, and the theme's colours behind them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rich.color import ColorType
from rich.style import Style
from textual.color import Color, ColorParseError
from textual.theme import Theme

from mailrail_themes import Palette

PREFIX: Final = "mailrail-"
"""What the variables of our own begin with, as in ``$mailrail-ready``."""

FALLBACKS: Final[dict[str, str]] = {
    "ready": "primary",
    "high": "accent",
    "low": "primary",
    "held": "secondary",
    "moving": "accent",
    "done": "success",
    "dead": "error",
    "lane": "foreground 35%",
    "faint": "foreground 62%",
    "fault": "error",
    "broken": "error",
    "holds": "success",
    "warn": "warning",
    "note": "accent",
    "producer": "secondary",
    "consumer": "primary",
    "idle": "foreground 62%",
    "working": "success",
    "blocked": "warning",
    "paused": "warning",
    "crashed": "error",
    "halted": "error",
    "stopping": "warning",
    "stopped": "foreground 45%",
    "offered": "accent",
    "depth": "primary",
    "served": "success",
    "age": "warning",
    "played": "primary",
    "playhead": "accent",
    "caption": "accent",
    "selected": "accent",
}
"""For each semantic colour the colour of any theme that stands in for it, and how much of it."""

READABLE: Final = 4.5
"""Least contrast of text that WCAG 2 accepts (level AA)."""

LARGE: Final = 3.0
"""Least contrast it accepts of what is read at a glance, such as a key."""

VISIBLE: Final = 2.0
"""Least contrast of lines, which say nothing by themselves."""

FAINT: Final = 0.6
"""How much of a colour is left where it is dim."""

LINES: Final = frozenset({"lane"})
"""What is drawn in lines and areas only."""

PLAIN: Final = {"text": "foreground", "paper": "background"}

_ENDS: Final = (Color.parse("#000000"), Color.parse("#ffffff"))
_DIM: Final = Style(dim=True)
_BRIGHT: Final = Style(dim=False)
_REVERSED: Final = Style(reverse=True)


class Inks:
    """Looks up inks in the variables of a theme.

    An ink is the name of a semantic colour, with ``on-`` before it for text on a ground of
    that colour, and attributes after it: ``ready``, ``on-moving``, ``faint+italic``.

    Attributes:
        variables: The theme's variables this was made from.
        base: The style of the widget itself, on which every ink is laid.
    """

    def __init__(self, variables: Mapping[str, str], base: Style | None = None) -> None:
        self.variables = variables
        self.base = base or Style.null()
        self._styles: dict[str, Style] = {}

    def __getitem__(self, ink: str) -> Style:
        """Return the style of an ink."""
        style = self._styles.get(ink)
        if style is None:
            style = self._styles[ink] = self.base + self._mix(ink)
        return style

    def _mix(self, ink: str) -> Style:
        name, *attributes = ink.split("+")
        attribute = Style.parse(" ".join(attributes))
        if not self.variables:
            return attribute
        ground = name.removeprefix("on-")
        colour = self.colour(ground)
        if colour.ansi is not None:
            # A terminal's own colours are not known here: what is to be fainter is left to it,
            # and on a ground of a colour it shows what it has behind its text.
            style = Style.from_color(colour.rich_color)
            if name != ground:
                style += _REVERSED
            elif self._share(name):
                style += _DIM
        elif name != ground:
            text = max(self.colour("paper"), self.colour("text"), key=lambda c: contrast(c, colour))
            text = readable(text, colour, text, READABLE)
            style = Style.from_color(text.rich_color, colour.rich_color)
        else:
            style = Style.from_color(colour.rich_color)
        return style + attribute

    def _ground(self) -> Color:
        """Return what text is seen on: what the widget fills its area with, if it does."""
        own = self.base.bgcolor
        if own is not None and own.type is ColorType.TRUECOLOR:
            return Color.from_rich_color(own)
        return self._parse(self.variables.get("background", "black"))

    def _share(self, name: str) -> str:
        """Return how much of a colour stands in for a semantic one; empty: all of it."""
        own = PREFIX + name in self.variables
        return "" if own else FALLBACKS.get(name, "").partition(" ")[2]

    def colour(self, name: str) -> Color:
        """Return the colour of a semantic name, or what stands in for it in this theme."""
        own = self.variables.get(PREFIX + name)
        if own is not None:
            return self._parse(own)
        base = (PLAIN.get(name) or FALLBACKS.get(name, "foreground")).partition(" ")[0]
        colour = self._parse(self.variables.get(base, "ansi_default"))
        ground = self._ground()
        if name == "paper" or colour.ansi is not None or ground.ansi is not None:
            return colour
        if name in PLAIN:
            return readable(colour, ground, colour, READABLE)
        if share := self._share(name):
            colour = ground.blend(colour, int(share.rstrip("%")) / 100, 1.0)
        else:
            # What a theme fills areas with may be too faint for text; it says what is not.
            text = self._parse(self.variables.get(f"text-{base}", "ansi_default"))
            if text.ansi is None and contrast(colour, ground) < READABLE:
                colour = max(colour, text, key=lambda c: contrast(c, ground))
        least = VISIBLE if name in LINES else READABLE
        return readable(colour, ground, self.colour("text"), least)

    @staticmethod
    def _parse(text: str) -> Color:
        try:
            return Color.parse(text)
        except ColorParseError:
            return Color.parse("ansi_default")


def readable(colour: Color, ground: Color, text: Color, least: float) -> Color:
    """Return a colour that can be read on a ground, as near as possible to the one given.

    Args:
        colour: What is wished for.
        ground: What it is seen on.
        text: Where it is moved to as far as need be; beyond that to black or white.
        least: The contrast that is wanted; see :func:`contrast`.
    """
    if any(each.ansi is not None for each in (colour, ground, text)):
        return colour
    for end in (text, max(_ENDS, key=lambda end: contrast(end, ground))):
        for tenth in range(11):
            mixed = colour.blend(end, tenth / 10, 1.0)
            if contrast(mixed, ground) >= least:
                return mixed
        colour = end
    return colour


@lru_cache(1024)
def legible(style: Style, least: float = LARGE) -> Style:
    """Return a style whose text can be read on its ground, whatever a theme says of both.

    Args:
        style: What is dim in it is made as faint as can still be read.
        least: The contrast that is wanted; see :func:`contrast`.
    """
    if style.color is None or style.bgcolor is None:
        return style
    text, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    if text.ansi is not None or ground.ansi is not None:
        return style
    found = ground.blend(text, FAINT, 1.0) if style.dim else text
    found = readable(found, ground, text, least)
    if found is text:
        return style + _BRIGHT if style.dim else style
    return style + Style.from_color(found.rich_color) + _BRIGHT


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)


def textual_theme(palette: Palette) -> Theme:
    """Return a palette as a theme of Textual, its semantic colours as variables."""
    base = palette.base
    return Theme(
        name=palette.name,
        primary=base["primary"],
        secondary=base["secondary"],
        accent=base["accent"],
        warning=base["warning"],
        error=base["error"],
        success=base["success"],
        foreground=base["foreground"],
        background=base["background"],
        surface=base["surface"],
        panel=base["panel"],
        dark=palette.dark,
        variables={PREFIX + name: colour for name, colour in palette.colours.items()},
    )
