"""A theme as plain data: base colours, and one colour for each thing the screens mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

BASE: Final = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
)
"""Colours every theme gives."""

MEANINGS: Final[dict[str, str]] = {
    "ready": "a message that waits to be delivered",
    "high": "a message that is urgent",
    "low": "a message that can wait",
    "held": "a message under a lock, and the time left on it",
    "moving": "a message on its way",
    "done": "what was settled for good",
    "dead": "a dead letter",
    "lane": "rails, frames and empty parts of bars",
    "faint": "labels and what matters less",
    "fault": "a fault that was injected",
    "broken": "a guarantee that broke",
    "holds": "a guarantee that holds",
    "warn": "what will go wrong unless somebody acts",
    "note": "a command given by hand",
    "producer": "who sends",
    "consumer": "who receives",
    "idle": "an actor that waits",
    "working": "an actor at work",
    "blocked": "an actor that has finished and waits for room",
    "paused": "an actor that is frozen",
    "crashed": "an actor that died",
    "halted": "an actor that has given up, until somebody restarts it",
    "stopping": "an actor that finishes and leaves",
    "stopped": "an actor that has left",
    "offered": "the rate at which messages come",
    "depth": "how many messages are ready",
    "served": "the rate at which messages are finished",
    "age": "the age of the oldest ready message",
    "played": "the part of the run before the playhead",
    "playhead": "the instant that is shown",
    "caption": "what the presenter says",
    "selected": "what was chosen",
}
"""Every semantic colour and what it means."""

_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_HEAD = {"name": str, "title": str, "about": str, "dark": bool}


class BadTheme(ValueError):
    """A theme file that cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme.

    Attributes:
        name: As it is typed: lower case, hyphens.
        title: As it is read.
        about: Whom it is for, in one sentence.
        dark: Whether the ground is dark.
        base: A colour ``#rrggbb`` for each of :data:`BASE`.
        colours: A colour ``#rrggbb`` for each of :data:`MEANINGS`.
    """

    name: str
    title: str
    about: str
    dark: bool
    base: Mapping[str, str]
    colours: Mapping[str, str]


def palette(content: Mapping[str, Any], source: str) -> Palette:
    """Make a palette of what a theme file holds.

    Args:
        content: The file as parsed.
        source: What to call it in errors.

    Raises:
        BadTheme: If a key is missing, unknown or of the wrong kind.
    """
    _known(content, [*_HEAD, "base", "colours"], source)
    for key, wanted in _HEAD.items():
        if not isinstance(content.get(key), wanted):
            raise BadTheme(f"{source}: {key}: expected a {wanted.__name__}")
    return Palette(
        content["name"],
        content["title"],
        content["about"],
        content["dark"],
        _table(content.get("base"), BASE, f"{source}: base"),
        _table(content.get("colours"), tuple(MEANINGS), f"{source}: colours"),
    )


def _table(given: object, names: tuple[str, ...], source: str) -> Mapping[str, str]:
    if not isinstance(given, Mapping):
        raise BadTheme(f"{source}: expected a table of colours")
    _known(given, names, source)
    missing = [name for name in names if name not in given]
    if missing:
        raise BadTheme(f"{source}: missing {', '.join(missing)}")
    for name, colour in given.items():
        if not isinstance(colour, str) or not _COLOUR.match(colour):
            raise BadTheme(f"{source}: {name}: expected a colour such as #1a2b3c, not {colour!r}")
    return MappingProxyType({name: given[name].lower() for name in names})


def _known(given: Mapping[str, Any], names: list[str] | tuple[str, ...], source: str) -> None:
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise BadTheme(f"{source}: unknown key {key!r}{hint}")
