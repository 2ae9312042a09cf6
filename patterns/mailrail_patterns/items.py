"""Which item of a pipeline a message belongs to, told from its name alone."""

from __future__ import annotations

import re

_STAGES = re.compile(r"(-[a-z]+)+$")


def item_of(name: str) -> str:
    """Return the item an output belongs to: ``m09`` for ``m09-decode-resize~2``.

    Each filter puts its name behind the id of its input; a second copy has a number behind it.
    What a source called its item stays, hyphens of its own included: ``x27-01``.
    """
    return _STAGES.sub("", name.partition("~")[0])


def is_copy(name: str) -> bool:
    """Return whether a pipe had accepted a message of this id before."""
    return "~" in name
