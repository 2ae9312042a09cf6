"""The picture of a choreography: swim-lanes, and what followed from what."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.choreographed import ChoreographyScene

from . import figures, glyphs
from .causes import draw_stuck, draw_tree, focus, stray
from .paper import Paper, cut
from .plot import Peaks
from .seniority import draw_ages
from .services import Pool, chip, event_name, lanes_of, pool_of, states_of
from .swimlanes import Lanes
from .troubles import put_faults
from .work import rules_of
from .workflows import draw_workflows

SIDE: Final = 72
"""Columns from which the tree stands beside the lanes."""


def paint_choreography(
    frame: LabFrame, width: int, height: int, peaks: Peaks | None = None
) -> Paper:
    """Draw the picture at a size."""
    paper = Paper(width, height)
    scene = frame.view.scene
    if not isinstance(scene, ChoreographyScene) or width < 24 or height < 2:
        paper.put(1, 0, cut("no room for the lanes", width - 1), "faint+italic")
        return paper
    return _Scene(frame, paper, scene).draw()


class _Scene:
    """One picture in the making."""

    def __init__(self, frame: LabFrame, paper: Paper, scene: ChoreographyScene) -> None:
        self.frame, self.paper, self.scene = frame, paper, scene
        self.lanes = lanes_of(frame)
        self.states = states_of(self.lanes)

    def draw(self) -> Paper:
        paper = self.paper
        beside = paper.width >= SIDE
        wide = max(40, min(88, paper.width * 52 // 100)) if beside else paper.width
        rows = paper.height - 1
        under = not beside and rows >= 2 * len(self.lanes) + 6
        if under:
            rows = max(len(self.lanes) + 2, rows // 2)
        self._header(wide if beside else paper.width)
        room = rows - 3 if rows > len(self.lanes) + 3 else rows
        room -= 1 < room < len(self.lanes)  # a row to tell whose lanes find no room
        pool = pool_of(self.lanes, wide, 1, room)
        lanes = Lanes(self.frame, paper, pool, rules_of(self.frame))
        if pool.lanes:
            lanes.draw()
            self._hidden(pool, wide)
            last = pool.lanes[-1].y + pool.lanes[-1].rows
            last += len(pool.lanes) < len(self.lanes)
            left = (rows + 1 if under else paper.height) - last
            left -= bool(self.scene.stuck) and not beside and not under
            if left > 0:
                draw_ages(paper, 1, last, wide, left, self.frame, self.scene)
        if beside:
            for y in range(paper.height):
                paper.put(wide + 1, y, "│", "lane")
            self._right(wide + 3, 0, paper.width)
        elif under:
            self._right(1, rows + 2, paper.width)
        elif self.scene.stuck:
            self._stuck(pool.lanes[-1].y if pool.lanes else 0)
        for flight in lanes.flights:
            flight.draw(paper)
        return paper

    def _hidden(self, pool: Pool, wide: int) -> None:
        """Name the services whose lanes find no room."""
        rest = self.lanes[len(pool.lanes) :]
        y = pool.lanes[-1].y + 1
        if not rest or y >= self.paper.height:
            return
        x = self.paper.fit(1, y, f"+{len(rest)} ", wide - 1, "faint+bold")
        for lane in rest:
            matter = self.states[lane.name]
            word = f"{lane.name} {matter}".rstrip()
            ink = "crashed+bold" if matter else "faint"
            if len(word) > wide - x:
                break
            self.paper.zone(y, x, x + len(word), "queue", lane.name)
            x = self.paper.put(x, y, word, ink) + 1

    def _stuck(self, last: int) -> None:
        """Tell what is stuck below the lanes; beside the customers where they fill the sheet."""
        paper, y = self.paper, self.paper.height - 1
        if y > last:
            draw_stuck(paper, 1, y, paper.width, self.scene, self.states, 1)
            return
        text = f"STUCK ×{figures.count(len(self.scene.stuck))}"
        paper.right(paper.width, 0, text, "on-broken+bold")

    def _header(self, wide: int) -> None:
        """Who orders, and what is wrong with everybody."""
        paper, frame = self.paper, self.frame
        customers = [actor for actor in frame.view.actors if actor.kind == "producer"]
        sent = sum(actor.sent for actor in customers)
        x = paper.put(1, 0, f"{glyphs.PRODUCER} ", "producer")
        if len(customers) == 1:
            (only,) = customers
            chosen = only.name == frame.selected
            paper.zone(0, 0, x + len(only.name), "actor", only.name)
            ink = "selected+bold+underline" if chosen else "producer+bold"
            x = paper.fit(x, 0, only.name, wide - x, ink) + 1
            if only.state not in ("idle", "working"):
                text = f"{glyphs.state(only.state)} {only.state}"
                x = paper.fit(x, 0, text, wide - x, f"{only.state}+bold") + 1
        else:
            x = paper.fit(x, 0, f"{figures.count(len(customers))} customers", wide - x) + 1
        orders = "1 order" if sent == 1 else f"{figures.count(sent)} orders"
        x = paper.fit(x, 0, orders, wide - x, "text") + 2
        put_faults(paper, x, 0, wide, [on for on in frame.view.faults if not on.target])

    def _right(self, x: int, y: int, end: int) -> None:
        """What followed from what; or, with an orchestrator, where each order stands."""
        paper = self.paper
        foot = paper.height - (2 if self.scene.stuck else 1)
        if self.scene.choreographed:
            self._conversation(x, y, end, foot)
            draw_stuck(
                paper, x, foot, end, self.scene, self.states, paper.height - foot
            )  # fmt: skip
            return
        edits = self.scene.edits
        changed = f"definition changed ×{edits}" if edits else "definition unchanged"
        at = paper.fit(x, y, "ORCHESTRATOR ", end - x, "note+bold")
        paper.fit(at, y, changed, end - at, "warn+bold" if edits else "faint")
        room = max(1, (paper.height - y - 2) // 2)
        below = draw_workflows(paper, x, y + 1, end, room, self.frame)
        if below < paper.height - 2:
            self._conversation(x, below + 1, end, paper.height)

    def _conversation(self, x: int, y: int, end: int, foot: int) -> None:
        paper, scene, now = self.paper, self.scene, self.frame.view.now
        conversation = focus(self.frame, scene)
        if conversation is None:
            paper.fit(x, y, "no conversation yet", end - x, "faint+italic")
            return
        if stray(scene.conversations):
            paper.fit(x, y, "NO CONVERSATION IDS", end - x, "on-warn+bold")
            text = "nothing tells what belongs together"
            text = text if len(text) <= end - x else "what belongs to what?"
            paper.fit(x, y + 1, text, end - x, "warn")
            for row, each in enumerate(scene.conversations[-max(0, foot - y - 2) :], y + 2):
                event = each.events[0]
                paper.zone(row, x, end, "message", event.id)
                text = f"? {event_name(event.subject)}"
                paper.fit(x, row, text, end - x, "faint")
            return
        others = [each for each in reversed(scene.conversations) if each is not conversation]
        stuck = {each.conversation for each in scene.stuck}
        for each in (conversation, *others):
            if foot - y < 2:
                return
            at = paper.fit(x, y, f"conv {chip(each.id)} ", end - x, "note+bold")
            if each.id in stuck:
                at = paper.fit(at, y, "STUCK ", end - at, "broken+bold")
            age = f"{figures.brief(now - each.since)} old"
            paper.fit(at, y, age, end - at, "faint")
            y = draw_tree(paper, x, y + 1, end, foot - y - 1, each, self.states, now) + 1
            if foot - y < len(each.events) + 1:
                return


__all__ = ["paint_choreography"]
