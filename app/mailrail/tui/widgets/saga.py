"""The picture of a saga: its track, the orchestrator below it, its ledgers and its log."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.log import LOG

from . import bars, figures, glyphs, saga_books, saga_lists, saga_plan
from .paper import Paper
from .plot import Peaks
from .saga_desk import draw_desk
from .saga_narrow import paint_saga_narrow
from .saga_plan import Plan
from .saga_steps import draw_box, draw_participant, draw_rails
from .saga_ways import INBOX, flights_of
from .saga_words import POLICIES, STANDING, STATES, crews, focus, scene_of, way_ink

DRAIN: Final = 6
"""Columns of the bar that runs out until an answer is due."""


def paint_saga(frame: LabFrame, width: int, height: int, peaks: Peaks | None = None) -> Paper:
    """Draw the picture at a size."""
    if width < saga_plan.NARROWEST or height < saga_plan.LOWEST:
        return paint_saga_narrow(frame, width, height)
    return _Scene(frame, width, height).draw()


class _Scene:
    """One picture in the making."""

    def __init__(self, frame: LabFrame, width: int, height: int) -> None:
        self.frame, self.paper = frame, Paper(width, height)
        self.scene = scene_of(frame)
        self.saga = focus(self.scene.sagas, frame.view.actors)
        self.steps = [step.name for step in self.saga.steps] if self.saga else list(STANDING)
        self.plan: Plan = saga_plan.lay(width, height, len(self.steps))
        self.crews = crews(frame)
        self.queues = {queue.name: queue for queue in frame.view.queues}

    def draw(self) -> Paper:
        """Draw everything that stands, then what moves."""
        frame, plan, paper, saga = self.frame, self.plan, self.paper, self.saga
        self._header()
        for index, name in enumerate(self.steps):
            mark = saga.steps[index] if saga is not None else None
            draw_box(paper, plan, index, mark, name)
            queue = self.queues.get(f"to-{name}")
            draw_participant(paper, plan, index, self.crews.get(name, ()), queue, frame)
        inbox = self.queues.get(INBOX)
        desk = draw_desk(paper, plan, frame, self.crews.get("orchestrator", ()), inbox)
        if saga is not None:
            draw_rails(paper, plan, saga)
            saga_books.draw_ledgers(paper, plan, frame, self.scene, saga)
        self._foot()
        for flight in flights_of(frame, plan, self.steps, desk):
            flight.draw(paper)
        return paper

    def _header(self) -> None:
        paper, saga, now = self.paper, self.saga, self.frame.view.now
        if saga is None:
            paper.put(0, 0, "no saga yet", "faint+italic")
            return
        sign, ink = STATES[saga.state]
        x = paper.put(0, 0, f"saga {saga.key} ", "text+bold")
        paper.zone(0, 0, x, "row", f"{LOG}/{saga.key}")
        x = paper.put(x, 0, f"{sign} {saga.state}", f"{ink}+bold")
        lasted = (now if saga.ended < 0 else saga.ended) - saga.began
        x = paper.put(x, 0, f" {figures.clock(lasted)}s", "faint") + 2
        if saga.way:
            x = paper.put(x, 0, f"{saga.amount} {saga.way}", way_ink(saga.way)) + 2
        if saga.policy:
            how = "undone in" if saga.policy in POLICIES else "undone:"
            x = paper.put(x, 0, f"{how} {saga.policy}", "faint") + 2
        if saga.ended < 0 and saga.due > 0:
            left = saga.due - now
            word = f"◷ answer due in {figures.left(left)} " if left > 0 else "◷ answer overdue "
            if saga.way or x + len(word) + DRAIN > paper.width:
                word = f"◷ {figures.left(left)} " if left > 0 else "◷ overdue "
            x = paper.put(x, 0, word, "text" if left > 0 else "broken+bold")
            share = left / saga.waited if saga.waited > 0 else 0.0
            x = bars.drain(paper, x, 0, DRAIN, share, "warn" if share < 0.35 else "held") + 2
        free, reserved, sold = self.scene.shelf
        texts = (
            f"shelf {free} free · {reserved} pending · {sold} sold",
            f"shelf {free} free · {reserved} pending",
            f"shelf {free} · {reserved} pending",
        )
        text = next((each for each in texts if x + len(each) <= paper.width), "")
        if any(self.scene.shelf):
            paper.right(paper.width, 0, text, "faint")

    def _foot(self) -> None:
        paper, plan, scene = self.paper, self.plan, self.scene
        now, faults = self.frame.view.now, self.frame.view.faults
        title = "DURABLE LOG"
        kept = dict(self.frame.view.settings).get("durable_log", "on") == "on"
        if not plan.split:
            saga_lists.strip(paper, plan.foot, scene, self.saga, plan.width)
            if plan.foot + 1 < plan.height:
                saga_lists.log_line(paper, plan.foot + 1, scene.log, plan.width)
        else:
            paper.put(1, plan.foot - 1, "SAGAS", "faint")
            title = title if kept else "IN MEMORY ONLY: a crash forgets it"
            paper.fit(plan.split, plan.foot - 1, title, plan.width - plan.split,
                      "faint" if kept else "broken+bold")  # fmt: skip
            saga_lists.draw_sagas(paper, plan, scene, self.saga, plan.split - 2, now)
            rows = plan.height - plan.foot
            saga_lists.draw_log(paper, plan.split, plan.foot, rows, scene.log)
        for fault in faults[:1]:
            on = f" on {fault.target}" if fault.target else ""
            text = f"{glyphs.FAULT} {fault.name}{on}"
            if (
                plan.split
            ):  # above the log where there is room beside its title, else above the sagas
                beside = len(text) + len(title) + 2 <= plan.width - plan.split
                paper.right(plan.width if beside else plan.split - 2, plan.foot - 1, text,
                            "fault+bold")  # fmt: skip
            else:
                paper.right(plan.width, plan.height - 1, text, "fault+bold")
