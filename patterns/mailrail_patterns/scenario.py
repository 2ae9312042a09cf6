"""Scenarios: a pattern, its actors, what is done to it and what is expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from . import catalog
from .commands import Timed, parse_command
from .document import (
    Document,
    MessageTable,
    PhaseTable,
    ProducerTable,
    Quantity,
    StepTable,
    StreamTable,
    extended,
    parse,
    read,
)
from .names import BadInput, suggest
from .port import Options, Phase, Stream
from .quantities import LONGEST, Distribution, parse_distribution, parse_duration, parse_rate
from .roles import AnyRole
from .sizes import parse_size
from .spawning import kind_of, one_kind, taken


class Cast(msgspec.Struct, frozen=True):
    """Actors a run starts with.

    Attributes:
        role: Their role.
        count: How many.
        options: What they are given.
    """

    role: str
    count: int
    options: Options = Options()


class Override(msgspec.Struct, frozen=True):
    """What is special about one message; see :class:`MessageTable`. Times in seconds."""

    work: float = -1.0
    poison: bool = False
    poison_for: str = ""
    ttl: float = 0.0
    delay: float = 0.0
    group: str = ""
    subject: str = ""
    size: int = 0
    headers: tuple[tuple[str, str], ...] = ()


class Scenario(msgspec.Struct, frozen=True):
    """A scenario, read and checked.

    Attributes:
        name: ``pattern/scenario`` for a bundled one, the path for a file, else the pattern.
        pattern: The pattern's name.
        title: What it shows.
        about: More about it.
        seed: The seed; the same seed, the same run.
        duration: How long it runs, in seconds.
        settings: Settings that differ from the pattern's defaults, as written.
        cast: The actors at the start; empty: as the settings say.
        messages: What is special about single messages, by id.
        steps: What is done, in order of time.
        expect: What is expected, as written.
        document: The file's own content, to be written back when it is saved.
    """

    name: str
    pattern: str
    title: str = ""
    about: str = ""
    seed: int = 1
    duration: float = 60.0
    settings: tuple[tuple[str, Any], ...] = ()
    cast: tuple[Cast, ...] = ()
    messages: tuple[tuple[str, Override], ...] = ()
    steps: tuple[Timed, ...] = ()
    expect: tuple[str, ...] = ()
    document: Document = msgspec.field(default_factory=Document)


def find(name: str) -> Scenario:
    """Return the scenario of that name: a bundled one, a file, or a pattern by itself.

    Raises:
        BadInput: If there is nothing of that name, or the file is not a good scenario.
    """
    path = Path(name)
    if name in catalog.MODULES:
        return Scenario(name=name, pattern=name, title=catalog.pattern(name).title,
                        document=Document(pattern=name))  # fmt: skip
    bundled = catalog.bundled()
    if name in bundled:
        return load(bundled[name], name)
    if path.suffix == ".toml" or _exists(path):
        return load(path, name)
    known = [*catalog.MODULES, *bundled]
    raise BadInput(f"no pattern, scenario or file {name!r}; {suggest(name, known)}")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long for any file
        return False


def load(path: Path, name: str = "") -> Scenario:
    """Read a scenario file.

    Raises:
        BadInput: If it cannot be read or is not a good scenario; names file and key.
    """
    try:
        document = read(path)
        try:
            return build(document, name or str(path))
        except BadInput as problem:
            raise _blamed(problem, extended(path)) from None
    except BadInput as problem:
        raise problem.inside(str(path)) from None


def _blamed(problem: BadInput, base: Path | None) -> BadInput:
    """Return a complaint with the file that is at fault: one that is extended, or the first."""
    if base is not None:
        try:
            load(base)
        except BadInput as other:
            if other.problem == problem.problem:
                return other.inside("extends")
    return problem


def build(document: Document, name: str) -> Scenario:
    """Check a document and return the scenario it describes.

    Raises:
        BadInput: Names the key at fault.
    """
    if not document.pattern:
        raise BadInput(f"missing; one of {', '.join(catalog.MODULES)}", "pattern")
    try:
        catalog.pattern(document.pattern)
    except BadInput as problem:
        raise problem.inside("pattern") from None
    if not -(2**63) <= document.seed < 2**63:
        raise BadInput("expected a whole number of at most 64 bits", "seed")
    duration = _at("duration", parse_duration, document.duration)
    if duration <= 0:
        raise BadInput("expected more than 0s", "duration")
    return Scenario(
        name=name,
        pattern=document.pattern,
        title=document.title,
        about=document.about,
        seed=document.seed,
        duration=duration,
        settings=tuple(document.settings.items()),
        cast=tuple(_cast(document)),
        messages=tuple(
            (key, _override(f"messages.{key}", table, document.pattern))
            for key, table in document.messages.items()
        ),
        steps=tuple(_steps(document)),
        expect=tuple(document.expect),
        document=document,
    )


def _at(where: str, read: Any, value: Any) -> Any:
    try:
        return read(value)
    except BadInput as problem:
        raise problem.inside(where) from None


def _cast(document: Document) -> list[Cast]:
    roles = catalog.pattern(document.pattern).roles
    found = []
    for index, producer in enumerate(document.producers):
        where = f"producers[{index}]"
        _positive(producer.replicas, f"{where}.replicas")
        if producer.count is not None and producer.count < 0:
            raise BadInput("expected 0 or more messages", f"{where}.count")
        start = _at(f"{where}.start", parse_duration, producer.start)
        streams = tuple(
            _stream(stream, f"{where}.streams[{number}]")
            for number, stream in enumerate(producer.streams)
        )
        if streams and (producer.phases or producer.every or producer.rate or producer.count):
            raise BadInput("give either streams or one kind of arrivals, not both", where)
        phases = tuple(_phases(producer, where))
        name = _role(roles, "producer", producer.role, f"{where}.role")
        role = next(role for role in roles if role.name == name)
        if streams and not role.kinds:
            raise BadInput(f"a {name} sends one kind of message: give 'every' or 'rate'",
                           f"{where}.streams")  # fmt: skip
        for number, stream in enumerate(streams):
            _at(f"{where}.streams[{number}].kind", partial(kind_of, role), stream.tag)
        options = Options(phases, producer.count, start, streams=streams)
        if role.kinds and phases:
            options = one_kind(role, phases, producer.count, start)
        given = _at(f"{where}.options", partial(taken, role), producer.options)
        options = replace(options, given=given)
        found.append(Cast(name, producer.replicas, options))
    for index, consumer in enumerate(document.consumers):
        where = f"consumers[{index}]"
        _positive(consumer.replicas, f"{where}.replicas")
        service = None
        if consumer.service is not None:
            service = _at(f"{where}.service", parse_distribution, consumer.service)
        name = _role(roles, "consumer", consumer.role, f"{where}.role")
        role = next(role for role in roles if role.name == name)
        if service is not None and not role.timed:
            raise BadInput(f"a {name} spends no time of its own on what it takes",
                           f"{where}.service")  # fmt: skip
        given = _at(f"{where}.options", partial(taken, role), consumer.options)
        found.append(Cast(name, consumer.replicas, Options(service=service, given=given)))
    return found


def _role(roles: Sequence[AnyRole], kind: str, name: str, where: str) -> str:
    """Return the role a table is about: the one it names, or the pattern's first of the kind."""
    fitting = [role.name for role in roles if role.kind == kind]
    if not name:
        return fitting[0]
    if name not in fitting:
        raise BadInput(f"no {kind} of that name; {suggest(name, fitting)}", where)
    return name


def _positive(count: int, where: str) -> None:
    if not 1 <= count <= 100_000:
        raise BadInput(f"expected 1 to 100000 actors, not {count}", where)


def _stream(table: StreamTable, where: str) -> Stream:
    phases = tuple(_phases(table, where))
    if not phases:
        raise BadInput("expected 'every', 'rate' or 'phases'", where)
    if table.count is not None and table.count < 1:
        raise BadInput("expected 1 or more messages", f"{where}.count")
    return Stream(
        table.kind, phases, table.count, _at(f"{where}.start", parse_duration, table.start)
    )


def _phases(table: ProducerTable | StreamTable, where: str) -> list[Phase]:
    if table.phases and (table.every is not None or table.rate is not None):
        raise BadInput("give either phases or one rate, not both", where)
    stretches = table.phases or (
        [PhaseTable(table.every, table.rate)] if table.every or table.rate else []
    )
    found = []
    for index, stretch in enumerate(stretches):
        here = f"{where}.phases[{index}]" if table.phases else where
        found.append(Phase(spacing(stretch.every, stretch.rate, here),
                           _at(f"{here}.for", parse_duration, stretch.lasts)))  # fmt: skip
        if found[-1].every.mean <= 0 and not table.count:
            raise BadInput("messages all at once need a count", f"{here}.every")
        if index < len(stretches) - 1 and not found[-1].lasts:
            raise BadInput("only the last phase may go on for ever", f"{here}.for")
    return found


def spacing(every: Quantity | None, rate: Quantity | None, where: str) -> Distribution:
    """Return the time between two messages, given directly or as a rate.

    Raises:
        BadInput: If both or neither are given, or the value cannot be used.
    """
    if (every is None) == (rate is None):
        raise BadInput("expected exactly one of 'every' and 'rate'", where)
    if rate is not None:
        return Distribution("constant", 1.0 / _at(f"{where}.rate", parse_rate, rate))
    drawn: Distribution = _at(f"{where}.every", parse_distribution, every)
    return drawn


def _override(where: str, table: MessageTable, pattern: str) -> Override:
    if table.poison_for:
        _role(catalog.pattern(pattern).roles, "consumer", table.poison_for, f"{where}.poison_for")
    return Override(
        -1.0 if table.work is None else _at(f"{where}.work", parse_duration, table.work),
        table.poison,
        table.poison_for,
        _at(f"{where}.ttl", parse_duration, table.ttl),
        _at(f"{where}.delay", parse_duration, table.delay),
        table.group,
        table.subject,
        _at(f"{where}.size", parse_size, table.size),
        tuple(table.headers.items()),
    )


def _steps(document: Document) -> list[Timed]:
    found = []
    for index, step in enumerate(document.steps):
        where = f"steps[{index}]"
        at = _at(f"{where}.at", parse_duration, step.at)
        if at > LONGEST:
            raise BadInput(f"later than {LONGEST:.0f}s", f"{where}.at")
        found.append(Timed(at, _at(f"{where}.do", parse_command, step.do)))
    return sorted(found, key=lambda timed: timed.at)


__all__ = [
    "Cast", "Document", "Override", "Scenario", "StepTable", "build", "find",
    "load", "parse", "spacing",
]  # fmt: skip
