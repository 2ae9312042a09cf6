"""What the ledgers say of a saga: numbers, bars that run out when it is undone, what is wrong."""

from __future__ import annotations

import msgspec

from mailrail.frames import LabFrame
from mailrail_patterns.ledger_rows import Balance, Entry
from mailrail_patterns.projections.saga_scene import SagaMark, SagaScene
from mailrail_patterns.views import RowView
from mailrail_patterns.worth import QUICK

from . import bars, glyphs
from .paper import Paper, whole
from .saga_plan import Plan
from .saga_words import OPEN


def row_of(frame: LabFrame, table: str, key: str) -> RowView | None:
    """Return a durable row; None if there is none, or it is not shown any more."""
    found = next((each for each in frame.view.tables if each.name == table), None)
    return None if found is None else next((row for row in found.rows if row.key == key), None)


def entry_text(row: RowView | None, state: str) -> tuple[str, str]:
    """Return what a ledger says of a saga, and its ink: ``-50+50=0``, ``-50 pending``."""
    if row is None:
        return "0", "faint"
    entry = msgspec.json.decode(row.value or "{}", type=Entry)
    if row.state == "tombstone":
        return "0 tombstone", "warn"
    if not entry.amount:
        return f"0 {row.state}", "faint"
    if entry.back:
        return f"{entry.amount:+d}{entry.back:+d}={entry.amount + entry.back}", "done"
    if row.state == "pending" and state not in OPEN:
        return f"{entry.amount:+d} HELD", "broken+bold"
    return f"{entry.amount:+d} {row.state}", "warn" if row.state == "pending" else "done"


def wrong_text(scene: SagaScene, saga: SagaMark, step: str) -> tuple[str, str]:
    """Return what is wrong with a ledger, ``✗ 50 LOST``, and its ink; empty: nothing is.

    What a balance is wrong by is so for every saga; a price that changed only for one of them,
    and where its value calls for no care, that is accepted.
    """
    missing = dict(scene.missing).get(step, 0)
    if missing:
        return f"{glyphs.BROKEN} {abs(missing)} LOST", "broken+bold"
    if f"{saga.key}-{step}" not in scene.fuzzy:
        return "", ""
    if saga.way == QUICK:
        return f"{glyphs.WARN} fuzzy", "warn"
    return f"{glyphs.BROKEN} FUZZY", "broken+bold"


def told(
    frame: LabFrame, scene: SagaScene, saga: SagaMark, step: str, room: int
) -> tuple[str, str]:
    """Return what a ledger says of a saga and its ink; first of all what is wrong with it."""
    row = row_of(frame, step, saga.key)
    text, ink = entry_text(row, saga.state)
    wrong, shade = wrong_text(scene, saga, step)
    if not wrong:
        return text, ink
    both = f"{text.partition(' ')[0]} {wrong}"
    return both if row is not None and len(both) <= room else wrong, shade


def draw_ledgers(
    paper: Paper, plan: Plan, frame: LabFrame, scene: SagaScene, saga: SagaMark
) -> None:
    """Draw below each step what its participant's ledger says of the saga, and its balance."""
    for index, step in enumerate(saga.steps):
        x, wide = plan.boxes[index], plan.wides[index]
        label = "ledger " if wide >= 20 else ""
        text, ink = told(frame, scene, saga, step.name, wide - 1 - len(label))
        end = paper.put(x + 1, plan.ledger, label, "faint")
        paper.fit(end, plan.ledger, text, wide - 1 - len(label), ink)
        if row_of(frame, step.name, saga.key) is not None:
            paper.zone(plan.ledger, x, x + wide, "row", f"{step.name}/{saga.key}")
        missing = dict(scene.missing).get(step.name, 0)
        tall = plan.foot - plan.ledger > 3
        if plan.split and (tall or not missing):
            _bar(paper, plan, frame, saga, index)
        row = row_of(frame, "ledger", step.name)
        if row is None or not plan.split or not (tall or missing):
            continue
        y, total = plan.ledger + 1 + tall, msgspec.json.decode(row.value, type=Balance).balance
        word = f"all sagas {total:+d}" if total else "all sagas 0"
        if missing:
            off = f"{total:+d}, not {total - missing:+d}"
            word = whole(wide - 1, off, off.replace(" ", ""), f"{total:+d} {glyphs.BROKEN}")
        paper.fit(x + 1, y, word, wide - 1, "broken+bold" if missing else "faint")
        paper.zone(y, x, x + wide, "row", f"ledger/{step.name}")


def _bar(paper: Paper, plan: Plan, frame: LabFrame, saga: SagaMark, index: int) -> None:
    """Draw how far a ledger is from zero: full when its step is done, running out when undone."""
    step = saga.steps[index]
    row = row_of(frame, step.name, saga.key)
    entry = Entry() if row is None else msgspec.json.decode(row.value or "{}", type=Entry)
    share = abs(entry.amount + entry.back) / abs(entry.amount) if entry.amount else 0.0
    now, backward = frame.view.now, f"{saga.key}-undo-{step.name}"
    for actor in frame.view.actors:
        if actor.state == "working" and actor.takes > 0:
            gone = min(1.0, max(0.0, now - actor.began) / actor.takes)
            if actor.message.partition("~")[0] == backward and share:
                share = 1.0 - gone
    _, ink = entry_text(row, saga.state)
    bars.drain(paper, plan.boxes[index] + 1, plan.ledger + 1, plan.wides[index] - 2, share,
               ink if share else "lane")  # fmt: skip
