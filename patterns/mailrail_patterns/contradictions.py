"""Conditions on one header that no value meets together: ``amount >= 100 & amount < 50``.

Only what the conditions say of each other is looked at. Whether a value that would do is ever sent
shows when messages are, and is judged there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec


class Part(msgspec.Struct, frozen=True):
    """One condition of a content filter.

    Attributes:
        name: The header.
        sign: ``=``, ``!=``, ``>=``, ``<=``, ``>`` or ``<``.
        wanted: What it is compared with.
        column: Where it begins, from 1.
    """

    name: str
    sign: str
    wanted: str
    column: int

    @property
    def text(self) -> str:
        """What it asks of the header."""
        return f"{self.sign} {self.wanted}"


def contradiction(parts: Sequence[Part]) -> tuple[Part, Part] | None:
    """Return the first condition that cannot hold with an earlier one, and that one; None: all can.

    Two conditions are enough to look at: whatever meets each pair of bounds and values meets all.
    """
    for at, part in enumerate(parts):
        for before in parts[:at]:
            if before.name == part.name and not _together(before, part):
                return before, part
    return None


def _together(one: Part, other: Part) -> bool:
    same = [part for part in (one, other) if part.sign in ("=", "==")]
    bounds = [part for part in (one, other) if part.sign in ("<", "<=", ">", ">=")]
    if len(same) == 2:
        return one.wanted == other.wanted
    if len(bounds) == 2:
        return _meet(*bounds)
    if same and bounds:
        return _within(same[0].wanted, bounds[0])
    return not same or one.wanted != other.wanted


def _within(value: str, bound: Part) -> bool:
    """Say whether a value is within a bound; one that is no number is for whoever compares it."""
    try:
        given = float(value)
    except ValueError:
        return True
    limit = float(bound.wanted)
    if given == limit:
        return "=" in bound.sign
    return (given < limit) == bound.sign.startswith("<") and not math.isnan(given)


def _meet(one: Part, other: Part) -> bool:
    if one.sign[0] == other.sign[0]:
        return True
    low, high = (one, other) if one.sign[0] == ">" else (other, one)
    least, most = float(low.wanted), float(high.wanted)
    return least < most or (least == most and low.sign == ">=" and high.sign == "<=")


__all__ = ["Part", "contradiction"]
