"""A convoy where there is room for a few words only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.convoy_scene import FROZEN, ConvoyScene

from . import bars, figures, glyphs
from .padlock import holder_of, word_of
from .paper import Paper, whole
from .road import DEAF, Road

ROOMY: Final = 34
"""Columns from which a lane may have two rows: its messages, and below them its lock."""
QUEUE: Final = 13
"""Columns of the messages that wait in such a lane."""
BAR: Final = 8
"""Columns of a lock's countdown."""


def paint_caravan(
    frame: LabFrame, scene: ConvoyScene, found: Sequence[Road], width: int, height: int
) -> Paper:
    """Draw a row a lane: its name, what waits, who holds it, and how it is doing."""
    paper = Paper(width, height)
    queue = frame.view.queues[0]
    done = f" {glyphs.DONE} {figures.count(queue.completed)}"
    bad = next((row.value for row in frame.metrics if row.name == "order_violations"), "0")
    paper.fit(0, 0, f"out of order {bad}", width - len(done), "broken" if bad != "0" else "holds")
    paper.right(width, 0, done, "done+bold")
    paper.zone(0, width - len(done), width, "queue", queue.name)
    rows = height - 1
    shown = found if len(found) <= rows else found[: max(0, rows - 1)]
    deep = width >= ROOMY and 2 * len(found) <= rows and not scene.more
    for index, road in enumerate(shown):
        _row(paper, 1 + index * (1 + deep), road, scene, frame, deep=deep)
    if len(shown) < len(found) or scene.more:
        rest = len(found) - len(shown) + scene.more
        paper.fit(0, height - 1, f"+{figures.count(rest)} more lanes", width, "depth+bold")
    return paper


def _row(
    paper: Paper, y: int, road: Road, scene: ConvoyScene, frame: LabFrame, *, deep: bool
) -> None:
    """Draw a lane; where it is ``deep``, who waits in it above, and how it is doing below."""
    lane, width = road.lane, paper.width
    word, shade = word_of(road, scene.labels, frame.view.now)
    frozen = lane.state == FROZEN
    x = paper.fit(0, y, lane.key, 4, f"{shade}+bold" if frozen else "text+bold") + 1
    x = _queue(paper, x, y, road, scene) if deep else x
    x = x if deep else paper.put(x, y, f"{figures.count(lane.depth)} ", "ready")
    sign = glyphs.LOCKED if lane.holder else glyphs.UNLOCKED
    ink = "crashed+bold" if frozen else "held" if lane.holder else "faint"
    x = paper.put(x, y, f"{sign} " if scene.on else " " * deep, ink)
    for message in road.current[: 1 if scene.on else 4]:
        label = scene.labels.get(message.name, message.name)
        paper.zone(y, x, x + len(label), "message", message.name)
        x = paper.fit(x, y, label, width - x, "on-held") + 1
    state, name, ink = holder_of(road)
    told = f"{state} {name}" if deep else name
    if name and x + len(told) + 8 * (not deep) <= width:
        paper.zone(y, x, x + len(told), "actor", name)
        chosen = name == frame.selected and ink not in DEAF
        x = paper.put(x, y, told, "selected+bold" if chosen else ink) + 1
    if not deep:
        if name and lane.until > 0:
            x = paper.fit(x, y, figures.left(lane.until - frame.view.now), width - x, "held") + 1
        word = whole(width - x, word, " ".join(word.split()[:2]))
        paper.fit(x, y, word, width - x, f"{shade}+bold")
        return
    x = 2
    if lane.holder and lane.until > 0:
        left, length = lane.until - frame.view.now, frame.view.queues[0].lock
        ink = "crashed" if frozen else "held"
        x = bars.drain(paper, x, y + 1, BAR, left / length if length else 0.0, ink) + 1
        x = paper.fit(x, y + 1, figures.left(left), width - x, f"{ink}+bold") + 2
    paper.fit(x, y + 1, word, width - x, f"{shade}+bold")


def _queue(paper: Paper, x: int, y: int, road: Road, scene: ConvoyScene) -> int:
    """Draw the messages that wait in a lane, the next one nearest the gate."""
    end = x + QUEUE
    paper.put(x, y, "─" * QUEUE, "lane")
    at = end - 1
    for index, message in enumerate(road.ready):
        label = scene.labels.get(message.name, message.name)
        rest = road.lane.depth - index
        if at - len(label) < x + (3 if rest > 1 else 0):
            paper.fit(x, y, f"+{figures.count(rest)}", at - x, "depth+bold")
            break
        at = paper.right(at, y, label, "on-ready") - 1
        paper.zone(y, at + 1, at + 1 + len(label), "message", message.name)
    return end
