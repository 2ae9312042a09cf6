"""What the ledgers say of a saga, the list of sagas, and the tail of the durable log."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailrail.frames import LabFrame
from mailrail_patterns.ledgers import Balance, Entry
from mailrail_patterns.projections.saga_scene import LogMark, SagaMark, SagaScene
from mailrail_patterns.views import RowView

from . import bars, figures, glyphs
from .paper import Paper
from .saga_plan import Plan
from .saga_words import OPEN, STATES, STEPS, log_ink


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
        x = plan.boxes[index]
        text, ink = entry_text(row_of(frame, step.name, saga.key), saga.state)
        label = "ledger " if plan.wide >= 20 else ""
        end = paper.put(x + 1, plan.ledger, label, "faint")
        paper.fit(end, plan.ledger, text, plan.wide - 1 - len(label), ink)
        if plan.split:
            _bar(paper, plan, frame, saga, index)
        row = row_of(frame, "ledger", step.name)
        if row is not None and plan.foot - plan.ledger > 3:
            total = msgspec.json.decode(row.value or "{}", type=Balance).balance
            word = f"all sagas {total:+d}" if total else "all sagas 0"
            paper.fit(x + 1, plan.ledger + 2, word, plan.wide - 1, "faint")


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
    bars.drain(paper, plan.boxes[index] + 1, plan.ledger + 1, plan.wide - 2, share,
               ink if share else "lane")  # fmt: skip


def draw_sagas(
    paper: Paper, plan: Plan, scene: SagaScene, shown: SagaMark | None, end: int, now: float
) -> None:
    """Draw one row a saga: a sign for each step, the pivot between bars, its state."""
    rows = plan.height - plan.foot
    latest = scene.sagas[-rows:] if len(scene.sagas) <= rows else scene.sagas[-(rows - 1) :]
    left = scene.hidden + len(scene.sagas) - len(latest)
    y = plan.foot
    if left:
        paper.fit(1, y, f"+{figures.count(left)} earlier sagas", end - 1, "faint")
        y += 1
    for saga in latest:
        sign, ink = STATES[saga.state]
        large = shown is not None and saga.key == shown.key
        paper.put(0, y, glyphs.POINTER if large else " ", "selected+bold")
        x = paper.fit(1, y, saga.key, 8, "text+bold" if large else "text")
        x = _steps(paper, max(x + 1, 6), y, saga)
        x = paper.fit(x + 1, y, f"{sign} {saga.state}", end - x - 1, ink)
        lasted = figures.brief((now if saga.ended < 0 else saga.ended) - saga.began)
        x = max(x + 1, 36)
        if x + len(lasted) <= end:
            paper.put(x, y, lasted, "faint")
        y += 1


def _steps(paper: Paper, x: int, y: int, saga: SagaMark) -> int:
    for step in saga.steps:
        sign, ink = STEPS[step.word]
        text = f"┃{sign}┃" if step.kind == "pivot" else f" {sign} "
        paper.put(x, y, text, "lane")
        paper.put(x + 1, y, sign, ink)
        x += 3
    return x


def strip(paper: Paper, y: int, scene: SagaScene, shown: SagaMark | None, width: int) -> None:
    """Draw all sagas in one row, the latest ones where there are many."""
    room = max(1, (width - 1) // 10)
    x = 0
    for saga in scene.sagas[-room:]:
        sign, ink = STATES[saga.state]
        large = shown is not None and saga.key == shown.key
        text = f"{glyphs.POINTER if large else ' '}{saga.key} {sign}"
        x = paper.fit(x, y, text, width - x, f"{ink}+bold" if large else ink) + 1
    words = [f"{number} {state}" for state, number in scene.tally if state not in OPEN]
    text = " · ".join(words)
    if text and x + len(text) + 2 <= width:
        paper.right(width, y, text, "faint")


def draw_log(paper: Paper, x: int, y: int, rows: int, log: Sequence[LogMark]) -> None:
    """Draw the tail of the log, an entry a row, the latest at the bottom."""
    for row, mark in enumerate(log[-rows:] if rows > 0 else ()):
        end = paper.put(x, y + row, f"{mark.number:>3} ", "faint")
        end = paper.put(end, y + row, f"{figures.clock(mark.t):>5}  ", "faint")
        end = paper.put(end, y + row, f"{mark.key} ", "text")
        paper.fit(end, y + row, mark.text, paper.width - end, log_ink(mark.text))


def log_line(paper: Paper, y: int, log: Sequence[LogMark], width: int) -> None:
    """Draw the tail of the log in one row: ``9 intent card#3 │ 10 declined card#3``."""
    parts = [f"{mark.number} {mark.key} {mark.text}" for mark in log]
    shown: list[LogMark] = []
    used = 4
    for mark, text in zip(reversed(log), reversed(parts), strict=True):
        if used + len(text) + 3 > width:
            break
        shown.insert(0, mark)
        used += len(text) + 3
    x = paper.put(0, y, "log ", "faint")
    for index, mark in enumerate(shown):
        x = paper.put(x, y, " │ " if index else "", "lane")
        x = paper.put(x, y, f"{mark.number} {mark.key} ", "faint")
        x = paper.put(x, y, mark.text, log_ink(mark.text))
