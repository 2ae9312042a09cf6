"""The themes to choose from; the one under the cursor is worn at once by what is behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar, Final, Protocol, runtime_checkable

from textual.binding import BindingType
from textual.theme import BUILTIN_THEMES, Theme
from textual.timer import Timer

from mailrail_themes import Palette

from ..actions import bindings
from ..dialog_actions import THEMES
from .menu import Choice, Menu

LOOK: Final = 1.0
"""Seconds between two looks at the files of themes while the menu is open."""

SETTLED: Final = 0.05
"""Seconds the cursor has to rest on a theme before it is worn: a key held down runs past many."""

OURS: Final = "mailrail-"
"""What the names of our own themes begin with; it need not be typed."""


@runtime_checkable
class Dresser(Protocol):
    """What the application does for this menu."""

    theme: str

    def look_at_themes(self) -> None:
        """Wear anew what has been changed in its file."""


class ThemeMenu(Menu):
    """Asks for a theme and shows each on the screen behind; answers its name, or None.

    While it is open it looks at the files of one's own themes once a second, so that what is
    saved in an editor is seen. Elsewhere nothing looks: an explorer at rest takes no time.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(THEMES, "themes")
    PLACES = ("menu", "themes")
    DEFAULT_CSS = """
    ThemeMenu { align: right middle; background: transparent; }
    ThemeMenu > .window { width: 50%; max-width: 60; height: 100%; max-height: 100%; }
    ThemeMenu > .window > OptionList { height: 1fr; max-height: 100%; }
    """

    TOLD = (("choose", "keep"), ("cancel", "as before"))

    def __init__(self, palettes: Mapping[str, Palette], own: Iterable[str], now: str) -> None:
        """Prepare the menu.

        Args:
            palettes: The themes made from files, by name.
            own: Names of those a person has added.
            now: The one that is worn; the cursor begins there.
        """
        super().__init__("How it looks", rows(palettes, set(own)), start=now)
        self._resting: Timer | None = None

    def on_mount(self) -> None:
        """Look at the files from time to time; the cursor is put in its place by the menu."""
        self.set_interval(LOOK, self.action_look)

    def tell(self, choice: Choice) -> None:
        """Wear the theme under the cursor."""
        super().tell(choice)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(SETTLED, partial(self._wear, choice.id))

    def _wear(self, name: str) -> None:
        if self.is_current and isinstance(self.app, Dresser):
            self.app.theme = name

    def action_look(self) -> None:
        """Look whether a file has changed."""
        if isinstance(self.app, Dresser):
            self.app.look_at_themes()


def rows(palettes: Mapping[str, Palette], own: set[str]) -> list[Choice]:
    """Return the rows of the menu: ours, one's own, Textual's by what they are made for."""
    theirs = [theme for name, theme in BUILTIN_THEMES.items() if name not in palettes]
    native = [theme for theme in theirs if theme.ansi]
    groups: Sequence[tuple[str, list[Choice]]] = (
        ("mailrail", [_ours(palettes[name]) for name in palettes if name not in own]),
        ("Your own", [_ours(palettes[name]) for name in palettes if name in own]),
        ("Dark, of Textual", [_theirs(theme) for theme in theirs if theme.dark and not theme.ansi]),
        (
            "Light, of Textual",
            [_theirs(theme) for theme in theirs if not (theme.dark or theme.ansi)],
        ),
        ("Your terminal's own colours", [_native(theme) for theme in native]),
    )
    found: list[Choice] = []
    for heading, choices in groups:
        if choices:
            found += [Choice("", heading), *choices]
    return found


def short(name: str) -> str:
    """Return a theme's name as it is typed."""
    return name.removeprefix(OURS)


def _ours(palette: Palette) -> Choice:
    return Choice(palette.name, short(palette.name), palette.about)


def _theirs(theme: Theme) -> Choice:
    return Choice(theme.name, theme.name)


def _native(theme: Theme) -> Choice:
    ground = "dark" if theme.dark else "light"
    return Choice(theme.name, theme.name, f"for a {ground} terminal")
