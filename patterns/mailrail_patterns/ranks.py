"""Priorities as they are stamped: two by name, or ten by number.

The numbers are those of JMS 2.0 (Message.setJMSPriority): 0 is the lowest and 9 the highest,
0 to 4 are gradations of normal and 5 to 9 gradations of expedited priority. So every number is
of one of the two classes that something has been promised to.
"""

from __future__ import annotations

from typing import Final

HIGH: Final = "high"
LOW: Final = "low"
EXPEDITED: Final = tuple("98765")
NORMAL: Final = tuple("43210")
NUMBERED: Final = EXPEDITED + NORMAL
LABELS: Final = (HIGH, LOW, *NUMBERED)
"""Everything a message can be stamped with."""

RANKS: Final = {HIGH: 9, LOW: 0, **{label: int(label) for label in NUMBERED}}
"""The priority of each; a name stands for the end of the scale."""

DESCENDING: Final = (HIGH, *NUMBERED, LOW)
"""The same, the highest first."""

CLASSES: Final = {
    **dict.fromkeys((HIGH, *EXPEDITED), HIGH), **dict.fromkeys((LOW, *NORMAL), LOW)
}  # fmt: skip
"""The class of each: what is agreed for high is agreed for whatever is expedited."""

_GOLDEN: Final = 0.6180339887498949


def spread(kind: str, number: int) -> str:
    """Return the priority of a class's message, numbered as the sender counts from 1.

    The multiples of the golden ratio are spread evenly over the five, and without a draw: with
    numbers and without, a sender sends the same messages at the same instants.
    """
    labels = EXPEDITED if CLASSES[kind] == HIGH else NORMAL
    return labels[int(number * _GOLDEN % 1.0 * len(labels))]
