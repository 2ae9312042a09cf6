"""What can be measured of a run, and the folds that measure it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from ..kernel.events import Event

if TYPE_CHECKING:
    from .samples import Sampled

Handler = Callable[[Event], None]
Number = float | int | None


class Measure(msgspec.Struct, frozen=True):
    """One metric.

    Attributes:
        name: As it is typed in expectations.
        about: What it is, as half a sentence.
        unit: ``s``, ``messages``, ``/s``; empty for a plain count.
        worse: 1 if more of it is worse, -1 if less is, 0 if neither.
    """

    name: str
    about: str
    unit: str = ""
    worse: int = 0


class Meter:
    """A fold that answers with numbers; a metric that has no value yet is None.

    Attributes:
        measures: What it answers, in the order of being shown.
        slim: Whether what a copy costs does not grow with the messages that wait.
    """

    measures: Sequence[Measure] = ()
    slim = False

    def handlers(self) -> dict[str, Handler]:
        """Return the kinds of event the meter wants, each with its handler."""
        return {}

    def values(self, now: float) -> Mapping[str, Number]:
        """Return every metric as of ``now`` seconds."""
        return {}

    def sampled(self) -> Iterable[Sampled]:
        """Return each distribution it takes percentiles from, to be compared with its count."""
        return ()

    def scene(self, now: float) -> object:
        """Return what else the pattern's own picture needs, frozen; None: nothing."""
        return None

    def copy(self) -> Meter:
        """Return an independent copy, for a keyframe."""
        raise TypeError(f"{type(self).__name__} cannot be copied")


def joined(*folds: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return the handlers of several folds as those of one, which looks at each event in turn."""
    names = dict.fromkeys(name for fold in folds for name in fold)
    return {name: _each([fold[name] for fold in folds if name in fold]) for name in names}


def _each(handlers: Sequence[Handler]) -> Handler:
    if len(handlers) == 1:
        return handlers[0]

    def handle(event: Event) -> None:
        for handler in handlers:
            handler(event)

    return handle


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile of an ordered sequence; None if it is empty."""
    if not ordered:
        return None
    rank = max(1, -int(-share * len(ordered) // 1))
    return ordered[rank - 1]


def tidy(seconds: float) -> float:
    """Return seconds without the dust of binary fractions (whole microseconds)."""
    return round(seconds, 6)
