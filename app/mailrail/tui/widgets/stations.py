"""The stages of a pipeline as a frame tells them: who works there, how fast, which is slowest."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.items import is_copy, item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.projections.flowing import Belt
from mailrail_patterns.quantities import parse_distribution
from mailrail_patterns.views import ActorView, MessageView, QueueView
from mailrail_patterns.wirings import parse_wiring

from . import figures, glyphs
from .paper import whole
from .work import holders

WIRING: Final = "wiring"
"""The setting that says where the output of each filter goes."""

MONOLITH: Final = "monolith"
"""The role that does the work of all stages."""

SWEEPER: Final = "sweeper"
"""The role that looks after the store and handles no item."""

DEAF: Final = frozenset({"crashed", "paused", "halted", "stopped"})
"""States in which an instance gets nothing done."""


class Station(NamedTuple):
    """One stage and the pipe before it.

    Attributes:
        name: The stage, as it is called in the settings.
        pipe: The pipe before it.
        crew: Its instances, those that have left included.
        held: The messages each of them holds.
        steps: What it does and how long each takes on average, in seconds.
        rate: Items a second it can do as it stands; None: no time at all.
        busy: Share of its time it has spent working; None: it has had none yet.
        blocked: Seconds its instances have waited for room.
        wired: Whether anything is put into its pipe still; if not, it finishes what it has.
    """

    name: str
    pipe: QueueView
    crew: Sequence[ActorView]
    held: Mapping[str, Sequence[MessageView]]
    steps: Sequence[tuple[str, float]]
    rate: float | None
    busy: float | None
    blocked: float
    wired: bool = True

    @property
    def present(self) -> int:
        """How many instances there are."""
        return sum(1 for actor in self.crew if actor.state != "stopped")

    @property
    def halted(self) -> int:
        """How many of them have given up, until somebody restarts them."""
        return sum(1 for actor in self.crew if actor.state == "halted")

    @property
    def stuck(self) -> int:
        """How many of them are blocked."""
        return sum(1 for actor in self.crew if actor.state == "blocked")


def stations_of(frame: LabFrame) -> tuple[Station, ...]:
    """Return the stages in order; one that does everything where the pattern is switched off.

    A filter that is no longer wired stands before the last one until it has nothing left to do.
    """
    view = frame.view
    settings = dict(view.settings)
    consumers = [
        actor for actor in view.actors if actor.kind != "producer" and actor.role != SWEEPER
    ]
    pipes = {queue.name.removeprefix("to-"): queue for queue in view.queues}
    wired = [name for name in _line(settings.get(WIRING, "")) if name in pipes]
    left = [name for name in pipes if name not in wired and _is_busy(pipes[name])]
    names = [*wired[:-1], *left, *wired[-1:]]
    queues = [pipes[name] for name in names]
    steps = [(name, _mean(settings.get(f"{name}_time", ""))) for name in names]
    alone = [actor for actor in consumers if actor.role == MONOLITH]
    if settings.get("split") == "off" and len(alone) == len(consumers):
        return (_station(frame, MONOLITH, queues[0], alone, steps),)
    found = []
    for index, (name, queue) in enumerate(zip(names, queues, strict=True)):
        crew = [actor for actor in consumers if actor.role == name]
        # One that does everything takes from the first pipe, beside the first stage.
        crew += alone if index == 0 else []
        made = _station(frame, name, queue, crew, steps[index : index + 1])
        found.append(made._replace(wired=name in wired))
    return tuple(found)


def _line(text: str) -> tuple[str, ...]:
    """Return the filters of a wiring in order."""
    try:
        return parse_wiring(text).line
    except BadInput:
        return ()


def _is_busy(pipe: QueueView) -> bool:
    """Say whether anything waits in a pipe, or is held by who takes from it."""
    return bool(pipe.depth or pipe.locked or pipe.scheduled or pipe.deferred)


def _station(
    frame: LabFrame,
    name: str,
    pipe: QueueView,
    crew: Sequence[ActorView],
    steps: Sequence[tuple[str, float]],
) -> Station:
    mean = sum(seconds for _, seconds in steps)
    rate = None
    if mean > 0:
        rate = sum(1 / (mean * actor.slow) for actor in crew if actor.state not in DEAF)
    busy = measured(frame, f"{name}_utilisation")
    if name == MONOLITH and (lived := sum(actor.lived for actor in crew)):
        busy = sum(actor.busy for actor in crew) / lived
    return Station(
        name, pipe, crew, holders(pipe), steps, rate, busy,
        measured(frame, f"{name}_blocked") or 0.0,
    )  # fmt: skip


def _mean(text: str) -> float:
    try:
        return parse_distribution(text).mean
    except BadInput:
        return 0.0


def measured(frame: LabFrame, name: str) -> float | None:
    """Return a metric's value; None where there is none yet."""
    text = next((row.value for row in frame.metrics if row.name == name), "")
    try:
        return float(text)
    except ValueError:
        return None


def bottleneck(stations: Sequence[Station]) -> int | None:
    """Return which stage sets the pace; None before anything has moved, or if there is but one.

    At one and the same throughput the stage that can do the fewest items a second has the
    highest utilisation. So the slowest is named from the first item on, not only once the
    measured shares have settled; those decide between stages that are equally slow.
    """
    started = any(station.pipe.depth or station.pipe.completed for station in stations)
    if len(stations) < 2 or not started:
        return None
    joined = [index for index, station in enumerate(stations) if station.wired]

    def rank(index: int) -> tuple[float, float, int]:
        station = stations[index]
        rate = math.inf if station.rate is None else round(station.rate, 9)
        return rate, -round(station.busy or 0.0, 2), index

    first = min(joined, key=rank)
    return None if stations[first].rate is None else first


def passed_through(frame: LabFrame) -> Collection[str]:
    """Return the items that a filter handed on as they came."""
    scene = frame.view.scene
    return scene.passed if isinstance(scene, Belt) else ()


def chip(message: str, room: int = 10, passed: Collection[str] = ()) -> str:
    """Return what stands for a message: the name of its item, marked if it is a second copy.

    Or if it is one of those that were ``passed`` through, which is the more telling of the two.
    """
    item = item_of(message)
    mark = glyphs.PASSED if item in passed else "~" if is_copy(message) else ""
    return item[:room] + mark


def title_ink(station: Station) -> str:
    """Return the ink of a stage's name."""
    return "text+bold" if station.wired else "faint"


def pace(station: Station) -> str:
    """Return how many items a second a stage can do: ``0.33/s``; or that it gets no more."""
    if not station.wired:
        return "unwired"
    if station.rate is None:
        return "∞/s"
    if station.rate >= 100:
        return f"{figures.count(round(station.rate))}/s"
    return f"{station.rate:.2g}/s"


def coming(frame: LabFrame, station: Station, room: int) -> str:
    """Return how many items a second are put into a stage's pipe of late: ``in 0.33/s``.

    Args:
        frame: The frame.
        station: The stage.
        room: Columns there are; where they are too few, the unit goes first, then all of it.
    """
    stage = station.pipe.name.removeprefix("to-")
    rate = measured(frame, f"{stage}_in_rate")
    if rate is None:
        return ""
    text = f"in {rate:.2g}/s" if rate < 100 else f"in {figures.count(round(rate))}/s"
    return whole(room, text, text.removesuffix("/s"), "")


def share(part: float | None) -> str:
    """Return a share in per cent; ``–`` where there is none yet."""
    return "–" if part is None else f"{round(part * 100)}%"
