"""The workflows of an orchestrator: where each order stands, and how long it is waited for."""

from __future__ import annotations

from typing import Final

import msgspec

from mailrail.frames import LabFrame
from mailrail_patterns.orchestrator import (
    COMPENSATED,
    COMPENSATING,
    ENDED,
    STAGES,
    WORKFLOWS,
    Workflow,
)
from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.views import RowView

from . import bars, figures, glyphs
from .paper import Paper

STATES: Final = tuple(stage.state for stage in STAGES)


def rows_of(frame: LabFrame) -> list[RowView]:
    """Return the workflows, those under way first, then the latest."""
    table = next((t for t in frame.view.tables if t.name == WORKFLOWS), None)
    rows = list(table.rows) if table is not None else []
    over = [row for row in rows if row.state in (ENDED, COMPENSATED)]
    return [row for row in rows if row not in over] + over[::-1]


def draw_workflows(paper: Paper, x: int, y: int, end: int, rows: int, frame: LabFrame) -> int:
    """Draw a line for each workflow.

    Returns:
        The row after the last.
    """
    settings = dict(frame.view.settings)
    patience = figures.seconds_of(settings.get("step_timeout", "")) or 0.0
    scene = frame.view.scene
    stages = scene.stages if isinstance(scene, ChoreographyScene) else ()
    since = {stage.order: stage.since for stage in stages}
    for row in rows_of(frame)[: max(0, rows)]:
        waited = frame.view.now - since.get(row.key, frame.view.now)
        _workflow(paper, x, y, end, row, waited, patience)
        y += 1
    return y


def _workflow(
    paper: Paper, x: int, y: int, end: int, row: RowView, waited: float, patience: float
) -> None:
    x = paper.put(x, y, f"{row.key} ", "text+bold")
    workflow = msgspec.json.decode(row.value or "{}", type=Workflow)
    if row.state == ENDED:
        paper.fit(x, y, f"{glyphs.DONE} {row.state}", end - x, "done")
        return
    if row.state in (COMPENSATING, COMPENSATED):
        back = row.state == COMPENSATING
        awaited = ", ".join(workflow.awaits) if back else ""
        texts = (f"◂ {row.state}: awaits {awaited}", f"◂ {row.state}: {awaited}",
                 f"◂ {row.state}")  # fmt: skip
        text = next((t for t in texts[not awaited and 2 :] if len(t) <= end - x), texts[-1])
        paper.fit(x, y, text, end - x, "warn+bold" if back else "warn")
        return
    for state in STATES:
        if state == row.state:
            break
        x = paper.fit(x, y, f"{glyphs.DONE}", end - x, "done")
    x = paper.fit(x, y, f"● {row.state} ", end - x, "working+bold")
    share = waited / patience if patience else 0.0
    ink = "warn" if share > 0.5 else "text"
    text = f"WAITING {waited:.1f}/{patience:g}s"
    wide = min(12, end - x - len(text) - 2)
    if wide >= 3:
        x = bars.drain(paper, x, y, wide, 1 - share, ink) + 1
    paper.fit(x, y, text, end - x, f"{ink}+bold")
