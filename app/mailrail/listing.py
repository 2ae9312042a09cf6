"""Which patterns and bundled scenarios there are: ``mailrail list``."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mailrail_patterns import catalog
from mailrail_patterns.scenario import find


class ListedScenario(msgspec.Struct, frozen=True):
    """A bundled scenario; the name is what is typed."""

    name: str
    title: str


class ListedPattern(msgspec.Struct, frozen=True):
    """A pattern; the name is what is typed."""

    name: str
    title: str
    problem: str
    scenarios: tuple[ListedScenario, ...]


def listed() -> tuple[ListedPattern, ...]:
    """Return every pattern with its scenarios, in the order in which they are best learned."""
    found = []
    for name in catalog.MODULES:
        pattern = catalog.pattern(name)
        found.append(ListedPattern(name, pattern.title, pattern.story.problem, scenarios(name)))
    return tuple(found)


def scenarios(pattern: str) -> tuple[ListedScenario, ...]:
    """Return the bundled scenarios of a pattern; its main one first."""
    names = in_order(catalog.bundled(pattern))
    return tuple(ListedScenario(name, find(name).title) for name in names)


def in_order(names: Iterable[str]) -> list[str]:
    """Return scenarios with each before its variants, those with the most variants first.

    Before them all comes what a pattern is best begun with, if that is another one.
    """
    known = sorted(names)

    def base(name: str) -> str:
        return next(other for other in known if name == other or name.startswith(f"{other}-"))

    def rank(name: str) -> tuple[bool, int, str, str]:
        own = base(name)
        return own not in catalog.DEMOS, -sum(base(other) == own for other in known), own, name

    return sorted(known, key=rank)


def listing(patterns: tuple[ListedPattern, ...]) -> list[RenderableType]:
    """Return the list as it is printed."""
    parts: list[RenderableType] = []
    for pattern in patterns:
        head = Text(pattern.name, "bold cyan")
        head.append(f"  {pattern.title}", "not bold default")
        parts += [head, Padding(Text(pattern.problem), (0, 0, 0, 2))]
        parts += [Padding(scenario_table(pattern.scenarios), (0, 0, 0, 2)), Text()]
    example = patterns[0].scenarios[0].name
    parts.append(Text("Watch one, or run it without a screen:", "dim"))
    parts.append(Text(f"  mailrail open {example}", no_wrap=True))
    parts.append(Text(f"  mailrail run {example}", no_wrap=True))
    return parts


def scenario_table(entries: tuple[ListedScenario, ...]) -> Table:
    """Return scenarios by name and title; the name is cut to what follows the pattern's."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in entries:
        _, slash, short = entry.name.partition("/")
        table.add_row(Text(f"{slash}{short}", "cyan"), Text(entry.title, "dim"))
    return table
