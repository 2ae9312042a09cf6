"""What is done every so often for its own sake, and how to tell that nothing else is left.

A sweeper, a scan or a poll never ends: by its timers alone a run that has them never comes to
rest. So whoever waits for the next round of such a thing says so. Once only such rounds are
left, and the longest of them has gone round without anything coming of it, nothing ever will.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agenda import Timer


class Routine:
    """What a timer does that is only for the next round of something that never ends.

    Attributes:
        action: What to do then.
        length: How long a round is, in seconds.
    """

    __slots__ = ("action", "length")

    def __init__(self, action: Callable[[Any], None], length: float) -> None:
        self.action = action
        self.length = length

    def __call__(self, argument: Any) -> None:
        """Do it."""
        self.action(argument)


def longest_round(timers: Iterable[Timer]) -> float | None:
    """Return the longest round of all, in seconds, 0 without any; None: something else is due."""
    longest = 0.0
    for timer in timers:
        action, line = timer.action, timer.line
        if isinstance(action, Routine):
            longest = max(longest, action.length)
        elif action is not None or (line is not None and len(line) > line.cancelled):
            return None
    return longest
