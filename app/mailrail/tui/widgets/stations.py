"""The stages of a pipeline as a frame tells them: who works there, how fast, which is slowest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.items import is_copy, item_of
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import parse_distribution
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import figures
from .work import holders

MIDDLE: Final = "watermark"
"""The setting that says whether and where a fourth filter is put in."""

MONOLITH: Final = "monolith"
"""The role that does the work of all stages."""

SWEEPER: Final = "sweeper"
"""The role that looks after the store and handles no item."""

DEAF: Final = frozenset({"crashed", "paused", "stopped"})
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
    """

    name: str
    pipe: QueueView
    crew: Sequence[ActorView]
    held: Mapping[str, Sequence[MessageView]]
    steps: Sequence[tuple[str, float]]
    rate: float | None
    busy: float | None
    blocked: float

    @property
    def present(self) -> int:
        """How many instances there are."""
        return sum(1 for actor in self.crew if actor.state != "stopped")

    @property
    def stuck(self) -> int:
        """How many of them are blocked."""
        return sum(1 for actor in self.crew if actor.state == "blocked")


def stations_of(frame: LabFrame) -> tuple[Station, ...]:
    """Return the stages in order; one that does everything where the pattern is switched off."""
    view = frame.view
    settings = dict(view.settings)
    queues = sorted(view.queues, key=lambda queue: _place(queue, settings.get(MIDDLE, "")))
    names = [queue.name.removeprefix("to-") for queue in queues]
    steps = [(name, _mean(settings.get(f"{name}_time", ""))) for name in names]
    consumers = [
        actor for actor in view.actors if actor.kind != "producer" and actor.role != SWEEPER
    ]
    alone = [actor for actor in consumers if actor.role == MONOLITH]
    if settings.get("split") == "off" and len(alone) == len(consumers):
        return (_station(frame, MONOLITH, queues[0], alone, steps),)
    found = []
    for index, (name, queue) in enumerate(zip(names, queues, strict=True)):
        crew = [actor for actor in consumers if actor.role == name]
        # One that does everything takes from the first pipe, beside the first stage.
        crew += alone if index == 0 else []
        found.append(_station(frame, name, queue, crew, steps[index : index + 1]))
    return tuple(found)


def _place(queue: QueueView, where: str) -> int:
    """Return where a pipe is among the others; a filter put in later is declared last."""
    order = ["to-decode", "to-resize", "to-watermark", "to-publish"]
    if where == "before-resize":
        order[1], order[2] = order[2], order[1]
    return order.index(queue.name) if queue.name in order else len(order)


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
    if name == MONOLITH and frame.view.now > 0 and crew:
        busy = sum(actor.busy for actor in crew) / (frame.view.now * len(crew))
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

    def rank(index: int) -> tuple[float, float, int]:
        station = stations[index]
        rate = math.inf if station.rate is None else round(station.rate, 9)
        return rate, -round(station.busy or 0.0, 2), index

    first = min(range(len(stations)), key=rank)
    return None if stations[first].rate is None else first


def chip(message: str, room: int = 10) -> str:
    """Return what stands for a message: the name of its item, marked if it is a second copy."""
    text = item_of(message)[:room]
    return f"{text}~" if is_copy(message) else text


def pace(station: Station) -> str:
    """Return how many items a second a stage can do: ``0.33/s``."""
    if station.rate is None:
        return "∞/s"
    if station.rate >= 100:
        return f"{figures.count(round(station.rate))}/s"
    return f"{station.rate:.2g}/s"


def share(part: float | None) -> str:
    """Return a share in per cent; ``–`` where there is none yet."""
    return "–" if part is None else f"{round(part * 100)}%"
