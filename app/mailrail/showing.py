"""Everything about one pattern: ``mailrail show``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from mailrail_patterns import catalog, explanation
from mailrail_patterns.commands import SYNTAX
from mailrail_patterns.declaration import AnyPattern, Fault, Safeguard, Story
from mailrail_patterns.invariants.rules import Guarantee
from mailrail_patterns.names import BadInput, suggest
from mailrail_patterns.projections.measures import Measure
from mailrail_patterns.quantities import LONGEST
from mailrail_patterns.roles import AnyRole
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import SIZES, Setting, describe, written
from mailrail_patterns.sizes import exact_size

from . import dialect_sheets
from .dialect_sheets import ShownDialect
from .listing import ListedScenario, scenario_table, scenarios

_WIDE = 80
"""Columns of the line that heads a module."""
_TINY = 0.001
"""Lower limits below this are there to keep a value above zero."""


class ShownSetting(msgspec.Struct, frozen=True):
    """A setting: how it is typed, what it may be and what it is for."""

    name: str
    default: str
    kind: str
    range: str
    about: str


class ShownRole(msgspec.Struct, frozen=True):
    """A part that actors play; its crash points are those of the settings as they begin."""

    name: str
    kind: str
    about: str
    crash_points: tuple[str, ...]


class ListedDialect(msgspec.Struct, frozen=True):
    """A broker dialect in short; the name is what is typed."""

    name: str
    title: str
    about: str


class Shown(msgspec.Struct, frozen=True):
    """Everything a pattern declares about itself."""

    name: str
    title: str
    story: Story
    roles: tuple[ShownRole, ...]
    settings: tuple[ShownSetting, ...]
    faults: tuple[Fault, ...]
    guarantees: tuple[Guarantee, ...]
    metrics: tuple[Measure, ...]
    scenarios: tuple[ListedScenario, ...]
    commands: dict[str, str]
    safeguards: tuple[Safeguard, ...]
    dialects: tuple[ListedDialect, ...]
    heard_by: dict[str, tuple[str, ...]]


def is_dialect(name: str) -> bool:
    """Say whether a name is that of a dialect, not of a pattern.

    Raises:
        BadInput: If it is neither; names the nearest of both.
    """
    dialects = dialect_sheets.names()
    if name not in catalog.MODULES and name not in dialects:
        known = [*catalog.MODULES, *dialects]
        raise BadInput(f"unknown pattern {name!r}; {suggest(name, known)}")
    return name in dialects


def shown(name: str) -> Shown:
    """Return everything about a pattern.

    Raises:
        BadInput: If there is none of that name.
    """
    pattern = catalog.pattern(name)
    run = Run(find(name))
    heard: dict[str, tuple[str, ...]] = {}
    for each in pattern.subscriptions(pattern.settings()):
        for event in each.filter.split(","):
            heard[event] = (*heard.get(event, ()), each.queue.name)
    picture = run.picture
    return Shown(
        name=pattern.name,
        title=pattern.title,
        story=pattern.story,
        roles=tuple(_role(role, pattern.settings()) for role in pattern.roles),
        settings=_settings(pattern),
        faults=pattern.faults,
        safeguards=pattern.safeguards,
        guarantees=tuple(finding.guarantee for finding in run.findings()),
        metrics=(*picture.common.measures, *picture.own.measures),
        scenarios=scenarios(name),
        commands=dict(SYNTAX),
        dialects=tuple(
            ListedDialect(each.name, each.title, each.about) for each in dialect_sheets.every()[1:]
        ),
        heard_by=heard,
    )


def _settings(pattern: AnyPattern) -> tuple[ShownSetting, ...]:
    defaults = written(pattern, pattern.settings())
    return tuple(
        ShownSetting(each.name, defaults[each.name], each.kind, _range(each), each.knob.about)
        for each in describe(pattern)
    )


def _range(setting: Setting) -> str:
    """Write what a setting may be as a person would type it."""
    if setting.kind == "flag":
        return "on, off"
    if setting.choices:
        return ", ".join(setting.choices)
    if setting.kind == "text":
        return "text"
    low, high = setting.knob.low, setting.knob.high
    if setting.kind in SIZES:
        each = "/s" if setting.kind == "bandwidth" else ""
        return f"{exact_size(int(low))}{each} to {exact_size(int(high))}{each}"
    unit = setting.knob.unit if setting.knob.unit in ("s", "/s") else ""
    if high < LONGEST:
        text = f"{low:g} to {high:.0f}{unit}"
    elif low < _TINY:
        text = f"{'above' if low else 'from'} 0{unit}"
    else:
        text = f"from {low:g}{unit}"
    return f"{text}, or unbounded" if setting.kind == "bound" else text


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


def _role(role: AnyRole, settings: Any) -> ShownRole:
    points = tuple(point.name for point in role.passes(settings))
    return ShownRole(role.name, role.kind, role.about, points)


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
