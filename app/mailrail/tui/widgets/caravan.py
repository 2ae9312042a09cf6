"""A convoy where there is room for a few words only."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail.frames import LabFrame
from mailrail_patterns.projections.convoy_scene import ConvoyScene

from . import figures, glyphs
from .padlock import holder_of, word_of
from .paper import Paper
from .road import Road


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
    rows = height - 1
    shown = found if len(found) <= rows else found[: max(0, rows - 1)]
    for y, road in enumerate(shown, 1):
        _row(paper, y, road, scene, frame)
    if len(shown) < len(found) or scene.more:
        rest = len(found) - len(shown) + scene.more
        paper.fit(0, height - 1, f"+{figures.count(rest)} more lanes", width, "depth+bold")
    return paper


def _row(paper: Paper, y: int, road: Road, scene: ConvoyScene, frame: LabFrame) -> None:
    lane, width = road.lane, paper.width
    word, shade = word_of(road, scene.labels, frame.view.now)
    x = paper.fit(0, y, lane.key, 4, "text+bold") + 1
    x = paper.put(x, y, f"{figures.count(lane.depth)} ", "ready")
    sign = glyphs.LOCKED if lane.holder else glyphs.UNLOCKED
    x = paper.put(x, y, f"{sign} " if scene.on else "", "held" if lane.holder else "faint")
    for message in road.current[:1]:
        label = scene.labels.get(message.name, message.name)
        paper.zone(y, x, x + len(label), "message", message.name)
        x = paper.fit(x, y, label, width - x, "on-held") + 1
    _, name, ink = holder_of(road)
    if name and x + len(name) + 8 <= width:
        paper.zone(y, x, x + len(name), "actor", name)
        x = paper.put(x, y, name, "selected+bold" if name == frame.selected else ink) + 1
        if lane.until > 0:
            x = paper.fit(x, y, figures.left(lane.until - frame.view.now), width - x, "held") + 1
    paper.fit(x, y, word, width - x, f"{shade}+bold")
