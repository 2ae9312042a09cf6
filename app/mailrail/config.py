"""What a person configures, in a TOML file at the platform's own place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from mailrail_patterns.conversion import converted, written
from mailrail_patterns.names import BadInput, nearest, suggest
from mailrail_patterns.reading import parsed, text_of

from . import places, speeds

FILE: Final = "config.toml"

LEVELS: Final = ("full", "none")
"""How much is animated."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person configures.

    Attributes:
        theme: Name of a theme; empty: the default.
        speed: Playback speed, from 0.1 to 100; 1 is real time. ``"max"``: as fast as possible.
        animation: ``full``, or ``none``: nothing moves that does not have to.
        ascii: Draw with the letters and signs of ASCII only.
        keys: For each screen, window or list (``lab``, ``gallery``, ``menu``, ``form`` …) the keys
            of an action, separated by commas; what is not mentioned keeps its keys.
    """

    theme: str = ""
    speed: float = 1.0
    animation: Literal["full", "none"] = "full"
    ascii: bool = False
    keys: dict[str, dict[str, str]] = {}


def path() -> Path:
    """Return where the file is looked for."""
    return places.config() / FILE


def read() -> Config:
    """Return what is configured; the defaults where there is no file.

    Raises:
        BadInput: If the file cannot be read or says something unknown; names file and key.
    """
    file = path()
    try:
        return _checked(parsed(text_of(file, "configuration file")))
    except FileNotFoundError:
        return Config()
    except BadInput as problem:
        raise problem.inside(str(file)) from None


def _checked(raw: dict[str, Any]) -> Config:
    known = Config.__struct_fields__
    for key in raw:
        if key not in known:
            raise BadInput(f"unknown key; {suggest(key, known)}", key)
    level = raw.get("animation", LEVELS[0])
    if level not in LEVELS:
        close = nearest(level, LEVELS) if isinstance(level, str) else None
        hint = f"; the nearest is {close!r}" if close else ""
        raise BadInput(
            f"expected {' or '.join(map(repr, LEVELS))}, not {level!r}{hint}", "animation"
        )
    speed = raw.get("speed", 1.0)
    if speed == speeds.WORD:
        raw = {**raw, "speed": speeds.MAX}
    elif type(speed) not in (int, float) or not 0.1 <= speed <= 100:
        raise BadInput(f'expected 0.1 to 100, or "max", not {written(speed)}', "speed")
    return converted(raw, Config)
