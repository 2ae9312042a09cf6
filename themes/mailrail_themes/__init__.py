"""Themes as data: semantic colour names and the files that give them colours."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from .palette import BASE, MEANINGS, BadTheme, Palette, palette

DEFAULT: Final = "mailrail-dusk"
"""The theme a person sees who has chosen none."""

FOLDER: Final = Path(__file__).parent


def read(path: Path) -> Palette:
    """Return the palette in a theme file.

    Raises:
        BadTheme: If it is no TOML or not a theme.
        OSError: If it cannot be read.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:  # no TOML, no UTF-8, or more than can be read
        raise BadTheme(f"{path.name}: {problem}") from None
    return palette(content, path.name)


def bundled() -> dict[str, Palette]:
    """Return the themes that come with the program by name, the default first."""
    found = [read(path) for path in sorted(FOLDER.glob("*.toml"))]
    found.sort(key=lambda each: each.name != DEFAULT)
    return {each.name: each for each in found}


__all__ = ["BASE", "DEFAULT", "MEANINGS", "BadTheme", "Palette", "bundled", "palette", "read"]
