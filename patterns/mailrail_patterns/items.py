"""Which item of a pipeline a message belongs to, told from its name alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

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


def result_of(stage: str, known: Sequence[str]) -> Callable[[str], str]:
    """Return how a filter calls its result.

    The id of the result is made of the input's id and the filter's name, never drawn anew: when
    a filter dies after sending and does its work again, the second result has the same id, and
    whoever is downstream can tell. Where two filters may change places the names come in one
    order all the same: that of the ``known`` ones.
    """

    def name(message: str) -> str:
        item, *names = message.split("-")
        done = [each for each in known if each in (*names, stage)]
        kept = [each for each in names if each not in done]
        return "-".join([item, *kept, *done])

    return name
