"""Two runs of one seed with one thing different, watched at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from mailrail_patterns.commands import Set, Timed
from mailrail_patterns.kernel.events import Event
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
        """Return the first event by the playhead that differs; None if none does yet."""
        if self._parting is None:
            self._look()
        found = self._parting
        return found if found is not None and found.time <= self.left.now else None

    def _look(self) -> None:
        one, other = self.left.events, self.right.events
        ends = self.left.position, self.right.position
        while self._same < min(ends):
            if _told(one[self._same]) != _told(other[self._same]):
                self._parting = _parting(one[self._same], other[self._same])
                return
            self._same += 1
        if ends[0] > self._same:
            self._parting = _parting(one[self._same], None)
        elif ends[1] > self._same:
            self._parting = _parting(None, other[self._same])

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


def _parting(left: Event | None, right: Event | None) -> Parting:
    time = min(event.t for event in (left, right) if event is not None)
    return Parting(time, _sentence(left), _sentence(right))


def _sentence(event: Event | None) -> str:
    if event is None:
        return "nothing more happens"
    row = narrate(event)
    if row is None:  # told nowhere else; here it may be all there is to tell
        return f"{event.queue or event.actor} {event.kind.replace('_', ' ')}".strip()
    return row.text


def _better(left: Number, right: Number, worse: int) -> int:
    if left is None or right is None or not worse:
        return 0
    return worse if left > right else -worse


def _told(event: Event) -> tuple[object, ...]:
    """Return what a reader would see of an event; numbers of causes may differ for nothing."""
    return event.t, event.kind, event.actor, event.queue, event.message, event.delivery, event.text


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


__all__ = ["Comparison", "Difference", "Parting", "sets_anew", "twin_of"]
