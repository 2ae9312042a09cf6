"""Where the lanes of a convoy, their gates and their holders stand."""

from __future__ import annotations

from typing import Final, NamedTuple

SENDERS: Final = 100
"""Columns from which the senders have a column of their own."""

BLOCK: Final = 4
"""Most rows of one lane, a blank one below it included."""


class Roads(NamedTuple):
    """The places of one picture.

    Attributes:
        width: Columns.
        height: Rows.
        join: Column of the rail from the senders to the lanes; -1: they have no column.
        name: First column of the lanes' names.
        box: First column of the messages that wait in a lane.
        gate: Column of the locks.
        slot: First column of the message in process.
        holder: First column of who holds the lane.
        lock: First column of the time the lock has left.
        word: First column of what is to be said of the lane.
        top: Row of the first lane.
        each: Rows of each lane.
        lanes: How many lanes are shown.
        spare: Row of those who hold no lane; -1: there is no room for it.
    """

    width: int
    height: int
    join: int
    name: int
    box: int
    gate: int
    slot: int
    holder: int
    lock: int
    word: int
    top: int
    each: int
    lanes: int
    spare: int

    def row(self, index: int) -> int:
        """Return the row of a lane; of one that is not shown, that of the last."""
        return self.top + self.each * max(0, min(index, self.lanes - 1))


def lay(width: int, height: int, lanes: int, longest: int) -> Roads:
    """Place ``lanes`` lanes whose names take ``longest`` columns at the most."""
    join = 16 if width >= SENDERS else -1
    name = join + 3 if join >= 0 else 0
    box = name + max(2, min(6, longest)) + 1
    room = width - box
    wide = max(6, room * 26 // 100)
    gate = box + wide
    slot = gate + 2
    holder = slot + 7
    lock = holder + 13
    bar = 16 if width >= SENDERS else 12
    spare = height - 2 if height >= 5 else -1
    rows = max(1, (spare if spare > 0 else height - 1) - 1)
    each = max(1, min(BLOCK, rows // max(1, lanes)))
    count = min(lanes, rows // each)
    if count < lanes:  # the last row tells how many more there are
        count = max(1, count - 1)
    used = each * count + (1 if count < lanes else 0)
    top = 1 + max(0, (rows - used) // 2)
    return Roads(
        width, height, join, name, box, gate, slot, holder, lock, lock + bar, top, each, count,
        spare,
    )  # fmt: skip
