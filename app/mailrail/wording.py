"""Words and figures every screen and report writes alike: instants, lengths of time, rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

_PLACES: Final = 3
_CONTROLS: Final = (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HIDDEN: Final = dict.fromkeys(_CONTROLS) | {ord("\n"): " ", ord("\t"): " "}


def places(times: Iterable[float]) -> int:
    """Return how many decimals a column needs to show those instants: 1 to 3."""
    needed = 1
    for t in times:
        while needed < _PLACES and round(t * 10**needed) != round(t * 10**needed, 6):
            needed += 1
    return needed


def clock(t: float, decimals: int | None = None) -> str:
    """Write an instant for a column: ``12.0 s``, ``8.25 s``; milliseconds at the finest.

    Args:
        t: The instant, in seconds.
        decimals: How many decimals, so that a column lines up; None: as many as it takes.
    """
    return f"{t:.{places((t,)) if decimals is None else decimals}f} s"


def seconds(t: float) -> str:
    """Write a length of time for a sentence: ``12 s``, ``2.5 s``; milliseconds at the finest."""
    return f"{t:.{_PLACES}f}".rstrip("0").rstrip(".") + " s"


def readable(text: str) -> str:
    """Return text from outside without control characters, which could drive a terminal."""
    return text.translate(_HIDDEN)


def _joined(value: Any) -> str:
    """Return what is in one column as text, several things with commas between them."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else f"{value}"


def columns(value: str, *, blank: bool = False) -> list[tuple[str, str]]:
    """Return the columns of a durable row as text; with ``blank`` those that say nothing too."""
    try:
        row = msgspec.json.decode(value or "{}", type=dict[str, Any])
    except msgspec.DecodeError:  # a file from elsewhere
        return [("value", value)]
    found = []
    for name, each in row.items():
        if blank or each not in ("", None, [], {}):
            shown = _joined(each)
            found.append((name.replace("_", " "), shown))
    return found
