"""What the ledgers say of a saga: numbers, and bars that run out when it is undone."""

from __future__ import annotations

import msgspec

from mailrail.frames import LabFrame
from mailrail_patterns.ledger_rows import Balance, Entry
from mailrail_patterns.projections.saga_scene import SagaMark
from mailrail_patterns.views import RowView

from . import bars
from .paper import Paper
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


def draw_ledgers(paper: Paper, plan: Plan, frame: LabFrame, saga: SagaMark) -> None:
    """Draw below each step what its participant's ledger says of the saga, and its balance."""
    for index, step in enumerate(saga.steps):
        x, wide = plan.boxes[index], plan.wides[index]
        text, ink = entry_text(row_of(frame, step.name, saga.key), saga.state)
        label = "ledger " if wide >= 20 else ""
        end = paper.put(x + 1, plan.ledger, label, "faint")
        paper.fit(end, plan.ledger, text, wide - 1 - len(label), ink)
        if plan.split:
            _bar(paper, plan, frame, saga, index)
        row = row_of(frame, "ledger", step.name)
        if row is not None and plan.foot - plan.ledger > 3:
            total = msgspec.json.decode(row.value or "{}", type=Balance).balance
            word = f"all sagas {total:+d}" if total else "all sagas 0"
            paper.fit(x + 1, plan.ledger + 2, word, wide - 1, "faint")


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
