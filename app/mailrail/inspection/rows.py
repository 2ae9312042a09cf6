"""The sheet of a durable row: its fields and its versions; of a saga its steps and its ledgers."""

from __future__ import annotations

from mailrail.selection import Kind, Selection
from mailrail.sheet import SHOWN, Entry, Section, Sheet, facts, sections
from mailrail.wording import columns
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.projections.saga_scene import SagaMark, SagaScene
from mailrail_patterns.run import Run
from mailrail_patterns.views import RowView

from .links import Tell, causes
from .threads import Threads

TONES = {
    "done": "good", "undone": "warn", "undoing": "warn", "declined": "bad", "failed": "bad",
    "unknown": "warn",
}  # fmt: skip
"""How a step of a saga looks that is not just waiting or being done."""


def row_sheet(run: Run, threads: Threads, tell: Tell, chosen: Selection) -> Sheet:
    """Tell what is in a durable row, and how it came to that."""
    tables = run.picture.tables.tables
    row = tables.get(chosen.place, {}).get(chosen.name)
    if row is None:
        told = Section("", (Entry("it has not been written yet", "", "faint"),))
        return Sheet(chosen, f"row {chosen.key}", (told,))
    versions = threads.of_row(chosen.place, chosen.name, run.position, SHOWN)
    saga = _saga(run, chosen)
    history = tuple(
        _version(event, before) for before, event in zip((None, *versions), versions, strict=False)
    )
    elsewhere = tuple(
        _row(name, other)
        for name, rows in tables.items()
        if name != chosen.place and (other := rows.get(chosen.name)) is not None
    )
    steps = () if saga is None else tuple(_step(each.name, each.word, each.since, each.kind)
                                          for each in saga.steps)  # fmt: skip
    fields = tuple(Entry(text, name) for name, text in columns(row.value))
    title = f"row {chosen.key}" if saga is None else f"saga {chosen.name}"
    return Sheet(chosen, title, sections(
        ("", facts(
            ("state", row.state),
            ("version", f"{row.version}, written at {row.since:.2f} s"),
            Entry(row.writer, "writer", target=Selection(Kind.ACTOR, row.writer))
            if row.writer else None,
        )),
        ("steps", steps),
        ("ledgers" if saga else "the same key elsewhere", elsewhere),
        ("fields", () if saga else fields),
        ("durable log" if saga else "versions", history),
        ("because", causes(run.events, versions[-1].n, tell) if versions else ()),
        ("the row as it is", fields if saga else ()),
    ))  # fmt: skip


def _saga(run: Run, chosen: Selection) -> SagaMark | None:
    scene = run.picture.own.scene(run.now)
    if not isinstance(scene, SagaScene):
        return None
    return next((saga for saga in scene.sagas if saga.key == chosen.name), None)


def _step(name: str, word: str, since: float, kind: str) -> Entry:
    when = f" since {since:.2f} s" if word != "waiting" else ""
    return Entry(f"{word}{when} ({kind})", name, TONES.get(word, "plain"))


def _row(table: str, row: RowView) -> Entry:
    value = ", ".join(f"{name} {text}" for name, text in columns(row.value))
    text = " · ".join(filter(None, (row.state, value)))
    return Entry(text, table, target=Selection(Kind.ROW, row.key, table))


def _version(event: Event, before: Event | None) -> Entry:
    """Tell what a version changed; one that carries an entry for a log tells that."""
    was = {} if before is None else dict(columns(before.text))
    now = dict(columns(event.text))
    entry = now.get("entry", "")
    changed = entry or ", ".join(
        f"{name} {text}" for name, text in now.items() if was.get(name) != text
    )
    state = event.group if before is None or before.group != event.group else ""
    text = " · ".join(filter(None, (state, changed))) or "written again, unchanged"
    return Entry(
        f"{text} ({event.actor})" if event.actor else text, f"{event.t:.2f}", "plain",
        Selection(Kind.EVENT, str(event.n)),
    )  # fmt: skip
