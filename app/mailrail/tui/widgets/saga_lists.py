"""The list of sagas, a row each, and the tail of the durable log."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail_patterns.log import LOG
from mailrail_patterns.projections.saga_scene import LogMark, SagaMark, SagaScene

from . import figures, glyphs
from .paper import Paper
from .saga_plan import Plan
from .saga_words import OPEN, STATES, STEPS, log_ink, way_ink


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
        paper.zone(y, 0, end, "row", f"{LOG}/{saga.key}")
        x = paper.fit(1, y, saga.key, 8, "text+bold" if large else "text")
        x = _steps(paper, max(x + 1, 5), y, saga)
        x = paper.fit(x + 1, y, f"{sign} {saga.state}", end - x - 1, ink)
        lasted = figures.brief((now if saga.ended < 0 else saga.ended) - saga.began)
        x = max(x + 1, 36)
        if x + len(lasted) <= end:
            x = paper.put(x, y, lasted, "faint") + 2
        worth = f"{saga.amount} {saga.way}" if saga.way else ""
        if worth and x + len(worth) <= end:
            paper.put(x, y, worth, way_ink(saga.way))
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
        paper.zone(y, x, x + len(text), "row", f"{LOG}/{saga.key}")
        x = paper.fit(x, y, text, width - x, f"{ink}+bold" if large else ink) + 1
    words = [f"{number} {state}" for state, number in scene.tally if state not in OPEN]
    text = " · ".join(words)
    if text and x + len(text) + 2 <= width:
        paper.right(width, y, text, "faint")


def draw_log(paper: Paper, x: int, y: int, rows: int, log: Sequence[LogMark]) -> None:
    """Draw the tail of the log, an entry a row, the latest at the bottom."""
    for row, mark in enumerate(log[-rows:] if rows > 0 else ()):
        paper.zone(y + row, x, paper.width, "row", f"{LOG}/{mark.key}")
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
