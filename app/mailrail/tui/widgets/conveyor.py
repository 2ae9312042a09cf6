"""The picture of pipes and filters: a conveyor from the sources through every stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView

from . import bars, figures, glyphs, plot, track
from .balance import draw_balance
from .booth import Booth, draw_booth
from .consuming import choose
from .conveyed import Away, Floor, conveyed
from .haulage import checks, tickets
from .holdup import draw_gaps, gaps
from .outlet import draw_out, draw_sources
from .paper import Paper, cut, whole
from .pile import Pile
from .plot import Peaks
from .stations import (
    Station,
    bottleneck,
    coming,
    pace,
    passed_through,
    share,
    stations_of,
    title_ink,
)
from .strip import paint_strip
from .track import Bay, Track
from .work import census, rules_of, work_of

BADGES: Final = ("BOTTLENECK", "SLOWEST", "SLOW")
"""What is said of the stage that sets the pace, the longest word that fits."""

HALTED: Final = "HALTED"
"""What is said of a stage that has given up, in whole or in part."""


def paint_conveyor(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    if not frame.view.queues or width < 16 or height < 2:
        paper = Paper(width, height)
        paper.put(1, 0, cut("no pipe yet", width - 1), "faint+italic")
        return paper
    stations = stations_of(frame)
    peaks = peaks or Peaks()
    peaks.look(frame)
    if width < track.NARROWEST or height < track.LOWEST:
        return paint_strip(frame, stations, width, height)
    trial = track.lay(width, height, len(stations), height)
    piles = _piles(frame, trial, stations)
    reach, cell = trial.bays[0].reach, max(pile.cell for pile in piles)
    depths = [pile.queue.depth + len(pile.aside) for pile in piles]
    axis = peaks.axis("pipe", max(depths), lambda: plot.planned(frame, "deepest"))
    heaps = [*depths, round(plot.planned(frame, "deepest"))]
    wanted = track.rows_wanted([s.present for s in stations], heaps, reach, cell)
    rows = min(track.room(height), wanted)
    place = track.lay(width, height, len(stations), round(peaks.top("rows", rows)))
    return _Scene(frame, Paper(width, height), place, stations, axis).draw()


def _piles(frame: LabFrame, place: Track, stations: Sequence[Station]) -> list[Pile]:
    """Return what waits in each pipe; before the last filter also what is set aside there."""
    pipes = [station.pipe for station in stations]
    held = [gaps(frame) if pipe is pipes[-1] else () for pipe in pipes]
    return [Pile(place, *each) for each in zip(place.bays, pipes, held, strict=True)]


def busiest(
    members: Sequence[ActorView], selected: str, rows: int
) -> tuple[list[ActorView], list[ActorView]]:
    """Return those of a crowd that get a row each, and the others, which are counted by state.

    Who has been at something longest goes first, who does nothing last.
    """
    present = [actor for actor in members if actor.state != "stopped"]
    states = min(2, len({actor.state for actor in present}))
    order = sorted(present, key=lambda a: (a.name != selected, a.state == "idle", a.since))
    kept = max(1, rows - states - 1)
    return order[:kept], order[kept:]


class _Scene:
    """One picture in the making."""

    def __init__(
        self,
        frame: LabFrame,
        paper: Paper,
        place: Track,
        stations: Sequence[Station],
        axis: float,
    ) -> None:
        self.frame, self.paper, self.track = frame, paper, place
        self.stations, self.axis = stations, axis
        self.slowest = bottleneck(stations)
        self.rules, self.passed = rules_of(frame), passed_through(frame)
        self.down = any(f.name == "broker-down" for f in frame.view.faults)
        self.piles = _piles(frame, place, stations)
        self.rows: dict[str, int] = {}
        names = [station.pipe.name for station in stations]
        self.named = max(map(len, names)) < min(bay.reach for bay in place.bays)
        self.booths = [
            self._booths(bay, station) for bay, station in zip(place.bays, stations, strict=True)
        ]

    def _booths(
        self, bay: Bay, station: Station
    ) -> tuple[list[tuple[ActorView, Booth]], list[ActorView]]:
        """Give each instance its rows; those that get none are counted."""
        inside = self.track.inside
        shown, rest = choose(station.crew, self.frame.selected, inside)
        if rest and station.present > len(shown):
            shown, rest = busiest(station.crew, self.frame.selected, inside)
        rows = max(1, min(6, inside // max(1, len(shown))))
        booths = []
        for index, actor in enumerate(shown):
            at = Booth(bay.box + 1, self.track.top + 1 + index * rows, bay.wide - 2, rows)
            booths.append((actor, at))
            self.rows[actor.name] = at.bench
        return booths, rest

    def draw(self) -> Paper:
        floor = Floor(self.track, self.stations, self.piles, self.rows)
        flights, away = conveyed(self.frame, floor)
        draw_sources(self.paper, self.track, self.frame)
        for index, station in enumerate(self.stations):
            bay, pile = self.track.bays[index], self.piles[index]
            self._box(bay, index, station)
            found = tickets(self.frame, station.pipe)
            if self.named:  # all of them or none, or a pipe without a name looks like none
                self.paper.put(bay.pipe, self.track.top, station.pipe.name, "faint")
            pile.draw(self.paper, away, self.down, found, self.passed)
            word = "tickets" if checks(self.frame) else ""
            pile.measure(self.paper, self.track.floor + 1, self.axis, word)
            for y in (self.track.floor + 1, self.track.floor + 2):
                self.paper.zone(y, bay.pipe, bay.box, "queue", station.pipe.name)
            self._crew(index, station, away)
            self._figures(bay, index, station)
        draw_out(self.paper, self.track, self.frame)
        foot = self.track.total
        x = draw_balance(self.paper, foot, self.frame, self.stations)
        at = (0, foot - 1) if self.track.roomy else (x + 3, foot)
        draw_gaps(self.paper, *at, self.frame)
        for flight in flights:
            flight.draw(self.paper)
        return self.paper

    def _box(self, bay: Bay, index: int, station: Station) -> None:
        paper, place = self.paper, self.track
        ink = "lane" if station.wired else "faint"
        if station.halted:
            ink = "halted"
        elif station.stuck:
            ink = "blocked"
        elif index == self.slowest:
            ink = "warn"
        level = "─" * (bay.wide - 2)
        paper.put(bay.box, place.top, f"╭{level}╮", ink)
        for y in range(place.top + 1, place.floor):
            paper.put(bay.box, y, "│", ink)
            paper.put(bay.end, y, "│", ink)
        paper.put(bay.box, place.floor, f"╰{level}╯", ink)
        title = f"{station.name.upper()} {figures.times(station.present)}"
        if len(title) + 2 <= bay.wide - 2:
            title = f" {title} "
        elif len(title) > bay.wide - 2:
            title = station.name.upper()
        corner = len(title) <= bay.wide - 2  # a longer word takes the corners of its box
        paper.fit(bay.box + corner, place.top, title, bay.wide - 2 * corner, title_ink(station))
        paper.zone(place.top, bay.box + 1, bay.end, "queue", station.pipe.name)

    def _crew(self, index: int, station: Station, away: Away) -> None:
        booths, rest = self.booths[index]
        now, chosen = self.frame.view.now, self.frame.selected
        for actor, at in booths:
            work = work_of(actor, station.held.get(actor.name, ()), station.pipe, self.rules, now)
            moving = (station.pipe.name, work.message.partition(" ")[0], actor.name) in away
            draw_booth(
                self.paper, at, work, now - actor.since, actor.name == chosen, moving, self.passed
            )
            held = station.held.get(actor.name, ())
            key = held[0].group if held else ""
            if key and at.rows > 1 and len(actor.name) + len(key) < at.wide and not moving:
                self.paper.right(at.x + at.wide, at.y, key, "held")
            if len(station.steps) > 1 and at.rows >= 6 and at.wide >= 30:
                self._steps(at, station)
        if rest and station.present > len(booths):
            x, wide = self.track.bays[index].box + 1, self.track.bays[index].wide - 2
            y = self.track.top + 1 + len(booths)
            self.paper.fit(x, y, f"+{figures.count(len(rest))} more", wide, "text+bold")
            for row, (state, number) in enumerate(census(rest)[: self.track.floor - y - 1], 1):
                text = figures.tally(glyphs.state(state), number, state, wide)
                self.paper.fit(x, y + row, text, wide, state)

    def _steps(self, at: Booth, station: Station) -> None:
        """Draw below the bar which part of it is which step."""
        total = sum(seconds for _, seconds in station.steps)
        if total <= 0:
            return
        start, gone = at.x, 0.0
        for name, seconds in station.steps:
            gone += seconds
            end = at.x + round(at.wide * gone / total)
            if end > start:
                self.paper.put(start, at.bench + 2, "└" + "─" * (end - start - 1), "lane")
                self.paper.put(start + 1, at.bench + 2, whole(end - start - 1, name, ""), "faint")
            start = end

    def _figures(self, bay: Bay, index: int, station: Station) -> None:
        paper, y, x = self.paper, self.track.floor + 1, bay.box
        can, used = pace(station), share(station.busy)
        if self.track.roomy:
            word = f"can {can}" if station.wired else can
            paper.fit(x + 1, y, word if len(word) <= bay.wide - 2 else can, bay.wide - 1)
            at = x + 1
            if bay.wide >= 12:
                at = paper.put(at, y + 1, "busy ", "faint")
            wide = bay.wide - 12
            if wide >= 4:
                at = bars.grow(paper, at, y + 1, wide, station.busy or 0.0, "working") + 1
            paper.put(at, y + 1, used, "text+bold")
            # A badge as wide as its stage would touch what is told of the pipe beside it.
            narrow = bay.wide <= len(BADGES[0]) + 3
            room = bay.reach + 2 * narrow
            paper.fit(bay.pipe, y + 2, coming(self.frame, station, room), room, "faint")
            lower = [y + 3, y + 2] if narrow else [y + 2, y + 3]
        else:
            paper.put(x + 1, y, can)
            if len(can) + len(used) < bay.wide - 1:
                paper.right(bay.end, y, used, "text+bold")
            lower = [y + 1]
        if station.halted:
            paper.put(x + (bay.wide - 8) // 2, lower.pop(0), f" {HALTED} ", "on-halted+bold")
        elif index == self.slowest:
            badge = next(word for word in BADGES if len(word) + 2 <= bay.wide or word == BADGES[-1])
            wide = len(badge) + 2
            start = x + (bay.wide - wide) // 2
            paper.put(start, lower.pop(0), badge.center(wide), "on-warn+bold")
        if lower and station.blocked > 0:
            held = figures.brief(station.blocked)
            told = (f"blocked {held}", f"blocked {station.blocked:.0f}s")
            word = whole(bay.wide - 1, *told, f"{glyphs.state('blocked')} {held}")
            paper.fit(x + 1, lower[0], word, bay.wide - 1, "blocked+bold")


__all__ = ["paint_conveyor"]
