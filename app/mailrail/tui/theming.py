"""Inks: the semantic names painters draw with, and the theme's colours behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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

PLAIN: Final = {"text": "foreground", "paper": "background"}


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
        if name.startswith("on-"):
            ground = self.colour(name.removeprefix("on-"))
            text = self.colour("paper")
            if ground.ansi is None and text.ansi is None:
                text = max((text, self.colour("text")), key=lambda c: contrast(c, ground))
            return Style.from_color(text.rich_color, ground.rich_color) + attribute
        return Style.from_color(self.colour(name).rich_color) + attribute

    def colour(self, name: str) -> Color:
        """Return the colour of a semantic name, or what stands in for it in this theme."""
        own = self.variables.get(PREFIX + name)
        wanted = own or PLAIN.get(name) or FALLBACKS.get(name, "foreground")
        if own is None:
            base, _, share = wanted.partition(" ")
            colour = self._parse(self.variables.get(base, "ansi_default"))
            ground = self._parse(self.variables.get("background", "black"))
            if colour.ansi is not None or ground.ansi is not None:
                return colour
            if share:
                return ground.blend(colour, int(share.rstrip("%")) / 100, 1.0)
            # What a theme fills areas with may be too faint for text; it says what is not.
            text = self._parse(self.variables.get(f"text-{base}", "ansi_default"))
            if text.ansi is None and contrast(colour, ground) < READABLE:
                return max(colour, text, key=lambda c: contrast(c, ground))
            return colour
        return self._parse(own)

    @staticmethod
    def _parse(text: str) -> Color:
        try:
            return Color.parse(text)
        except ColorParseError:
            return Color.parse("ansi_default")


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
