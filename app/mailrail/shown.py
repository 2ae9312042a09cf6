"""Everything a pattern declares about itself, gathered: what ``mailrail show --json`` prints."""

from __future__ import annotations

from typing import Any

import msgspec

from mailrail_patterns import catalog
from mailrail_patterns.commands import SYNTAX
from mailrail_patterns.declaration import AnyPattern, Fault, Safeguard, Story
from mailrail_patterns.invariants.rules import Guarantee
from mailrail_patterns.names import BadInput, suggest
from mailrail_patterns.primer import Experiment, Term, primer
from mailrail_patterns.projections.measures import Measure
from mailrail_patterns.roles import AnyRole
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import describe, written

from . import dialect_sheets
from .listing import ListedScenario, scenarios
from .ranges import ranged


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
    terms: tuple[Term, ...]
    experiments: tuple[Experiment, ...]


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
    picture, words = run.picture, primer(name)
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
        terms=words.terms,
        experiments=words.experiments,
    )


def _settings(pattern: AnyPattern) -> tuple[ShownSetting, ...]:
    defaults = written(pattern, pattern.settings())
    return tuple(
        ShownSetting(each.name, defaults[each.name], each.kind, ranged(each), each.knob.about)
        for each in describe(pattern)
    )


def _role(role: AnyRole, settings: Any) -> ShownRole:
    points = tuple(point.name for point in role.passes(settings))
    return ShownRole(role.name, role.kind, role.about, points)
