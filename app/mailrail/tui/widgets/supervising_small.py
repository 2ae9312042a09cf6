"""A state store where there is room for a few words only: its rows, the scan, and the crew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mailrail.frames import LabFrame
from mailrail_patterns import orders
from mailrail_patterns.projections.supervised import OrderView, StoreView

from . import bars, figures, glyphs
from .claims_axis import axis_of, draw_history, draw_scans
from .crew_columns import COLUMNS, DOWN, Told, lines_of, members, next_scan
from .paper import Paper, whole
from .store_queues import shared_of
from .store_rows import STATES, Rules, chosen, overdue

BAR: Final = 6
"""Columns of a countdown."""
LABEL: Final = 11
"""Columns of a role's name."""
AXIS: Final = 7
"""Column in which the time axis begins."""
CREWED: Final = 7
"""Rows from which the crew has its lines."""


def paint_small(paper: Paper, frame: LabFrame, store: StoreView, rules: Rules) -> None:
    """Draw when the next scan is, the rows that matter most, and who is at what."""
    now, wide = frame.view.now, paper.width
    coming = _head(paper, frame, store, rules)
    crewed = paper.height >= CREWED
    floor = paper.height - len(COLUMNS) if crewed else paper.height
    room = floor - 1
    shown = chosen(store.rows, room, now)
    deep = 2 if crewed and 2 * len(shown) <= room else 1
    axis = axis_of(frame, AXIS, wide - AXIS - 1)
    for index, row in enumerate(shown):
        y = 1 + index * deep
        _row(paper, y, row, rules, now)
        paper.zone(y, 0, wide, "row", f"{orders.TABLE}/{row.key}")
        if deep > 1:
            draw_history(paper, y + 1, row, axis)
    y = 1 + deep * len(shown)
    if deep > 1 and shown and y < floor:
        draw_scans(paper, y, axis, store.scans, None if coming is None else now + coming)
    if not shown and paper.height > 1:
        paper.fit(0, 1, "no order yet", wide, "faint+italic")
    if crewed:
        lines = shared_of(frame)
        for index, (role, _) in enumerate(COLUMNS):
            _crew(paper, floor + index, role, lines_of(frame, store, role, rules))
            if (queue := lines.get(role)) is not None:
                paper.zone(floor + index, 0, LABEL - 1, "queue", queue.name)


def _head(paper: Paper, frame: LabFrame, store: StoreView, rules: Rules) -> float | None:
    """Draw when the store is looked at next, in seconds; None: nobody looks."""
    now, wide = frame.view.now, paper.width
    alive = {a.name for a in members(frame, "supervisor") if a.state not in DOWN}
    waits = [next_scan(w, rules.period, now) for w in store.watchers if w.name in alive]
    if not waits or dict(frame.view.settings).get("supervisor") == "off":
        word = "no order yet" if not store.rows and not frame.view.actors else "nobody looks"
        paper.fit(0, 0, word, wide, "warn+bold" if store.rows else "faint")
        return None
    x = paper.fit(0, 0, f"next scan in {figures.left(min(waits))}", wide, "note+bold") + 1
    if rules.period and x + 10 <= wide:
        bars.drain(paper, x, 0, 10, min(waits) / rules.period, "note")
    return min(waits)


def _row(paper: Paper, y: int, row: OrderView, rules: Rules, now: float) -> None:
    """Draw a row in one line: its state, its countdown, its failures."""
    late, wide = overdue(row, now), paper.width
    sign, ink = STATES.get(row.state, ("?", "faint"))
    failures = f" {glyphs.BROKEN}{row.order.failures}" if row.order.failures else ""
    x = paper.fit(0, y, f"{row.key} ", wide, "text+bold")
    x = paper.fit(x, y, f"{sign} {row.state} ", wide - x, "broken+bold" if late else f"{ink}+bold")
    if late:
        x = paper.fit(x, y, f"expired {figures.brief(late)}", wide - x, "broken+bold")
    elif row.state == orders.PROCESSING:
        left = row.order.complete_by - now
        if x + BAR + 8 + len(failures) <= wide:
            x = bars.drain(paper, x, y, BAR, left / rules.claim if rules.claim else 0.0, "held") + 1
        x = paper.fit(x, y, figures.left(left), wide - x)
    elif row.order.due > now:
        due, room = figures.left(row.order.due - now), wide - x
        word = whole(room - len(failures), f"claimable in {due}", f"due {due}")
        x = paper.fit(x, y, word, room, "warn")
    paper.fit(x, y, failures, wide - x, "warn+bold")


def _crew(paper: Paper, y: int, role: str, lines: Sequence[Told]) -> None:
    """Draw a role in one line: of several the one most in need of a look."""
    paper.fit(0, y, role, LABEL - 1, "faint")
    heads = [line for line in lines if line.actor] or lines[:1]
    if not heads:
        paper.fit(LABEL, y, "nobody", paper.width - LABEL, "faint")
        return
    told = min(heads, key=lambda line: _rank(line.ink))
    more = f" +{len(heads) - 1}" if len(heads) > 1 else ""
    room = paper.width - LABEL - len(more)
    text = next((each for each in told.text if len(each) <= room), told.text[-1])
    x = paper.fit(LABEL, y, text, room, told.ink)
    paper.put(x, y, more, "faint")
    if told.actor:
        paper.zone(y, 0, paper.width, "actor", told.actor)


def _rank(ink: str) -> int:
    state = ink.partition("+")[0]
    return 0 if state in DOWN or state == "warn" else 1 if state != "idle" else 2
