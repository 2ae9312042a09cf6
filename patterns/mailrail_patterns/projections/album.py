"""How to get to the picture at any event of a journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ..kernel.events import Event
from .picture import Picture

KEYFRAME = 4096
"""Events between two keyframes at the least."""

KEYFRAMES = 64
"""Keyframes kept at the most; when there are more, every second one is dropped."""

STRIDE: Final = 1024
"""Events to the picture kept before that are worth a foothold, at the least."""

FOOTHOLDS: Final = 4
"""Footholds kept at the most; when there are more, the earliest is dropped."""

NEAR: Final = 64
"""Events between the latest foothold and the event asked for."""

FAR: Final = (64, 8, 1)
"""Strides between the other footholds and the event asked for."""


def _position(picture: Picture) -> int:
    return picture.position


class Album:
    """Pictures of one journal at any event, made cheap by keyframes and footholds.

    A keyframe is taken after so many events that its cost, which grows with what a copy does
    not share, stays in proportion to the work of folding. They lie all over the journal, far
    apart when it is long. Footholds are taken shortly before an event that is asked for, for
    whoever goes one back from there, and then back again.
    """

    def __init__(self, events: Sequence[Event], blank: Callable[[], Picture]) -> None:
        self._events = events
        self._blank = blank
        self._current = blank()
        self._keyframes: list[Picture] = []
        self._footholds: list[Picture] = []
        self._spacing = KEYFRAME

    @property
    def position(self) -> int:
        """Number of the event that was asked for last; 0: none yet."""
        return self._current.position

    def at(self, position: int) -> Picture:
        """Return the picture after the first ``position`` events; read it, do not feed it."""
        self._footholds = [each for each in self._footholds if each.position <= position]
        kept = [each for each in self._keyframes if each.position <= position][-1:]
        nearest = max((*kept, *self._footholds), key=_position, default=None)
        last = 0 if nearest is None else nearest.position
        if position < self._current.position:
            self._current = self._blank() if nearest is None else nearest.copy()
        elif nearest is not None and last > self._current.position:
            self._current = nearest.copy()
        self._approach(position, last)
        self._go(position)
        return self._current

    def _approach(self, position: int, last: int) -> None:
        """Take footholds on the way to a position that is far from ``last``, a picture kept."""
        current = self._current
        stride = max(STRIDE, current.size)
        if position == current.position or position - last <= stride:
            return
        marks = [position - stride * far for far in FAR]
        near = max(position - NEAR, current.position + 1)
        for mark in (*(m for m in marks if m > max(last + stride, current.position)), near):
            self._go(mark)
            self._footholds.append(current.copy())
        self._footholds = self._footholds[-FOOTHOLDS:]

    def _go(self, position: int) -> None:
        current = self._current
        while current.position < position:
            last = self._keyframes[-1].position if self._keyframes else 0
            due = max(last, 0) + max(self._spacing, current.size)
            if current.position < last:
                due = position
            current.feed(self._events, min(position, max(due, current.position + 1)))
            if current.position >= due and current.position > last:
                self._keep(current)

    def _keep(self, picture: Picture) -> None:
        self._keyframes.append(picture.copy())
        if len(self._keyframes) > KEYFRAMES:
            self._keyframes = self._keyframes[1::2]
            self._spacing *= 2
