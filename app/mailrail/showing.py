"""The pages of ``mailrail show``: a pattern, its code, or a dialect, as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from mailrail_patterns import explanation
from mailrail_patterns.declaration import Fault, Safeguard
from mailrail_patterns.primer import Experiment
from mailrail_patterns.projections.measures import Measure

from . import dialect_sheets
from .dialect_sheets import ShownDialect
from .listing import scenario_table
from .shown import Shown, ShownRole, ShownSetting

_WIDE = 80
"""Columns of the line that heads a module."""


def code(name: str, *, coloured: bool) -> list[RenderableType]:
    """Return the modules that explain a pattern: its own, then those its parts come from.

    Each is headed by a comment that names it.

    Raises:
        BadInput: If there is none of that name.
    """
    shown: list[RenderableType] = []
    for path in explanation.sources(name):
        text = path.read_text(encoding="utf-8").rstrip("\n")
        head = f"# ── {path.name} ".ljust(_WIDE, "─")
        if coloured:
            shown += [Text(head, "bold cyan"), Syntax(text, "python", theme="ansi_dark",
                      background_color="default", line_numbers=True)]  # fmt: skip
        else:
            shown.append(Text(f"{head}\n{text}", overflow="ignore", no_wrap=True))
    return shown


def _played(role: ShownRole) -> str:
    return f"{role.about} ({' '.join(role.crash_points)})" if role.crash_points else role.about


def showing(pattern: Shown) -> list[RenderableType]:
    """Return the page as it is printed."""
    story = pattern.story
    head = Text(pattern.title, "bold")
    head.append(f"  {pattern.name}", "not bold cyan")
    return [
        head,
        *_section("Problem", Text(story.problem)),
        *_section("Solution", Text(story.solution)),
        *_section("Use it when", _bullets(story.when)),
        *_section("Not when", _bullets(story.when_not)),
        *_section("Words", _table([(each.name, each.about) for each in pattern.terms])),
        *_section(f"Try: mailrail open {pattern.name} FLAGS", _asked(pattern.experiments)),
        *_section("Often told, and not so", _bullets(story.mistaught)),
        *_section("Brokers differ", _bullets(story.brokers)),
        *_section(
            "Roles, and where a crash can be armed: crash ACTOR at POINT",
            _table([(r.name, _played(r)) for r in pattern.roles]),
        ),
        *_heard_by(pattern.heard_by),
        *_section("Settings: --set key=value", _settings_table(pattern.settings)),
        *_section("Faults: inject FAULT", _table([(_fault(f), f.before) for f in pattern.faults])),
        *_safeguards(pattern.safeguards),
        *_section(
            "Guarantees: --expect 'NAME holds' or 'NAME breaks'",
            _table([(g.name, g.promise) for g in pattern.guarantees]),
        ),
        *_section(
            "Metrics: --expect 'NAME == NUMBER'",
            _table([(m.name, _measured(m)) for m in pattern.metrics]),
        ),
        *_section(
            "Dialects: --set dialect=NAME; mailrail show NAME tells all of it",
            _table([(each.name, each.about) for each in pattern.dialects]),
        ),
        *_section("Scenarios", scenario_table(pattern.scenarios)),
        *_section("Commands: --do '12s COMMAND'", Text("\n".join(pattern.commands.values()))),
        Text(),
    ]


def _asked(experiments: Sequence[Experiment]) -> Table:
    rows = Table.grid(padding=(0, 1))
    for each in experiments:
        rows.add_row("·", Text.assemble(each.question, "\n", (each.flags, "cyan")))
    return rows


def showing_dialect(dialect: ShownDialect) -> list[RenderableType]:
    """Return the sheet of a dialect as it is printed."""
    head = Text(dialect.title, "bold")
    head.append(f"  {dialect.name}", "not bold cyan")
    return [
        head,
        Text(f"{dialect.about} {dialect_sheets.MODEL}"),
        *_section("What it does", _table(dialect.facts)),
        *_section(
            "What it brings, unless --set or a scenario says otherwise",
            _table(list(dialect.settings.items())),
        ),
        *_section("Also modelled", _bullets(dialect.modelled)),
        *_section("Not modelled", _bullets(dialect.left_out)),
        *_section("Here, and there", _table(dialect.calls)),
        *_section("Sources", _bullets(dialect.sources)),
        Text(),
    ]


def _safeguards(safeguards: Sequence[Safeguard]) -> tuple[RenderableType, ...]:
    rows = [
        (
            " ".join(filter(None, (f"{each.setting}={each.off}", each.given))),
            f"{each.keeps} can break: {each.about}",
        )
        for each in safeguards
    ]
    return _section("Safeguards, switched off", _table(rows)) if rows else ()


def _heard_by(heard: Mapping[str, Sequence[str]]) -> tuple[RenderableType, ...]:
    rows = [
        ("every message" if event == "#" else event, ", ".join(heard[event]))
        for event in sorted(heard)
    ]
    return _section("Who hears what, from the start", _table(rows)) if rows else ()


def _section(title: str, body: RenderableType) -> tuple[RenderableType, RenderableType]:
    return Text(f"\n{title}", "bold"), Padding(body, (0, 0, 0, 2))


def _bullets(sentences: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    for sentence in sentences:
        table.add_row("·", Text(sentence))
    return table


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, about in rows:
        table.add_row(Text(name, "cyan"), Text(about))
    return table


def _settings_table(settings: Sequence[ShownSetting]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in settings:
        about = Text(each.about)
        about.append(f" ({each.range})", "dim")
        table.add_row(Text(each.name, "cyan"), Text(each.default, "bold"), about)
    return table


def _measured(measure: Measure) -> str:
    """Say what a metric is, with the unit of those that are no counts."""
    return f"{measure.about} ({measure.unit})" if measure.unit in ("s", "/s") else measure.about


def _fault(fault: Fault) -> str:
    target = f" [on {fault.target.upper()}]" if fault.target else ""
    amount = f" [{fault.amount.upper()}]" if fault.amount else ""
    return f"{fault.name}{target}{amount}"
