"""Where a message that has just moved is drawn on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail.speeds import MAX

from .paper import Paper

Point = tuple[int, int]
"""Column and row."""

FLIGHT: Final = 0.4
"""How long a message travels, in wall-clock seconds whatever the speed."""

CROWDED: Final = (60, 8)
"""Columns and rows below which words stand so close that what moves passes behind them."""


def window(frame: LabFrame) -> float:
    """Return how long a message travels, in seconds of virtual time; 0: nobody could see it."""
    return FLIGHT * max(frame.speed, 0.1) if frame.speed != MAX else 0.0


def progress(frame: LabFrame, moved: float) -> float | None:
    """Return how much of its way a message has behind it, 0 to 1; None if it has arrived."""
    age = frame.view.now - moved
    span = window(frame)
    if not 0.0 <= age < span:
        return None
    share = age / span
    # It starts and stops softly, so that the eye finds where it came from and where it went.
    return share * share * (3.0 - 2.0 * share)


def along(path: Sequence[Point], share: float) -> Point:
    """Return the point at a share of the length of a path of straight pieces."""
    lengths = [_length(a, b) for a, b in pairwise(path)]
    rest = share * sum(lengths)
    for (x, y), (to_x, to_y), length in zip(path, path[1:], lengths, strict=False):
        if rest <= length and length:
            part = rest / length
            return round(x + (to_x - x) * part), round(y + (to_y - y) * part)
        rest -= length
    return path[-1]


def cells(path: Sequence[Point]) -> Iterator[Point]:
    """Yield every second cell of a path, for the trail of what moved while time stands still."""
    total = sum(_length(a, b) for a, b in pairwise(path))
    steps = max(1, int(total // 2))
    for step in range(steps):
        yield along(path, step / steps)


def _length(a: Point, b: Point) -> float:
    # A row is about twice as high as a column is wide.
    return abs(a[0] - b[0]) + 2.0 * abs(a[1] - b[1])


class Flight(NamedTuple):
    """A message on its way.

    Attributes:
        text: What is drawn; empty: only the trail.
        ink: How.
        path: Where it travels.
        share: How much of the way is behind it, 0 to 1.
    """

    text: str
    ink: str
    path: tuple[Point, ...]
    share: float

    def draw(self, paper: Paper, *, behind: bool = False) -> None:
        """Draw the message where it is; while time stands still, the way it has come.

        Args:
            paper: What to draw on.
            behind: Whether it passes behind words however much room there is.
        """
        crowded = behind or paper.width < CROWDED[0] or paper.height < CROWDED[1]
        if self.text:
            x, y = along(self.path, self.share)
            x = max(0, min(x, paper.width - len(self.text)))
            if not crowded or paper.clear(x, y, len(self.text)):
                paper.put(x, y, self.text, self.ink)
            return
        for x, y in cells(self.path):
            if paper.clear(x, y, 1) if crowded else paper.free(x, y):
                paper.put(x, y, "·", "moving")
