"""Two runs watched at one instant: what differs, and the first event that is not the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from typing import NamedTuple

from mailrail_patterns.kernel.events import DECLARED, Event
from mailrail_patterns.projections.measures import Number
from mailrail_patterns.run import Run

from .errands import SLICE
from .measurements import amount, measures_of, number
from .narration import narrate


class Difference(NamedTuple):
    """A metric that is not the same in both runs.

    Attributes:
        name: The metric.
        left: Its value in the first run, with its unit.
        right: Its value in the second.
        better: -1 if the first run is better off, 1 if the second is, 0 if neither.
    """

    name: str
    left: str
    right: str
    better: int


class Parting(NamedTuple):
    """Where two runs part: the first event that is not the same in both.

    Attributes:
        time: The instant, in seconds.
        left: What happens then in the first run, in plain English.
        right: What happens in the second.
    """

    time: float
    left: str
    right: str


class Comparison:
    """Compares two runs; what has been compared is not again.

    Where they part is looked for beyond the playhead, in copies that run ahead: the runs
    themselves stay where they are, so that whatever is done to them is no fork.

    Attributes:
        left: The first run.
        right: The second.
        share: How much of both has been looked at, from 0 to 1.
    """

    def __init__(self, left: Run, right: Run) -> None:
        self.left = left
        self.right = right
        self.share = 0.0
        self._measures = measures_of(left)
        self._same = 0
        self._parting: Parting | None = None
        self._ahead: tuple[Run, Run] | None = None
        self._over = False

    @property
    def open(self) -> bool:
        """Whether it is not known yet where they part, if they do."""
        return self._parting is None and not self._over

    def parting(self) -> Parting | None:
        """Return the first event that differs, as soon as it is known; None before that.

        It stays known when the playhead is moved to before it.
        """
        if self._parting is None:
            self._look(self.left, self.right, self.left.position, self.right.position)
        return self._parting

    def go_on(self, steps: int) -> None:
        """Look further ahead for where they part.

        Args:
            steps: Steps of the engine to take at the most.
        """
        if self._parting is None:
            instant = min(self.left.frontier, self.right.frontier)
            self._look(self.left, self.right, *_before(instant, self.left, self.right))
        if not self.open:
            return
        if self._ahead is None:
            self._ahead = self.left.again(), self.right.again()
        end = min(self.left.duration, self.right.duration)
        copies = [run for run in self._ahead if run.now < end and not run.stalled]
        if copies:
            min(copies, key=_now).advance(end, steps)
            instant = min(run.now for run in self._ahead)
            self.share = instant / end
            self._look(*self._ahead, *_before(instant, *self._ahead))
        else:
            self._look(*self._ahead, *(len(run.events) for run in self._ahead))
            self.share, self._over = 1.0, True
        if not self.open:
            self._ahead = None

    def looking(self) -> Generator[float, None, Parting | None]:
        """Look ahead until it is known where they part.

        Yields:
            How much of both has been looked at, from 0 to 1.

        Returns:
            Where they part; None: they never do.
        """
        while self.parting() is None and self.open:
            self.go_on(SLICE)
            if self.open:
                yield self.share
        return self.parting()

    def _look(self, left: Run, right: Run, *ends: int) -> None:
        one, other = left.events, right.events
        while self._same < min(ends):
            if _told(one[self._same]) != _told(other[self._same]):
                self._part((left, one[self._same]), (right, other[self._same]))
                return
            self._same += 1
        if ends[0] > self._same:
            self._part((left, one[self._same]), (right, None))
        elif ends[1] > self._same:
            self._part((left, None), (right, other[self._same]))

    def _part(self, *sides: tuple[Run, Event | None]) -> None:
        time = min(event.t for _, event in sides if event is not None)
        told = [_nothing(run, time) if event is None else _sentence(event) for run, event in sides]
        self._parting = Parting(time, *told)

    def differences(self) -> list[Difference]:
        """Return the metrics that differ at the playhead."""
        known = self._measures
        one, other = self.left.metrics(), self.right.metrics()
        return [
            Difference(
                name, *_apart(value, other[name], known[name].unit if name in known else ""),
                _better(value, other[name], known[name].worse if name in known else 0),
            )
            for name, value in one.items()
            if name in other and other[name] != value
        ]  # fmt: skip


def _apart(one: Number, other: Number, unit: str) -> tuple[str, str]:
    """Write two values that differ, with their unit; sizes in short unless they then look alike."""
    if unit == "B":
        left, right = (" ".join(amount(value, unit)).strip() for value in (one, other))
        if left != right:
            return left, right
    return number(one, unit), number(other, unit)


def _before(instant: float, *runs: Run) -> tuple[int, ...]:
    """Return how many events each run had before an instant, which may not be over yet."""
    return tuple(bisect_left(run.events, instant, key=_time) for run in runs)


def _time(event: Event) -> float:
    return event.t


def _now(run: Run) -> float:
    return run.now


def _nothing(run: Run, time: float) -> str:
    return "nothing at that instant" if run.frontier >= time else "nothing more happens"


def _sentence(event: Event) -> str:
    row = narrate(event, answers=False)
    if row is None:  # told nowhere else; here it may be all there is to tell
        return f"{event.queue or event.actor} {event.kind.replace('_', ' ')}".strip()
    return row.text


def _better(left: Number, right: Number, worse: int) -> int:
    if left is None or right is None or not worse:
        return 0
    return worse if left > right else -worse


def _told(event: Event) -> tuple[object, ...]:
    """Return what a reader would see of an event; numbers of causes may differ for nothing.

    The rules a queue is declared with differ between dialects from the first event on: what is
    looked for is the first thing that goes another way for it.
    """
    if event.kind == DECLARED:
        return event.t, event.kind, event.actor, event.queue
    return event.t, event.kind, event.actor, event.queue, event.message, event.delivery, event.text
