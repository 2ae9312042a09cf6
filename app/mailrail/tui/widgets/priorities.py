"""The picture of a priority queue: a lane for each class, a gate, and whom it lets through."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mailrail.frames import LabFrame
from mailrail_patterns.ranks import CLASSES

from . import crew, figures, glyphs, graves, rails, thermometer
from .classes import Standing, descending, ink, merged, numbered, policy_of, rungs, sign, standings
from .crossing import AGE, Crossing, Layout, plan
from .journeys import journeys_of
from .lane import Lane, rows_wanted
from .motion import Point
from .narrow import paint_narrow
from .paper import Paper, cut
from .plot import Peaks
from .pool import columns, draw_hands, hands_of
from .senders import draw_producers
from .teams import teams_of

SMALLEST = (66, 9)
"""Fewest columns and rows in which lanes and workers stand side by side."""

LOSSES = (("rejected", "refused"), ("dropped", "lost"))
"""What else messages can come to, told if there is any: metric and word."""


def paint_priorities(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    peaks = peaks or Peaks()
    peaks.look(frame)
    if not frame.view.queues or width < 16 or height < 2:
        paper = Paper(width, height)
        paper.put(1, 0, cut("no queue yet", width - 1), "faint+italic")
        return paper
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return paint_narrow(frame, width, height)
    return _Scene(frame, width, height, peaks).draw()


class _Scene:
    """One picture in the making."""

    def __init__(self, frame: LabFrame, width: int, height: int, peaks: Peaks) -> None:
        self.frame, self.paper = frame, Paper(width, height)
        self.queue = merged(frame.view.queues)
        self.values = {row.name: row.value for row in frame.metrics}
        labels = descending(peaks.seen("rungs", numbered(frame, self.queue)))
        self.layout = self._plan(width, height, peaks, labels)
        self.hidden = rungs(frame, self.queue, labels[len(self.layout.rungs) :])
        self.classes = (
            rungs(frame, self.queue, self.layout.rungs) if labels else standings(frame, self.queue)
        )
        self.teams = teams_of(frame, 1, self.layout.end)
        self.rows = {name: row for team in self.teams for name, row in team.rows.items()}
        self.each = {actor.name: team.each for team in self.teams for actor in team.shown}
        self.senders = [actor for actor in frame.view.actors if actor.kind == "producer"]
        self.lanes = {
            each.name: Lane(
                self.layout.stage(each.name), each.line, ink=ink(each.name, "on-"), title=each.title
            )
            for each in self.classes
        }

    def _plan(self, width: int, height: int, peaks: Peaks, labels: tuple[str, ...]) -> Layout:
        if labels:
            return plan(width, height, 1, labels)
        room = plan(width, height, 1)
        wanted = max(
            rows_wanted(each.line, room.gate - room.lane - 3)
            for each in standings(self.frame, self.queue)
        )
        return plan(width, height, round(peaks.top("lane", wanted)))

    def draw(self) -> Paper:
        """Draw everything that stands, then what moves."""
        frame, layout = self.frame, self.layout
        shown = [actor for team in self.teams for actor in team.shown]
        hands = hands_of(frame, shown, self.queue)
        at = columns(layout.slot, layout.width, hands)
        sources = self._senders()
        flights, away = journeys_of(
            frame,
            replace(self.queue, ready=tuple(m for each in self.classes for m in each.line.ready)),
            self._crossing(sources, at.leaves(min(self.each.values(), default=1))),
            sign,
        )
        self._rails(sources)
        for each in self.classes:
            self._class(each, away)
        self._policy()
        for mine in hands:
            name = mine.work.actor.name
            rows = min(self.each[name], layout.end - self.rows[name])
            chosen = name == frame.selected
            draw_hands(self.paper, at, self.rows[name], rows, mine, chosen, away)
        for team in self.teams:
            if team.rest:
                places = crew.Columns(at.slot, at.name, at.state, at.state, at.end)
                crew.draw_rest(self.paper, places, team.rest_row, team.rest)
        self._header()
        self._outcome()
        for flight in flights:
            flight.draw(self.paper)
        return self.paper

    # --- what stands still ----------------------------------------------------------------

    def _crossing(self, sources: dict[str, Point], leaves: Point) -> Crossing:
        places = {
            message.name: place
            for lane in self.lanes.values()
            for message, place in zip(lane.queue.ready, lane.slots, strict=False)
        }
        tails = {name: lane.place(len(lane.slots)) for name, lane in self.lanes.items()}
        rest = next((team.rest_row for team in self.teams if team.rest), self.layout.end - 1)
        return Crossing(self.layout, places, tails, sources, self.rows, rest, leaves)

    def _senders(self) -> dict[str, Point]:
        layout = self.layout
        if layout.join < 0:
            return {}
        rows = layout.end - layout.top
        return draw_producers(
            self.paper, self.senders, layout.join - 1, layout.top, rows, self.frame.selected
        )

    def _rails(self, sources: dict[str, Point]) -> None:
        layout, paper = self.layout, self.paper
        lanes = sorted({layout.rail(each.name) for each in self.classes})
        rows = sorted({y for _, y in sources.values()})
        for start, row in set(sources.values()):
            rails.rail(paper, start + (start + 1 < layout.join), layout.join, row)
        if sources:
            for y in lanes:
                rails.arrow(paper, layout.join + 1, layout.lane, y)
            rails.trunk(paper, layout.join, rows, lanes)
        for team in self.teams:
            targets = [*team.rows.values(), *([team.rest_row] if team.rest else [])]
            for y in targets:
                rails.arrow(paper, layout.gate + 1, layout.slot - 1, y)
            begins = sorted(
                {layout.rail(c.name) for c in self.classes if CLASSES[c.name] in team.serves}
            )
            for y in begins:
                rails.rail(paper, layout.gate - 1, layout.gate, y)
            rails.trunk(paper, layout.gate, begins, targets)

    def _rung(self, each: Standing, away: frozenset[tuple[str, str]]) -> None:
        layout, paper, y = self.layout, self.paper, self.layout.first(each.name)
        rails.rail(paper, layout.lane, layout.gate, y)
        x = paper.put(layout.lane, y, f"{each.title} ", f"{ink(each.name)}+bold")
        paper.zone(y, layout.lane, x, "queue", each.line.name)
        if each.line.depth:
            depth = f"{figures.count(each.line.depth):>3} "
            paper.put(layout.lane + layout.rung - 5, y, depth, "ready+bold")
        self.lanes[each.name].draw(paper, away, "")
        text, shade = thermometer.brief(each)
        if text:
            paper.right(layout.gate - 1, y, f" {text}", f"{shade}+bold")
        longest = figures.seconds_of(self.values.get(f"p{each.name}_wait_max", ""))
        if longest is not None and layout.waits:
            paper.right(layout.gate - 1 - AGE, y, f" max {figures.brief(longest)}", "text")

    def _class(self, each: Standing, away: frozenset[tuple[str, str]]) -> None:
        layout, paper = self.layout, self.paper
        if layout.rungs:
            self._rung(each, away)
            return
        first, lane, end = layout.first(each.name), layout.lane, layout.gate - 1
        last = first + layout.tall - 1
        served = f"served {figures.count(each.served)} of {figures.count(each.offered)}"
        if layout.framed:
            self.lanes[each.name].draw(paper, away, "")
            paper.tint(lane + 2, first, lane + 2 + len(each.title), f"{ink(each.name)}+bold")
            paper.right(end - 1, first, f" {served} ", "text")
        else:
            x = paper.put(lane, first, each.title, f"{ink(each.name)}+bold") + 2
            paper.zone(first, lane, x - 2, "queue", each.line.name)
            ready = f"{figures.count(each.line.depth)} ready"
            room = paper.right(end, first, served, "text") - x - 1
            paper.put(
                x, first, ready if len(ready) <= room else ready.partition(" ")[0], "ready+bold"
            )
            rails.rail(paper, lane, end + 1, first + 1)
            self.lanes[each.name].draw(paper, away, "")
        misses = int(self.values.get("sla_misses", "0"))
        if layout.slim:
            thermometer.summed(paper, lane, last, end, each, misses)
            return
        thermometer.draw(paper, lane, last - 1, end, each)
        text, shade = thermometer.word(each, misses)
        paper.fit(lane, last, text, end - lane, f"{shade}+bold")

    def _policy(self) -> None:
        layout, (name, words) = self.layout, policy_of(self.frame)
        x = self.paper.put(layout.lane, layout.middle, "policy ", "faint")
        x = self.paper.put(x, layout.middle, name, "selected+bold")
        if self.hidden:
            ready = sum(each.line.depth for each in self.hidden)
            words = f"{_number(self.hidden, 'more lane')}, {figures.count(ready)} ready"
        self.paper.fit(x, layout.middle, f": {words}", layout.gate - x - 1, "text")

    def _header(self) -> None:
        layout, paper = self.layout, self.paper
        crowd = [actor for actor in self.frame.view.actors if actor.kind != "producer"]
        end = paper.right(
            layout.width,
            0,
            f"{glyphs.DONE} done {figures.count(self.queue.completed)}",
            "done+bold",
        )
        sent = sum(actor.sent for actor in self.senders)
        if layout.join < 0:
            x = paper.put(0, 0, f"{glyphs.PRODUCER} ", "producer")
            name = _number(self.senders, "sender")
            x = paper.fit(x, 0, f"{name} · sent {figures.count(sent)}", layout.gate - x, "text")
            if len(self.senders) == 1:
                paper.zone(0, 0, x, "actor", self.senders[0].name)
        else:
            paper.fit(0, 0, _number(self.senders, "sender"), layout.join, "faint")
        x = paper.put(layout.slot, 0, _number(crowd, "worker"), "faint") + 2
        crew.draw_census(paper, x, end - 2, 0, crowd)

    def _outcome(self) -> None:
        paper, y, x = self.paper, self.layout.height - 1, 0
        for name in ("sla_misses", "promotions", "inversions"):
            value = self.values.get(name, "0")
            x = paper.put(x, y, f"{name.replace('_', ' ')} ", "faint")
            bad = value != "0" and name != "promotions"
            x = paper.put(x, y, figures.count(int(value)), "warn+bold" if bad else "text+bold") + 3
        dead = graves.ended(self.queue)
        x = paper.put(x, y, graves.short(self.queue), "dead+bold" if dead else "faint") + 3
        for name, word in LOSSES:
            gone = int(self.values.get(name, "0"))
            if name == "dropped":  # what the broker does at the limit has been told
                gone -= self.queue.dropped_count
            text = f"{word} {figures.count(gone)}"
            if gone and x + len(text) <= paper.width:
                x = paper.put(x, y, text, "broken+bold") + 3
        end = self.layout.width
        for fault in sorted(self.frame.view.faults, key=lambda fault: fault.target != ""):
            on = f" on {fault.target}" if fault.target else ""
            text = f"{glyphs.FAULT} {fault.name} {fault.amount}".rstrip() + on
            if end - len(text) < x:
                break
            end = paper.right(end, y, text, "fault+bold") - 2


def _number(things: Sequence[object], word: str) -> str:
    return f"{figures.count(len(things))} {word}{'' if len(things) == 1 else 's'}"
