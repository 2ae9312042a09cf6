"""A part that actors play: its coroutine, and what somebody who plays it can be given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import msgspec

from .arrivals import Options
from .commands import CrashPoint
from .crash_points import HANDLER, Points
from .port import Port

S = TypeVar("S")
Participant = Callable[[Port[S]], Awaitable[None]]


def _anything(value: str) -> None:
    """Accept every value."""


def _fits(settings: Any, given: Options) -> None:
    """Find no fault with anything."""


class Taken(msgspec.Struct, frozen=True):
    """Something an actor can be given when it is spawned, besides its rhythm.

    Attributes:
        name: As it is typed: ``filter``.
        about: What it is for, as half a sentence.
        check: Raises :class:`BadInput` for a value that cannot be used.
    """

    name: str
    about: str
    check: Callable[[str], None] = _anything


class Role(msgspec.Struct, Generic[S], frozen=True):
    """A part that actors play.

    Attributes:
        name: Singular noun; actors are called ``name-1``, ``name-2`` …
        play: The coroutine, called once for each incarnation.
        kind: ``producer`` if it only sends, ``consumer`` if it settles messages.
        about: One sentence for a person who has never met it.
        queue: The queue it sends to or receives from.
        kinds: The kinds of message a producer sends, if there are several; a rhythm given
            without a kind is that of the first.
        takes: What else an actor of the role can be given, by name.
        check: Raises :class:`BadInput` if what an actor is given contradicts itself or the
            settings.
        points: The crash points its actors pass, or which of them, as the settings stand; None:
            a consumer those of the shared handler, a producer none.
        serves: The setting that says how long a consumer works on what it takes; empty: the
            role's name and ``_time``, or ``service`` if there is none of that name; None: it only
            hands on, or looks round, and spends no time of its own.
    """

    name: str
    play: Participant[S]
    kind: str
    about: str
    queue: str = ""
    kinds: tuple[str, ...] = ()
    takes: tuple[Taken, ...] = ()
    check: Callable[[S, Options], None] = _fits
    points: Points[S] | None = None
    serves: str | None = ""

    @property
    def timed(self) -> bool:
        """Whether its actors can be given a service time: who has no handler has none."""
        return self.kind == "consumer" and self.serves is not None and self.points != ()

    def passes(self, settings: S) -> tuple[CrashPoint, ...]:
        """Return the crash points at which an actor of the role can be caught."""
        if self.points is None:
            return HANDLER if self.kind == "consumer" else ()
        return self.points(settings) if callable(self.points) else self.points


AnyRole = Role[Any]
