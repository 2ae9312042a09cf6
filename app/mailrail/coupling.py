"""Who hears whom, as one table: what a choreography costs when one of its events changes."""

from __future__ import annotations

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailrail_patterns.projections.choreographed import ChoreographyScene
from mailrail_patterns.projections.coupling import EVERYTHING, HeardView
from mailrail_patterns.run import Run


def coupled(each: HeardView) -> tuple[str, str]:
    """Return who tells an event, and who hears it."""
    return ", ".join(each.told_by) or "nobody yet", ", ".join(each.heard_by) or "nobody"


def coupling_table(run: Run) -> list[RenderableType]:
    """Return the table of a run under its heading; nothing where nobody hears anybody."""
    scene = run.picture.own.scene(run.now)
    if not isinstance(scene, ChoreographyScene) or not scene.choreographed:
        return []
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(overflow="fold")
    for each in scene.coupling:
        tellers, hearers = coupled(each)
        table.add_row(Text(each.event, "cyan"), tellers, f"▸ {hearers}")
    for wire in scene.wires:
        if set(wire.hears) & set(EVERYTHING):
            table.add_row(Text("everything", "dim"), "", f"▸ {wire.name}")
    return [Text("\nWho hears whom", "bold"), Padding(table, (0, 0, 0, 2))]
