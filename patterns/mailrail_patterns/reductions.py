"""Ways to make a scenario smaller, the boldest of each kind first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from . import catalog
from .commands import format_command, parse_command
from .document import ConsumerTable, Document, ProducerTable, StepTable
from .quantities import format_duration, on_grid, parse_duration
from .settings import Setting, describe

_NUMBERED: Final = re.compile(r"(.+)-(\d+)")
_COUNTS: Final = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)

T = TypeVar("T")
Table = TypeVar("Table", ProducerTable, ConsumerTable)


def till(document: Document, length: float) -> Document:
    """Return the scenario with another end, in seconds, and without the steps after it."""
    steps = [step for step in document.steps if parse_duration(step.at) <= length]
    return replace(document, duration=format_duration(on_grid(length)), steps=steps)


def _without_each(items: Sequence[T]) -> Iterator[list[T]]:
    if len(items) > 1:
        yield []
    for index in reversed(range(len(items))):
        yield [*items[:index], *items[index + 1 :]]


def _fewer(number: int) -> Iterator[int]:
    """Yield smaller numbers; 0 stands for no end and is larger than all."""
    yield from (count for count in _COUNTS if count < number or not number)
    if number > 2 and number - 1 not in _COUNTS:
        yield number - 1


def steps(document: Document) -> Iterator[Document]:
    """Leave steps out: what is only said, all of them, each of them."""
    words = [s for s in document.steps if not s.do.startswith(("say ", "wait"))]
    if len(words) < len(document.steps):
        yield replace(document, steps=words)
    for some in _without_each(document.steps):
        yield replace(document, steps=some)


def messages(document: Document) -> Iterator[Document]:
    """Leave out what is special about messages: all of them, each of them."""
    for some in _without_each(list(document.messages.items())):
        yield replace(document, messages=dict(some))


def actors(document: Document) -> Iterator[Document]:
    """Start fewer actors."""
    for fewer in _fewer_tables(document.producers):
        yield replace(document, producers=fewer)
    for less in _fewer_tables(document.consumers):
        yield replace(document, consumers=less)
    for setting, value in _numbers(document, "actors"):
        role = setting.knob.instead.rpartition(" ")[2]
        if value and role not in _listed(document):
            for count in _fewer(value):
                yield replace(document, settings={**document.settings, setting.name: count})


def _listed(document: Document) -> set[str]:
    """Return the roles whose actors the scenario lists in tables."""
    first: dict[str, str] = {}
    for role in catalog.pattern(document.pattern).roles:
        first.setdefault(role.kind, role.name)
    found = {table.role or first["producer"] for table in document.producers}
    return found | {table.role or first["consumer"] for table in document.consumers}


def _fewer_tables(tables: list[Table]) -> Iterator[list[Table]]:
    for index, table in enumerate(tables):
        if len(tables) > 1:
            yield tables[:index] + tables[index + 1 :]
        for count in _fewer(table.replicas):
            changed = list(tables)
            changed[index] = replace(table, replicas=count)
            yield changed


def _numbers(document: Document, unit: str) -> Iterator[tuple[Setting, int]]:
    """Yield the settings that are whole numbers of such a unit, with their values."""
    for setting in describe(catalog.pattern(document.pattern)):
        if setting.kind == "count" and setting.knob.unit == unit:
            value = int(str(document.settings.get(setting.name, setting.default)))
            yield setting, value


def counts(document: Document) -> Iterator[Document]:
    """Send fewer messages."""
    for index, table in enumerate(document.producers):
        for fewer in _fewer_sent(table):
            tables = [*document.producers[:index], fewer, *document.producers[index + 1 :]]
            yield replace(document, producers=tables)
    if document.producers and all(t.count or t.streams for t in document.producers):
        return
    for setting, value in _numbers(document, "messages"):
        for count in _fewer(value) if setting.name == "count" else ():
            yield replace(document, settings={**document.settings, "count": count})


def _fewer_sent(table: ProducerTable) -> Iterator[ProducerTable]:
    if not table.streams:
        for count in _fewer(table.count or 0):
            yield replace(table, count=count)
        return
    for index, stream in enumerate(table.streams):
        before, after = table.streams[:index], table.streams[index + 1 :]
        if before or after:
            yield replace(table, streams=[*before, *after])
        for count in _fewer(stream.count or 0):
            yield replace(table, streams=[*before, replace(stream, count=count), *after])


def targets(document: Document) -> Iterator[Document]:
    """Let it happen to the first actor of a role instead of a later one."""
    for index, step in enumerate(document.steps):
        command: Any = parse_command(step.do)
        for field in ("actor", "target"):
            match = _NUMBERED.fullmatch(getattr(command, field, ""))
            if match is not None and int(match[2]) > 1:
                first = replace(command, **{field: f"{match[1]}-1"})
                own = StepTable(step.at, format_command(first))
                yield replace(
                    document, steps=[*document.steps[:index], own, *document.steps[index + 1 :]]
                )


def times(document: Document) -> Iterator[Document]:
    """Do things at the very start instead of later."""
    for index, step in enumerate(document.steps):
        if parse_duration(step.at) > 0:
            moved = list(document.steps)
            moved[index] = StepTable("0s", step.do)
            moved.sort(key=lambda each: parse_duration(each.at))
            yield replace(document, steps=moved)


def durations(document: Document) -> Iterator[Document]:
    """End earlier, for what shows only at the end."""
    length = parse_duration(document.duration)
    for share in (0.25, 0.5, 0.75):
        if 1 <= (shorter := float(int(length * share))) < length:
            yield till(document, shorter)


REDUCTIONS: Final[tuple[Callable[[Document], Iterator[Document]], ...]] = (
    steps, counts, messages, actors, times, targets, durations,
)  # fmt: skip
"""Every way there is, in the order in which they are tried."""
