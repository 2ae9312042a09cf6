"""The picture of competing consumers: producers, one queue, whoever takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView, QueueView

from . import crew, figures, glyphs, graves, rails
from .journeys import Ground, journeys_of
from .lane import Lane, depth_of, label, put_off, rows_wanted
from .motion import Point
from .paper import Paper, cut, whole
from .plot import Peaks
from .senders import draw_producers
from .stage import Stage, dead_rows, lane_columns, plan
from .work import Work, holders, rules_of, work_of

REASON: Final = 16
"""Columns below which a reason is not told rather than cut."""


def paint_consuming(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    paper = Paper(width, height)
    view = frame.view
    if not view.queues or width < 16 or height < 2:
        paper.put(1, 0, cut("no queue yet", width - 1), "faint+italic")
        return paper
    peaks = peaks or Peaks()
    peaks.look(frame)
    queue = view.queues[0]
    producers = [actor for actor in view.actors if actor.kind == "producer"]
    consumers = [actor for actor in view.actors if actor.kind != "producer"]
    usable = max(1, height - 1 - dead_rows(height) - (1 if height >= 18 else 0))
    shown, rest = choose(consumers, frame.selected, usable - (0 if width >= 70 else 1))
    each = max(1, crew.block_rows(len(shown) + (1 if rest else 0), usable))
    wanted = round(peaks.top("lane", rows_wanted(queue, lane_columns(width) - 2)))
    stage = plan(width, height, min(wanted, usable), each * len(shown) + bool(rest))
    return _Scene(frame, paper, stage, queue, producers, shown, rest, each).draw()


def choose(
    consumers: Sequence[ActorView], selected: str, rows: int
) -> tuple[list[ActorView], list[ActorView]]:
    """Return the consumers that get rows of their own, and the others.

    Whoever has left goes first when there is no room; the selected one always stays.
    """
    if len(consumers) <= rows:
        return list(consumers), []
    present = [actor for actor in consumers if actor.state != "stopped"]
    if len(present) <= rows - 1:
        names = {actor.name for actor in present}
        return present, [actor for actor in consumers if actor.name not in names]
    shown = present[: max(0, rows - 1)]
    chosen = next((actor for actor in consumers if actor.name == selected), None)
    if chosen is not None and shown and chosen not in shown:
        shown[-1] = chosen
    names = {actor.name for actor in shown}
    return shown, [actor for actor in consumers if actor.name not in names]


class _Scene:
    """One picture in the making."""

    def __init__(
        self,
        frame: LabFrame,
        paper: Paper,
        stage: Stage,
        queue: QueueView,
        producers: Sequence[ActorView],
        shown: Sequence[ActorView],
        rest: Sequence[ActorView],
        each: int,
    ) -> None:
        self.frame, self.paper, self.stage, self.queue = frame, paper, stage, queue
        self.producers, self.shown, self.rest, self.each = producers, shown, rest, each
        self.lane = Lane(stage, queue)
        self.rows = {actor.name: stage.crew + each * i for i, actor in enumerate(shown)}
        self.rest_row = stage.crew + each * len(shown)
        self.sources: dict[str, Point] = {}
        self.away: frozenset[tuple[str, str]] = frozenset()

    def draw(self) -> Paper:
        frame, stage, queue = self.frame, self.stage, self.queue
        held, rules, now = holders(queue), rules_of(frame), frame.view.now
        works = [work_of(a, held.get(a.name, ()), queue, rules, now) for a in self.shown]
        end = stage.width
        at = crew.columns(stage.slot, end, works)
        self._producers()
        # A consumer takes in on its left and gives out on its right, beside its name.
        ground = Ground(stage, self.lane, self.sources, self.rows, self.rest_row, at.rest)
        flights, self.away = journeys_of(frame, queue, ground)
        self._rails()
        self.lane.draw(self.paper, self.away, self._alarm())
        for work in works:
            self._consumer(at, work)
        if self.rest:
            crew.draw_rest(self.paper, at, self.rest_row, self.rest)
        self._header(at)
        self._dead()
        self._faults()
        for flight in flights:
            flight.draw(self.paper)
        return self.paper

    # --- what stands still ----------------------------------------------------------------

    def _producers(self) -> None:
        stage = self.stage
        if not stage.wide:
            sent = sum(actor.sent for actor in self.producers)
            x = self.paper.put(0, stage.top - 1, f"{glyphs.PRODUCER} ", "producer")
            x = self.paper.put(x, stage.top - 1, f"sent {figures.count(sent)}", "text")
            self.sources = {actor.name: (x + 1, stage.top - 1) for actor in self.producers}
            return
        block = 3 if len(self.producers) == 1 else stage.rows
        y = max(stage.top, min(stage.entry[1], stage.top + stage.rows - block))
        if len(self.producers) > 1:
            y = stage.top
        self.sources = draw_producers(
            self.paper, self.producers, stage.join - 1, y, stage.top + stage.rows - y,
            self.frame.selected,
        )  # fmt: skip

    def _rails(self) -> None:
        stage, paper = self.stage, self.paper
        if not stage.wide:
            return
        sources = sorted(set(self.sources.values()))
        x, y = stage.entry
        for start, row in sources:
            rails.rail(paper, start + (start + 1 < stage.join), stage.join, row)
        if sources:
            rails.arrow(paper, stage.join + 1, x, y)
            rails.trunk(paper, stage.join, [row for _, row in sources], [y])
        x, y = stage.exit
        rows = [*self.rows.values(), *([self.rest_row] if self.rest else [])]
        if rows:
            rails.rail(paper, x + 1, stage.trunk, y)
            for row in rows:
                rails.arrow(paper, stage.trunk + 1, stage.slot - 1, row)
            rails.trunk(paper, stage.trunk, [y], rows)

    def _consumer(self, at: crew.Columns, work: Work) -> None:
        name = work.actor.name
        away = (work.message.partition(" ")[0], name) in self.away
        crew.draw_consumer(
            self.paper, at, self.rows[name], min(self.each, self.stage.dead - self.rows[name]),
            work, name == self.frame.selected, away,
        )  # fmt: skip

    def _header(self, at: crew.Columns) -> None:
        paper, stage, queue = self.paper, self.stage, self.queue
        # What is deleted on receipt is over for the queue, whatever becomes of it in a handler.
        word = "done" if rules_of(self.frame).locks else "handed over"
        done = f"{glyphs.DONE} {word} {figures.count(queue.completed)}"
        end = paper.right(stage.width, 0, done, "done+bold") - 2
        if not stage.wide:
            count, ink = depth_of(queue)
            word = f"{count} ready"
            x = paper.put(max(0, min(14, end - len(word))), 0, word, f"{ink}+bold") + 2
            crew.draw_census(paper, x, end, 0, [*self.shown, *self.rest])
            return
        paper.fit(0, 0, f"{len(self.producers)} producer{_s(self.producers)}", stage.join, "faint")
        crowd = [*self.shown, *self.rest]
        word = f"{figures.count(len(crowd))} consumer{_s(crowd)}"
        x = paper.put(stage.slot, 0, word, "faint") + 2
        crew.draw_census(paper, x, end, 0, crowd)
        x, _, wide, _ = stage.lane
        paper.fit(x, 0, self._rules(stage.slot - x - 1), stage.slot - x - 1, "faint")
        y = stage.lane[1] + stage.lane[3]
        for text in put_off(queue):
            if y < stage.dead:
                paper.fit(x + 1, y, text, wide, "faint")
                y += 1

    def _rules(self, room: int) -> str:
        """Say whose rules hold, and as many of them as there is room for."""
        queue = self.queue
        limit = f" · max {queue.limit}" if queue.limit else ""
        rules = f"lock {queue.lock:g}s{limit}" if rules_of(self.frame).locks else "no locks"
        settings = dict(self.frame.view.settings)
        dialect, window = settings.get("dialect", "mailrail"), settings.get("duplicate_detection")
        if dialect == "mailrail":
            drops = f"{rules} · drops resends"
            more = () if window == "0s" else (f"{drops} within {window}", drops)
            return whole(room, *more, rules, rules.removesuffix(limit))
        what = {"failures": " failures", "returns": " returns"}.get(queue.counts, "")
        full = f"{rules}{what if queue.limit else ' · no limit'}"
        tries = (f"{dialect} · {full}", f"{dialect} · {rules}", dialect)
        return next((text for text in tries if len(text) <= room), dialect)

    def _dead(self) -> None:
        stage, paper, queue = self.stage, self.paper, self.queue
        rows = stage.height - stage.dead
        if not rows:
            return
        y, x = stage.dead, 0
        ink = "dead+bold" if graves.ended(queue) else "faint"
        title = graves.title(queue)
        if rows > 1:
            paper.put(0, y, "─" * stage.width, "lane")
            paper.put(1, y, f" {title} ", ink)
            y += 1
        else:
            x = paper.put(0, y, title, ink) + 2
        first = x
        for message in reversed(graves.listed(queue)):
            if (message.name, "") in self.away:
                continue
            name = label(message)
            if x + len(name) + 1 > stage.width:
                x, y = first, y + 1
            if y >= stage.height:
                break
            paper.zone(y, x, x + len(name), "message", message.name)
            x = paper.put(x, y, name, "on-dead") + 1
            if len(message.reason) <= stage.width - x or stage.width - x >= REASON:
                x = paper.fit(x, y, message.reason, stage.width - x, "dead") + 2

    def _faults(self) -> None:
        view, stage = self.frame.view, self.stage
        shown = {actor.name for actor in view.actors}  # what is wrong with one stands beside it
        faults = [fault for fault in view.faults if fault.target not in shown]
        y = stage.dead - len(faults)
        for row, fault in enumerate(faults, max(stage.top, y)):
            on = f" on {fault.target}" if fault.target else ""
            text = f"{glyphs.FAULT} {fault.name}{on} {fault.amount}".rstrip()
            wide = stage.trunk - 1 if stage.wide else stage.width
            self.paper.fit(0, row, text, wide, "fault+bold")

    def _alarm(self) -> str:
        return next((f.name for f in self.frame.view.faults if f.name == "broker-down"), "")


def _s(things: Sequence[object]) -> str:
    return "" if len(things) == 1 else "s"
