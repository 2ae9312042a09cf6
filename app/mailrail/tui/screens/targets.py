"""What jump mode leads to: which letters stand for what, and where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""From those under the fingers to those that are farthest from them."""

RAILS: Final = frozenset("─━│┃╌┈═·╭╮╰╯")
"""Signs that nobody misses."""

DEAR: Final = 4
"""Columns that a label is moved rather than that it hides a character."""


class Target(NamedTuple):
    """Something that can be gone to.

    Attributes:
        x: Its first column on the screen.
        y: Its row.
        end: The column after its last one.
        kind: ``pane``, or what it is in its pane.
        name: Which one.
        pane: The widget it is in, by its id; empty: it is a pane itself.
    """

    x: int
    y: int
    end: int
    kind: str
    name: str
    pane: str = ""


class Label(NamedTuple):
    """Letters on a target.

    Attributes:
        x: Their first column.
        letters: The letters.
        target: What they lead to.
    """

    x: int
    letters: str
    target: Target


def labels_of(count: int) -> list[str]:
    """Return so many labels, none of which another begins with; the shortest ones first.

    As many as can be have one letter, the others two, of which the first is hard to reach anyway.
    """
    extra = max(0, count - len(LETTERS))
    firsts = min(len(LETTERS), -(-extra // (len(LETTERS) - 1)))
    singles = LETTERS[: len(LETTERS) - firsts]
    pairs = [a + b for a in LETTERS[len(LETTERS) - firsts :] for b in LETTERS]
    return [*singles, *pairs][:count]


def labelled(targets: Sequence[Target], rows: Sequence[str]) -> list[Label]:
    """Give each target a label where it hides least.

    Args:
        targets: What can be gone to, the dearest first. Of two at one place the later goes
            without; so do those for which there are no letters left.
        rows: What is on the screen, one cell a character.
    """
    shown, labels = list(targets), labels_of(len(targets))
    while True:
        taken: set[tuple[int, int]] = set()
        found = []
        for letters, target in zip(labels, shown, strict=False):
            x = _spot(target, len(letters), rows[target.y], taken)
            if x is not None:
                taken.update((target.y, x + index) for index in range(len(letters)))
                found.append(Label(x, letters, target))
        if len(found) == len(shown) or len(labels) < len(shown):
            return found
        shown = [label.target for label in found]
        labels = labels_of(len(shown))


def _spot(target: Target, wide: int, row: str, taken: Iterable[tuple[int, int]]) -> int | None:
    """Return the column of a label, at its target or just before it; None: there is no room."""
    best: tuple[float, int] | None = None
    for x in range(max(0, target.x - wide), max(target.x, target.end - wide) + 1):
        cells = range(x, x + wide)
        if cells.stop > len(row) or any((target.y, cell) in taken for cell in cells):
            continue
        hidden = sum(_weight(row[cell]) for cell in cells)
        before = any(_weight(row[cell]) == 1 for cell in cells if cell < target.x)
        cost = DEAR * hidden + abs(x - target.x)
        if not before and (best is None or (cost, x) < best):
            best = cost, x
    return None if best is None else best[1]


def _weight(sign: str) -> float:
    return 0.0 if sign == " " else 0.25 if sign in RAILS else 1.0
