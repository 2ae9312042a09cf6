"""The picture of scheduler, agent and supervisor: a state store, and a scan that passes over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.orders import CHARGES, Lease
from mailrail_patterns.projections.supervised import OrderView, StoreView

from . import figures, glyphs, motion, store_story
from .claims_axis import axis_of, draw_history, draw_legend, draw_scans
from .crew_columns import (
    COLUMNS,
    DOWN,
    Told,
    draw_column,
    lines_of,
    members,
    names_of,
    next_scan,
)
from .paper import Paper, cut, whole
from .plot import Peaks
from .store_queues import draw_line, draw_queues, shared_of, waiting_of
from .store_rows import Rules, chosen, draw_head, draw_row, spots
from .store_ways import Ground, sent_on_their_way
from .supervising_small import paint_small

NARROW: Final = 62
LOW: Final = 9
NOTED: Final = 47
"""Columns of a note that is not cut."""
SHARED: Final = "whoever-is-free"
"""How tasks are given where nobody picks an agent: it needs no word."""
MOST_NOTED: Final = 6
"""Notes that go before the story of a row."""
LEGIBLE: Final = 8
"""Rows below the table from which the signs of its axis are explained."""
TOLD: Final[dict[str, str]] = {
    "silent": "goes silent on",
    "stale": "rejects a stale reply to",
    "late-answer": "drops a stale answer to",
    "cut-off": "is cut off from the agents with",
    "benched": "benches who had",
    "refused": "refuses, because it was refunded,",
}
"""What is said of what was noted, by its code."""

EMPTY: Final = StoreView((), 0, (), {}, (), Lease(), (), ())


class Floor(NamedTuple):
    """Where everything stands.

    Attributes:
        rows: Rows of the table there is room for.
        crew: The row of the columns' names.
        deep: Rows of each column.
        foot: The last row.
    """

    rows: int
    crew: int
    deep: int
    foot: int


def paint_supervising(
    frame: LabFrame, width: int, height: int, peaks: Peaks | None = None
) -> Paper:
    """Draw the state store, those who work on it, and the scan."""
    store = frame.view.scene if isinstance(frame.view.scene, StoreView) else EMPTY
    paper = Paper(width, height)
    if width < 16 or height < 2:
        paper.put(0, 0, cut(f"{store.count} rows", width), "faint")
        return paper
    rules = rules_of(frame)
    if width < NARROW or height < LOW:
        paint_small(paper, frame, store, rules)
        return paper
    columns = [lines_of(frame, store, role, rules) for role, _ in COLUMNS]
    wanted = max(len(lines) for lines in columns)
    deep = max(3, min(wanted, (height - 3) // 2, 8))
    return _Scene(frame, paper, store, rules, _lay(height, deep)).draw(columns)


def rules_of(frame: LabFrame) -> Rules:
    """Read the settings that matter here."""
    settings = dict(frame.view.settings)
    return Rules(
        figures.seconds_of(settings.get("complete_in", "")) or 0.0,
        figures.seconds_of(settings.get("scan_every", "")) or 0.0,
        int(settings.get("max_failures", "3")),
    )


def _lay(height: int, deep: int) -> Floor:
    """The columns stand at the bottom; what is left is the table's."""
    foot = height - 1
    crew = foot - deep - 1
    return Floor(max(1, crew - 1), crew, deep, foot)


class _Scene:
    """One picture in the making."""

    def __init__(
        self, frame: LabFrame, paper: Paper, store: StoreView, rules: Rules, floor: Floor
    ) -> None:
        self.frame, self.paper, self.store = frame, paper, store
        self.rules, self.floor = rules, floor
        self.now = frame.view.now
        self.spots = spots(paper.width)
        self.lines = shared_of(frame)

    def draw(self, columns: Sequence[Sequence[Told]]) -> Paper:
        paper, floor = self.paper, self.floor
        shown = chosen(self.store.rows, floor.rows, self.now)
        draw_head(paper, 0, self.spots, self.store.count)
        places: dict[str, tuple[int, int]] = {}
        if not shown:
            paper.fit(1, 1, "no order yet", paper.width - 2, "faint+italic")
        lines = self._lines(len(shown))
        axis = axis_of(self.frame, 7, paper.width - 8)
        for index, row in enumerate(shown):
            y, picked = 1 + index * lines, self.frame.selected == row.key
            owners = sum(1 for mine in self.store.claims.values() if row.key in mine)
            draw_row(paper, y, row, self.spots, self.rules, self.now, owners=owners, chosen=picked)
            places[row.key] = (self.spots.state, y)
            if lines > 1:
                draw_history(paper, y + 1, row, axis)
        below = 1 + max(1, len(shown)) * lines
        if lines > 1 and below < floor.crew:
            draw_scans(paper, below, axis, self.store.scans, self._coming())
            if (spare := floor.crew - below - LEGIBLE) > 0:
                below += draw_legend(paper, axis.x, below + 1, spare)
            self._below(below + 2, shown)
        self._sweep(len(shown), lines)
        wide = (paper.width - 2) // len(COLUMNS)
        self._rule(wide)
        for index, (told, (role, _)) in enumerate(zip(columns, COLUMNS, strict=True)):
            x = 1 + index * wide
            found = draw_column(
                paper, x, floor.crew + 1, wide - 2, floor.deep, told, self.frame.selected
            )
            places.update({name: (x, y) for name, y in found.items()})
            places[role] = (x, floor.crew)
        places.update(self._foot())
        ground = Ground(places, wide)
        for flight in sent_on_their_way(self.frame, self.store, ground):
            flight.draw(paper)
        return paper

    def _below(self, y: int, shown: list[OrderView]) -> None:
        """Tell what was noted and what waits, and below that what became of one row."""
        room = self.floor.crew - y - 1
        row = store_story.told(shown, self.frame.selected or "")
        waiting = waiting_of(self.frame)
        beside = max(3, min(len(self.store.notes), MOST_NOTED), len(waiting)) + 2
        upper = beside if row and room - beside >= store_story.LEAST else room + 1
        self._notes(y, upper - 1)
        x = 1 + self._beside() if self.store.notes else 1
        draw_queues(self.paper, x, y, min(room, upper - 1), waiting)
        if row and upper <= room:
            store_story.draw_story(self.paper, y + upper, room - upper, row)

    def _rule(self, wide: int) -> None:
        paper, y = self.paper, self.floor.crew
        paper.put(0, y, "─" * paper.width, "lane")
        policy = dict(self.frame.view.settings).get("assignment", SHARED)
        for index, (role, name) in enumerate(COLUMNS):
            x = draw_line(paper, 1 + index * wide, y, wide - 1, name, self.lines.get(role))
            if role == "agent" and policy != SHARED and len(policy) < (index + 1) * wide - x:
                paper.put(x, y, f"{policy} ", "note")
            if index:
                for row in range(y + 1, self.floor.foot):
                    paper.put(index * wide - 1, row, "│", "lane")

    def _lines(self, count: int) -> int:
        """Return how many lines a row gets: with its history, and air, where there is room."""
        rows, count = self.floor.rows, max(1, count)
        spare = rows - 8  # for what waits, and what was noted
        return 3 if count * 3 < min(rows, max(spare, 9)) else 2 if count * 2 <= rows else 1

    def _beside(self) -> int:
        """Return the columns that what was noted has, with what waits beside it."""
        return max(NOTED, self.paper.width // 2)

    def _notes(self, y: int, room: int) -> None:
        """Tell below the table, if there is room, what was noted lately."""
        notes = self.store.notes[-max(0, room - 1) :] if room > 3 else ()
        if not notes:
            return
        self.paper.put(1, y, "TOO LATE, OR TO NOBODY", "text+bold")
        for index, note in enumerate(reversed(notes)):
            told = TOLD.get(note.code, note.code)
            head, room = f"{figures.clock(note.t):>6}  ", self._beside() - 2
            texts = [f"{head}{name} {told} {note.attempt}" for name in names_of(note.actor)]
            ink = "faint" if index else "text"
            self.paper.fit(1, y + 1 + index, whole(room, *texts), room, ink)

    def _coming(self) -> float | None:
        """Return when the next scan is, in seconds; None if nobody looks."""
        leader = self.store.lease.holder
        alive = {a.name for a in members(self.frame, "supervisor") if a.state not in DOWN}
        watches = [w for w in self.store.watchers if w.name in alive]
        if not watches or dict(self.frame.view.settings).get("supervisor") == "off":
            return None
        first = next((w for w in watches if w.name == leader), watches[0])
        return self.now + next_scan(first, self.rules.period, self.now)

    def _sweep(self, count: int, lines: int) -> None:
        """Let the line of the latest scan pass over the table."""
        paper, latest = self.paper, max(self.store.watchers, key=lambda w: w.scanned, default=None)
        if latest is None or latest.scanned < 0:
            return
        share = motion.progress(self.frame, latest.scanned)
        if share is None:
            return
        at = min(count, int(share * (count + 1)))
        y = 1 + at * lines
        word = f" scan: {latest.expired} expired " if latest.expired else " scan: all in time "
        if at < count:
            paper.tint(0, y, paper.width, "on-note+bold")
            paper.put(0, y, glyphs.POINTER, "on-note+bold")
        elif y < self.floor.crew:
            paper.put(0, y, "━" * paper.width, "note+bold")
        paper.right(paper.width, 0, word, "on-note+bold")

    def _foot(self) -> dict[str, tuple[int, int]]:
        """Draw who submits, what the remote has charged, and the pager."""
        paper, y = self.paper, self.floor.foot
        places: dict[str, tuple[int, int]] = {}
        paper.put(0, y, "─" * paper.width, "lane")
        x = 1
        for actor in [a for a in self.frame.view.actors if a.role == "submitter"][:2]:
            state = "" if actor.state not in DOWN else f" {actor.state}"
            places[actor.name] = (x, y)
            end = paper.fit(x, y, f"{glyphs.PRODUCER} {actor.name}{state} ", 26,
                            "producer" if not state else actor.state)  # fmt: skip
            paper.zone(y, x, end, "actor", actor.name)
            x = end + 1
        x = self._charges(max(x, 17), y)
        alerts = [row for row in self.frame.metrics if row.name == "alerts"]
        pager = next((q for q in self.frame.view.queues if q.name == "pager"), None)
        count = int(alerts[0].value) if alerts and alerts[0].value.isdigit() else 0
        word = f" {glyphs.WARN} PAGER {count} alert{'s' if count != 1 else ''} "
        places["pager"] = (max(x, paper.width - len(word) - 1), y)
        crew = members(self.frame, "operator")
        if count or crew or pager is None:
            for actor in crew[:1]:
                who = f" {actor.name} {actor.state} ·"
                word = whole(paper.width - x, f"{who}{word}", f"{who} {glyphs.WARN} PAGER {count} ")
            start = max(x, paper.width - len(word))
            paper.fit(start, y, word, paper.width - start, "dead+bold" if count else "faint")
            if pager is not None:
                paper.zone(y, start, paper.width, "queue", pager.name)
            for actor in crew[:1]:
                paper.zone(y, start, start + len(actor.name) + 2, "actor", actor.name)
        return places

    def _charges(self, x: int, y: int) -> int:
        paper = self.paper
        if not self.store.charges:
            return x
        x = paper.put(x, y, " CHARGES ", "text+bold")
        for name, times, state in self.store.charges[-3:]:
            twice = times > 1
            wrong = glyphs.WARN if twice else ""
            mark = f"{name} {figures.times(times)}{wrong}{' refunded' * (state == 'refunded')} "
            if x + len(mark) > paper.width - 18:
                break
            start, x = x, paper.put(x, y, mark, "broken+bold" if twice else "done")
            paper.zone(y, start, x - 1, "row", f"{CHARGES}/{name}")
        return x


__all__ = ["paint_supervising"]
