"""Where everything of the picture stands: geometry only, nothing is drawn here."""

from __future__ import annotations

from typing import NamedTuple

from .motion import Point

WIDE = 70
"""Columns from which producers, queue and consumers stand side by side."""


class Stage(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        wide: Whether the three stand side by side; else the queue lies above the consumers.
        entry: Where messages enter the queue.
        exit: Where they leave it.
        lane: First column, first row, columns and rows of the queue with its frame.
        join: Column of the rail that gathers the producers.
        trunk: Column of the rail that feeds the consumers.
        slot: First column of what a consumer works on.
        top: First row below the heading.
        rows: Rows from there to the dead letters.
        crew: First row of the first consumer.
        dead: First row of the dead letters.
    """

    width: int
    height: int
    wide: bool
    entry: Point
    exit: Point
    lane: tuple[int, int, int, int]
    join: int
    trunk: int
    slot: int
    top: int
    rows: int
    crew: int
    dead: int


def dead_rows(height: int) -> int:
    """Return how many rows the dead letters have."""
    if height < 5:
        return 0
    return 1 if height < 18 else 3


def lane_columns(width: int) -> int:
    """Return the columns of the queue with its frame where the three stand side by side."""
    return 14 + max(0, int((width - 78) * 0.34))


def plan(width: int, height: int, lane_rows: int, block: int) -> Stage:
    """Place everything in ``width`` columns and ``height`` rows.

    The queue would like to have ``lane_rows`` rows of messages; it stands at the middle of the
    ``block`` of rows the consumers fill.
    """
    dead = height - dead_rows(height)
    top = 1
    rows = max(1, dead - top - (1 if height >= 18 else 0))
    if width < WIDE:
        left = 12 if width >= 44 else 6
        lane = (left + 2, top, max(4, width - left - 3), 1)
        return Stage(
            width, height, False, (left + 1, top), (width - 2, top), lane, left, 1, 2,
            top + 1, max(1, rows - 1), top + 1, dead,
        )  # fmt: skip
    spare = width - 78
    sender = 12 + max(0, min(6, spare // 8))
    feeder = 3 + max(0, min(5, spare // 8))
    lane_wide = lane_columns(width)
    fan = 4 + max(0, min(4, spare // 10))
    tall = min(lane_rows + 2, rows)
    crew = top + max(0, rows - block) // 2
    middle = crew + min(block, rows) // 2 - 1
    lane_top = max(top, min(middle - tall // 2, top + rows - tall))
    x = sender + feeder
    out = lane_top + (1 if tall > 1 else 0)
    return Stage(
        width, height, True, (x, out), (x + lane_wide - 1, out), (x, lane_top, lane_wide, tall),
        sender + feeder // 2, x + lane_wide + 1, x + lane_wide + fan, top, rows, crew,
        dead,
    )  # fmt: skip
