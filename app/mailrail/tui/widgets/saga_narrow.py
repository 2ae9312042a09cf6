"""A saga where there is room for a few words only: a row for each step."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame

from . import figures, glyphs, saga_books, saga_lists
from .paper import Paper, Zone, cut, whole
from .saga_steps import FROZEN
from .saga_words import STATES, STEPS, TYPES, chip, crews, focus, scene_of

BOTH: Final = 52
"""Columns from which a row has room for the ledger and the participant."""

LEDGER: Final = 25
"""Column in which the ledger begins where the word before it ends earlier."""

CREW: Final = 41
"""The same for the participant."""


def paint_saga_narrow(frame: LabFrame, width: int, height: int) -> Paper:
    """Draw the saga's state, a row for each step, the orchestrators, and the log."""
    paper = Paper(width, height)
    scene = scene_of(frame)
    saga = focus(scene.sagas, frame.view.actors)
    if saga is None:
        paper.put(0, 0, cut("no saga yet", width), "faint+italic")
        return paper
    sign, ink = STATES[saga.state]
    x = paper.fit(0, 0, f"{saga.key} {sign} {saga.state}", width, f"{ink}+bold")
    if saga.ended < 0 and saga.due > 0:
        paper.fit(x + 2, 0, f"◷ {figures.left(saga.due - frame.view.now)}", width - x - 2)
    staff, queues = crews(frame), {queue.name for queue in frame.view.queues}
    y = 1
    down = [actor for actor in staff.get("orchestrator", ()) if actor.state in FROZEN]
    for actor in down:
        paper.fit(0, y, f"{glyphs.state(actor.state)} {actor.name} {actor.state}", width,
                  f"{actor.state}+bold")  # fmt: skip
        y += 1
    for step in saga.steps:
        sign, ink = STEPS[step.word]
        name = f"┃{step.name}" if step.kind == "pivot" else f" {step.name}"
        end = paper.fit(0, y, name, 13)
        state = max(end + 1, 14)
        end = paper.fit(state, y, f"{sign} {step.word}", width - 14, ink)
        if step.kind in TYPES and step.word in {"waiting", "failed", "unknown"}:
            kind, shade = TYPES[step.kind]
            end = paper.fit(end + 1, y, kind, width - end - 1, shade)
        text, shade = saga_books.told(frame, scene, saga, step.name, min(15, width - LEDGER))
        crew = staff.get(step.name, ())
        frozen = [actor for actor in crew if actor.state in FROZEN]
        if frozen and len(frozen) == len(crew) and width < BOTH:  # who is dead comes first
            text, shade = (f"{glyphs.state(frozen[0].state)} {frozen[0].state}",
                           f"{frozen[0].state}+bold")  # fmt: skip
        x = max(end + 1, LEDGER)
        text = whole(width - x, text, text.rpartition(" ")[0] or text)
        end = paper.fit(x, y, text, width - x, shade)
        ledger = Zone(y, x, end, "row", f"{step.name}/{saga.key}")
        for actor in crew[:1]:
            word = f"{glyphs.state(actor.state)} {actor.state}"
            if actor.state == "working":
                word = f"{glyphs.state(actor.state)} {chip(actor.message)}"
            x = max(end + 1, CREW)
            if len(word) <= width - x:
                paper.put(x, y, word, actor.state)
            paper.zone(y, 0, width, "actor", actor.name)
        # The name of a step stands for who does it, its state for its commands, then its ledger.
        if f"to-{step.name}" in queues:
            paper.zone(y, state, ledger.x - 1, "queue", f"to-{step.name}")
        if saga_books.row_of(frame, step.name, saga.key) is not None:
            paper.zones.append(ledger)
        y += 1
    if y < height:
        saga_lists.strip(paper, y, scene, saga, width)
    if y + 1 < height:
        saga_lists.log_line(paper, y + 1, scene.log, width)
    return paper
