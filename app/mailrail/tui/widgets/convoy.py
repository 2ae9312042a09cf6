"""The picture of a convoy: a lane for each group, a lock at its gate, and who holds it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from rich.cells import cell_len

from mailrail.frames import LabFrame
from mailrail_patterns.partitioning import lane_of
from mailrail_patterns.projections.convoy_scene import (
    FROZEN,
    HELD,
    LOOSE,
    OPEN,
    WAITING,
    ConvoyScene,
)
from mailrail_patterns.views import ActorView

from . import crew, figures, glyphs, rails, roads
from .caravan import paint_caravan
from .journeys import journeys_of
from .ledger_queue import ledger_of, paint_ledger
from .motion import Point
from .paper import Paper, cut
from .plot import Peaks
from .road import DEAF, Road, roads_of
from .roadway import Roadway
from .senders import draw_producers
from .trails import Ways

SMALLEST = (66, 6)
"""Fewest columns and rows in which lanes, locks and holders stand side by side."""


def paint_convoy(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    scene = frame.view.scene
    if not isinstance(scene, ConvoyScene) or not frame.view.queues or width < 16 or height < 2:
        paper = Paper(width, height)
        paper.put(1, 0, cut("no lanes yet", width - 1), "faint+italic")
        return paper
    ledger = ledger_of(frame)
    if ledger is None:
        return _paint_lanes(frame, scene, width, height)
    paper = Paper(width, height)
    paper.paste(0, 0, paint_ledger(frame, ledger, width))
    paper.paste(0, 1, _paint_lanes(frame, scene, width, height - 1))
    return paper


def _paint_lanes(frame: LabFrame, scene: ConvoyScene, width: int, height: int) -> Paper:
    found = roads_of(frame, scene)
    if scene.on and dict(frame.view.settings).get("partitions", "0") != "0":
        found.sort(key=lambda road: (len(road.lane.key), road.lane.key))
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return paint_caravan(frame, scene, found, width, height)
    return _Scene(frame, scene, found, width, height).draw()


class _Scene:
    """One picture in the making."""

    def __init__(
        self,
        frame: LabFrame,
        scene: ConvoyScene,
        found: list[Road],
        width: int,
        height: int,
    ) -> None:
        self.frame, self.scene, self.paper = frame, scene, Paper(width, height)
        self.queue, self.now = frame.view.queues[0], frame.view.now
        longest = max((cell_len(road.lane.key) for road in found), default=1)
        self.at = roads.lay(width, height, max(1, len(found)), longest)
        self.found, self.lanes = found, _chosen(found, self.at.lanes)
        self.more = len(found) - len(self.lanes) + scene.more
        self.values = {row.name: row.value for row in frame.metrics}
        self.settings = dict(frame.view.settings)
        self.senders = [actor for actor in frame.view.actors if actor.kind == "producer"]
        self.workers = [actor for actor in frame.view.actors if actor.role == "worker"]
        self.lane = Roadway(self.paper, self.at, scene, frame, self.lanes)

    def draw(self) -> Paper:
        """Draw everything that stands, then what moves."""
        sources = self._senders()
        index = {road.lane.key: number for number, road in enumerate(self.lanes)}
        partitions = self._partitions()
        groups = {
            m.group: index[key]
            for m in (*self.queue.ready, *self.queue.locked, *self.queue.gone, *self.queue.dead)
            if (key := lane_of(m.group, partitions)) in index
        }
        visible = replace(
            self.queue,
            ready=tuple(m for road in self.lanes for m in road.ready[: self.lane.shown(road)]),
            locked=tuple(m for road in self.lanes for m in road.current),
            gone=tuple(m for m in self.queue.gone if m.group in groups),
            dead=tuple(m for m in self.queue.dead if m.group in groups),
        )
        ways = Ways(self.at, self.lane.places, groups, sources)
        flights, away = journeys_of(self.frame, visible, ways, self.lane.sign)
        self._rails(sources)
        for number, road in enumerate(self.lanes):
            self.lane.draw(self.at.row(number), road, away)
        self._header()
        self._faults((self.at.height - 1, self._outcome()), (self.at.spare, self._spare()))
        for flight in flights:
            flight.draw(self.paper)
        return self.paper

    def _partitions(self) -> int:
        on = self.settings.get("sessions") != "off"
        text = self.settings.get("partitions", "0")
        return int(text) if on and text.isdigit() else 0

    # --- what stands still ----------------------------------------------------------------

    def _senders(self) -> dict[str, Point]:
        at = self.at
        if at.join < 0:
            return {}
        rows = max(1, at.height - 3 - at.top)
        return draw_producers(
            self.paper, self.senders, at.join - 1, at.top, rows, self.frame.selected
        )

    def _rails(self, sources: dict[str, Point]) -> None:
        at, paper = self.at, self.paper
        rows = [at.row(number) for number in range(len(self.lanes))]
        for start, row in set(sources.values()):
            rails.rail(paper, start + (start + 1 < at.join), at.join, row)
        if sources and rows:
            for y in rows:
                rails.arrow(paper, at.join + 1, at.name, y)
            rails.trunk(paper, at.join, sorted({y for _, y in sources.values()}), rows)
        for y in rows:
            rails.rail(paper, at.box, at.gate, y)

    def _header(self) -> None:
        at, paper = self.at, self.paper
        done = f"{glyphs.DONE} done {figures.count(self.queue.completed)}"
        end = paper.right(at.width, 0, done, "done+bold")
        sent = sum(actor.sent for actor in self.senders)
        if at.join < 0:
            x = paper.put(0, 0, f"{glyphs.PRODUCER} ", "producer")
            x = paper.fit(x, 0, f"sent {figures.count(sent)}", at.gate - x, "text") + 2
        else:
            paper.fit(0, 0, _number(self.senders, "sender"), at.join, "faint")
            x = at.name
        partitions = self._partitions()
        kind = f"{partitions} lanes" if partitions else "a lane each"
        if self.scene.scan:
            kind = f"{figures.count(self.scene.scan)} in sight"
        kind, ink = (kind, "faint") if self.scene.on else ("no sessions", "warn+bold")
        end_of = paper.fit(x, 0, kind, at.slot - x - 1, ink)
        paper.zone(0, x, end_of, "queue", self.queue.name)
        x = paper.put(at.slot, 0, _number(self.workers, "worker"), "faint") + 2
        crew.draw_census(paper, x, end - 2, 0, self.workers)

    def _spare(self) -> int:
        """Draw who holds no lane, and how many lanes are not shown."""
        at, paper = self.at, self.paper
        if self.more > 0:
            y = min(at.row(len(self.lanes) - 1) + at.each, at.spare - 1)
            paper.put(at.name, y, f"+{figures.count(self.more)} more lanes", "depth+bold")
        holders = {road.lane.holder for road in self.found if not road.gone}
        if not self.scene.on:
            holders = {m.owner for m in self.queue.locked}
        idle = [a for a in self.workers if a.name not in holders and a.state != "stopped"]
        x = paper.put(at.name, at.spare, "holds no lane: " if self.scene.on else "idle: ", "faint")
        if not idle:
            return paper.put(x, at.spare, "nobody", "faint")
        for number, actor in enumerate(idle):
            text = _told(actor, self.scene)
            more = f"+{len(idle) - number} more"
            room = len(more) + 3 if number < len(idle) - 1 else 0
            if x + len(text) + room > at.width:
                return paper.fit(x, at.spare, more, at.width - x, "text+bold")
            ink = f"{actor.state}+bold" if actor.state in DEAF else actor.state
            if actor.name == self.frame.selected:
                ink = f"{actor.state if actor.state in DEAF else 'selected'}+bold+underline"
            paper.zone(at.spare, x, x + len(text), "actor", actor.name)
            x = paper.put(x, at.spare, text, ink) + 3
        return x

    def _outcome(self) -> int:
        paper, y, x = self.paper, self.at.height - 1, 0
        bad = self.values.get("order_violations", "0")
        x = paper.put(x, y, "out of order ", "faint")
        x = paper.put(x, y, bad, "broken+bold" if bad != "0" else "holds+bold") + 3
        late = self.values.get("out_of_sequence", "0")
        if late != "0":
            x = paper.put(x, y, "not as sent ", "faint")
            x = paper.put(x, y, late, "broken+bold") + 3
        if self.scene.on:
            count = len([a for a in self.workers if a.state not in ("crashed", "stopped")])
            held = self.values.get("parallel", "0")
            x = paper.put(x, y, "parallel ", "faint")
            x = paper.put(x, y, f"{held}/{count}", "text+bold") + 3
            x = self._frozen(x, y)
        if self.scene.rebalancing is not None:
            since = figures.left(self.now - self.scene.rebalancing)
            text = f"{glyphs.WARN} REBALANCING {since}"
            x = paper.put(x, y, text, "warn+bold") + 3
        dead = self.queue.dead_count
        text = f"{glyphs.DEAD} dead {figures.count(dead)}"
        x = paper.put(x, y, text, "dead+bold" if dead else "faint") + 3
        expired = self.values.get("expired", "0")
        return x if expired == "0" else paper.put(x, y, f"expired {expired}", "warn+bold") + 3

    def _faults(self, *rows: tuple[int, int]) -> None:
        """Draw the faults that are on, at the right of the rows that have room for them."""
        ends = [self.at.width for _ in rows]
        for fault in sorted(self.frame.view.faults, key=lambda fault: fault.target != ""):
            on = f" on {fault.target}" if fault.target else ""
            text = f"{glyphs.FAULT} {fault.name} {fault.amount}".rstrip() + on
            for number, (y, x) in enumerate(rows):
                if y > 0 and ends[number] - len(text) >= x:
                    ends[number] = self.paper.right(ends[number], y, text, "fault+bold") - 2
                    break

    def _frozen(self, x: int, y: int) -> int:
        spans = self.scene.frozen
        x = self.paper.put(x, y, "frozen ", "faint")
        if not spans:
            return self.paper.put(x, y, "0", "text+bold") + 3
        last = spans[-1]
        end = "" if last.end is None else f"–{figures.clock(last.end)}"
        now = sum(1 for span in spans if span.end is None)
        since = "since " if last.end is None else ""
        text = f"{now} ({last.lane} {since}{figures.clock(last.start)}{end})"
        return self.paper.put(x, y, text, "crashed+bold" if last.end is None else "text+bold") + 3


def _told(actor: ActorView, scene: ConvoyScene) -> str:
    text = f"{glyphs.state(actor.state)} {actor.name} {actor.state}"
    if actor.message and actor.state in {"working", "paused"}:
        text += f" on {scene.labels.get(actor.message, actor.message)}, lock lost"
    return text


def _chosen(found: Sequence[Road], count: int) -> list[Road]:
    """Choose which lanes are shown, in their order: what stands still, what runs, who waits."""
    if len(found) <= count:
        return list(found)
    rank = {FROZEN: 0, HELD: 1, OPEN: 2, LOOSE: 1}
    order = sorted(range(len(found)), key=lambda n: (rank.get(found[n].lane.state, 3), n))
    waiting = [n for n in order if found[n].lane.state == WAITING]
    some = waiting[: count // 3]
    others = [n for n in order if n not in some]
    return [found[n] for n in sorted((*others[: count - len(some)], *some))]


def _number(things: Sequence[object], word: str) -> str:
    return f"{figures.count(len(things))} {word}{'' if len(things) == 1 else 's'}"
