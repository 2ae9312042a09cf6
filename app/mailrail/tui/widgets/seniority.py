"""How old the orders are that are still open: the one symptom a dead service has."""

from __future__ import annotations

from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.stuck import BY_DESIGN, BY_FAULT, BY_OVERLOAD

from . import bars, figures, glyphs
from .paper import Paper
from .stations import measured

WHYS: Final = {BY_DESIGN: "broken", BY_FAULT: "broken", BY_OVERLOAD: "warn"}
"""Why an order can be stuck, in this order, and the ink of each."""
BEYOND = 1.6
"""How far the axis reaches, in deadlines."""


def open_orders(frame: LabFrame) -> list[tuple[str, float]]:
    """Return the orders that are not over, each with when it was placed, the oldest first."""
    scene, tables = frame.view.scene, {table.name: table for table in frame.view.tables}
    if not isinstance(scene, ChoreographyScene) or "orders" not in tables:
        return []
    placed = [row.key for row in tables["orders"].rows if row.state == "Placed"]
    begun = {
        event.id: event.since
        for conversation in scene.conversations
        for event in conversation.events
        if event.hop < 0
    }
    stuck = [each.conversation for each in scene.stuck if each.conversation in begun]
    found = dict.fromkeys([*stuck, *placed])
    return sorted(
        ((order, begun[order]) for order in found if order in begun), key=lambda each: each[1]
    )


def draw_ages(
    paper: Paper, x: int, y: int, end: int, rows: int, frame: LabFrame, scene: ChoreographyScene
) -> None:
    """Draw how many orders are over, and how old the others are against the deadline."""
    done = int(measured(frame, "orders_completed") or 0)
    cancelled = int(measured(frame, "orders_cancelled") or 0)
    at = paper.fit(x, y, f"{glyphs.DONE} {figures.count(done)} completed", end - x, "done") + 2
    if cancelled:
        at = paper.fit(at, y, f"◂ {figures.count(cancelled)} cancelled", end - at, "warn") + 2
    found = open_orders(frame)
    paper.fit(at, y, f"{figures.count(len(found))} open", end - at, "text")
    stuck = {each.conversation: each.why for each in scene.stuck}
    for row, (order, since) in enumerate(found[: max(0, rows - 1)], y + 1):
        why, age = stuck.get(order, ""), frame.view.now - since
        room = 20 if stuck else 12  # for what is said behind the bar: all begin and end alike
        _age(paper, x, row, end - room, order, age, scene.deadline, why, end)


def _age(
    paper: Paper, x: int, y: int, stop: int, order: str, age: float, deadline: float, stuck: str,
    end: int,
) -> None:  # fmt: skip
    ink = WHYS[stuck] if stuck else ("age" if age > deadline / 2 else "working")
    paper.zone(y, x, x + len(order), "message", order)
    x = paper.fit(x, y, f"{order} ", end - x, f"{ink}+bold")
    text = f"{figures.brief(age)} STUCK {stuck}" if stuck else figures.brief(age)
    wide = min(48, stop - x)
    if wide >= 6:
        bars.grow(paper, x, y, wide, age / (deadline * BEYOND), ink)
        paper.put(x + round(wide / BEYOND), y, "┊", "warn+bold")
        x += wide + 1
    paper.fit(x, y, text, end - x, f"{ink}+bold")
