"""Two runs of one seed with one thing different, watched at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import NamedTuple

from msgspec.structs import replace

from mailrail_patterns.commands import Set, Timed
from mailrail_patterns.kernel.events import DECLARED, Event
from mailrail_patterns.names import BadInput
from mailrail_patterns.projections.measures import Number
from mailrail_patterns.run import Run

from .framing import number_text
from .narration import narrate


class Difference(NamedTuple):
    """A metric that is not the same in both runs.

    Attributes:
        name: The metric.
        left: Its value in the first run.
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
    """Compares two runs up to the playhead of the first; what has been compared is not again."""

    def __init__(self, left: Run, right: Run) -> None:
        self.left = left
        self.right = right
        self._same = 0
        self._parting: Parting | None = None

    def parting(self) -> Parting | None:
        """Return the first event that differs, once both have come to it; None before that.

        It stays known when the playhead is moved to before it.
        """
        if self._parting is None:
            self._look()
        return self._parting

    def _look(self) -> None:
        one, other = self.left.events, self.right.events
        ends = self.left.position, self.right.position
        while self._same < min(ends):
            if _told(one[self._same]) != _told(other[self._same]):
                self._part(one[self._same], other[self._same])
                return
            self._same += 1
        if ends[0] > self._same:
            self._part(one[self._same], None)
        elif ends[1] > self._same:
            self._part(None, other[self._same])

    def _part(self, left: Event | None, right: Event | None) -> None:
        time = min(event.t for event in (left, right) if event is not None)
        told = [
            _nothing(run, time) if event is None else _sentence(event)
            for run, event in ((self.left, left), (self.right, right))
        ]
        self._parting = Parting(time, *told)

    def differences(self) -> list[Difference]:
        """Return the metrics that differ at the playhead."""
        picture = self.left.picture
        worse = {m.name: m.worse for m in (*picture.common.measures, *picture.own.measures)}
        one, other = self.left.metrics(), self.right.metrics()
        return [
            Difference(
                name, number_text(value), number_text(other[name]),
                _better(value, other[name], worse.get(name, 0)),
            )
            for name, value in one.items()
            if name in other and other[name] != value
        ]  # fmt: skip


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


def forked_at(left: Run, right: Run) -> float | None:
    """Return where two runs of one seed and the same settings were first told different things.

    Returns:
        The instant in seconds; None if nothing was, or the seeds or settings they were started
        with differ, so that one is no fork of the other.
    """
    if left.seed != right.seed or left.overrides != right.overrides:
        return None
    for one, other in zip_longest(left.commands, right.commands):
        if one != other:
            return min(timed.at for timed in (one, other) if timed is not None)
    return None


def twin_of(run: Run, overrides: Mapping[str, str]) -> Run:
    """Return a second run of the same seed and commands, with other settings.

    What is different stays so: commands that would set one of ``overrides`` are left out, and
    so is what is done to somebody who is not there under those settings.

    Raises:
        BadInput: If a setting cannot be used.
    """
    settings = {**run.overrides, **overrides}
    kept = tuple(timed for timed in run.scenario.steps if not _sets(timed, overrides))
    done = [timed for timed in run.commands if not _sets(timed, overrides)]
    bare = replace(run.scenario, steps=())
    try:
        return Run(
            replace(bare, steps=kept), seed=run.seed, overrides=settings, commands=done
        )  # fmt: skip
    except BadInput:
        Run(bare, seed=run.seed, overrides=settings)  # is it the settings?
    steps: list[Timed] = []
    for step in (*kept, *done):
        try:
            Run(replace(bare, steps=(*steps, step)), seed=run.seed, overrides=settings)
        except BadInput:
            continue
        steps.append(step)
    steps.sort(key=lambda timed: timed.at)
    return Run(replace(bare, steps=tuple(steps)), seed=run.seed, overrides=settings)


def sets_anew(run: Run, key: str) -> bool:
    """Whether a command of a run sets ``key``, so that no one value of it names the run."""
    return any(_sets(timed, (key,)) for timed in (*run.scenario.steps, *run.commands))


def _sets(timed: Timed, keys: Iterable[str]) -> bool:
    command = timed.command
    return isinstance(command, Set) and _spelt(command.key) in {_spelt(key) for key in keys}


def _spelt(key: str) -> str:
    return key.replace("-", "_")


__all__ = ["Comparison", "Difference", "Parting", "forked_at", "sets_anew", "twin_of"]
