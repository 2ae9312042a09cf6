"""The conveyor where there is little room: a row for each pipe and one for each stage."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame

from . import bars, crew, figures, glyphs
from .balance import draw_balance
from .holdup import draw_gaps
from .lane import depth_of
from .paper import Paper
from .stations import Station, bottleneck, pace, share, title_ink


def paint_strip(frame: LabFrame, stations: Sequence[Station], width: int, height: int) -> Paper:
    """Draw stage below stage; pipes get rows of their own where there are enough."""
    paper = Paper(width, height)
    slowest = bottleneck(stations)
    double = height > 2 * len(stations)
    y = 0
    for index, station in enumerate(stations):
        if double:
            _pipe(paper, y, station)
            y += 1
        _stage(paper, y, station, index == slowest, alone=double)
        y += 1
    if y < height:
        x = draw_balance(paper, y, frame, stations)
        at = (0, y + 1) if y + 1 < height else (x + 3, y)
        draw_gaps(paper, *at, frame)
    return paper


def _pipe(paper: Paper, y: int, station: Station) -> None:
    queue = station.pipe
    text, ink = depth_of(queue)
    x = paper.fit(0, y, f"{glyphs.POINTER} {queue.name}", 13, "faint") + 1
    paper.zone(y, 0, paper.width, "queue", queue.name)
    x = max(x, 13)
    if queue.capacity:
        x = bars.drain(paper, x, y, 10, queue.depth / queue.capacity, ink) + 1
    x = paper.put(x, y, text, f"{ink}+bold") + 1
    if ink == "warn":
        paper.put(x, y, "FULL", "warn+bold")


def _ink(station: Station) -> str:
    if station.halted:
        return "halted+bold"
    return "blocked+bold" if station.stuck else title_ink(station)


def _stage(paper: Paper, y: int, station: Station, slowest: bool, *, alone: bool) -> None:
    end = paper.width
    name = f"{station.name.upper()} {figures.times(station.present)}"
    x = paper.fit(0, y, name, 13, _ink(station))
    paper.zone(y, 0, x, "queue", station.pipe.name)
    x = max(x + 1, 13)
    if not alone:
        text, ink = depth_of(station.pipe)
        x = paper.put(x, y, text, f"{ink}+bold") + 1
    right = paper.right(end, y, f"{pace(station)} {share(station.busy):>4}", "text")
    if slowest:
        room = right - x - 3
        word = "BOTTLENECK" if room > 29 else "SLOWEST" if room >= len("SLOWEST") else "SLOW"
        right = paper.right(right - 1, y, f" {word} ", "on-warn+bold")
    crew.draw_census(paper, x, right - 1, y, [a for a in station.crew if a.state != "stopped"])
