"""The panes of the lab: what each is called, where it stands, and which fit beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec


class Plot(msgspec.Struct, frozen=True):
    """The place of a pane.

    Attributes:
        where: ``picture``, ``below`` it, ``right`` of it, or at the ``foot`` of the screen.
        least: Columns it takes below the picture, rows it takes beside it, at the least; below
            the picture it is given its share of the columns too.
        title: What it is called; empty: by its name.
        tall: Whether what stands below the picture is higher for it.
    """

    where: str
    least: int
    title: str = ""
    tall: bool = False


FOOT: Final = 2
"""Rows at the foot of the screen, which nothing else takes."""

PLOTS: Final[dict[str, Plot]] = {
    "picture": Plot("picture", 0),
    "ledger": Plot("below", 36),
    "guarantees": Plot("right", 5),
    "metrics": Plot("right", 5),
    "chart": Plot("below", 24),
    "actors": Plot("right", 4),
    "rows": Plot("below", 56),
    "queues": Plot("below", 44),
    "dead": Plot("below", 34, "dead letters"),
    "inspector": Plot("right", 8, tall=True),
    "code": Plot("below", 60, tall=True),
    "story": Plot("right", 8, tall=True),
    "timeline": Plot("foot", FOOT),
}
"""Every pane, in the order of their keys."""

PANES: Final = tuple(PLOTS)

SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "-tiny": (),
    "-short": ("timeline", "picture"),
    "-small": ("timeline", "picture", "ledger"),
    "-medium": ("timeline", "picture", "ledger", "guarantees", "metrics"),
    "-large": (
        "timeline",
        "picture",
        "chart",
        "ledger",
        "guarantees",
        "actors",
        "metrics",
        "inspector",
    ),
}
"""What a size class shows until somebody asks for something else; what stays longest is last."""

RIGHT: Final = {"-medium": 40, "-large": 52}
"""Columns of what stands right of the picture."""

ALONE: Final = {"-short": 1, "-small": 2}
"""Panes that a small screen has room for; what is asked for takes the place of what was there."""


def fitting(asked: Sequence[str], size_class: str, width: int, height: int) -> set[str]:
    """Return which panes are in sight; those asked for last go first, the very last always.

    Args:
        asked: The panes that are to be shown, the latest asked for last.
        size_class: The class of the terminal's size.
        width: Columns of the terminal.
        height: Rows there are for panes.
    """
    if size_class in ALONE:
        return set(asked)
    aside = any(PLOTS[name].where == "right" for name in asked)
    picture = any(PLOTS[name].where in ("picture", "below") for name in asked)
    columns = width - (RIGHT.get(size_class, 0) + 1 if aside and picture else 0)
    room = {"picture": 1, "below": columns, "right": height, "foot": FOOT}
    found: set[str] = set()
    for name in reversed(asked):
        plot = PLOTS[name]
        if not found or plot.least <= room[plot.where]:
            found.add(name)
            room[plot.where] -= plot.least + 1
    return found


def asked_again(
    asked: Sequence[str], name: str, size_class: str, seen: Collection[str]
) -> list[str]:
    """Return what is to be shown after a person has asked for a pane, or asked it to go.

    A pane in sight goes, unless it is the last one; any other comes. A small screen has room for
    one below the picture, a short one for one in all: what was there makes way. What stands at
    the foot takes nobody's place.
    """
    rest = [each for each in asked if each != name]
    if name in seen:
        return rest if len(seen) > 1 else [*rest, name]
    if PLOTS[name].where == "foot":
        return [name, *rest]
    stays = {each for each in rest if PLOTS[each].where == "foot"}
    if size_class == "-short":
        return [each for each in rest if each in stays] + [name]
    if size_class == "-small" and name != "picture":
        return [each for each in rest if each in {*stays, "picture"}] + [name]
    return [*rest, name]


def standing(shown: Iterable[str], where: str) -> set[str]:
    """Return those panes that stand somewhere."""
    return {name for name in shown if PLOTS[name].where == where}
