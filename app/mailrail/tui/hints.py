"""Which key does what is spoken of: the one a person has chosen, on the screen they look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.notices import Notice, Way

from .actions import Act
from .keymap import key_of

ENDS: Final = frozenset(".!?…")
"""What a sentence ends with."""


def keyed(ways: Sequence[Way], acts: Sequence[Act]) -> str:
    """Return what can be done as a sentence: ``Space plays it; R runs it anew``.

    Args:
        ways: What can be done.
        acts: What can be done on this screen; of anything else nothing is said.
    """
    found = [(key_of(acts, way.action), way.does) for way in ways]
    told = "; ".join(f"{key} {does}" for key, does in found if key)
    if not told:
        return ""
    named = len(told.partition(" ")[0]) > 1
    return f"{told[0].upper() if named else told[0]}{told[1:]}."


def sentences(notice: Notice, acts: Sequence[Act]) -> str:
    """Return the whole of a notice: what is told, then what can be done about it."""
    more, text = keyed(notice.ways, acts), notice.text
    if text and more and text[-1] not in ENDS:
        text += "."
    return " ".join(part for part in (text, more) if part)
