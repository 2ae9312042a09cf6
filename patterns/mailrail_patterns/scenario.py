"""Scenario files: a pattern, its actors, what is done to it and what is expected of it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from . import catalog
from .commands import Timed, parse_command
from .names import BadInput, suggest
from .port import AnyRole, Options, Phase
from .quantities import LONGEST, Distribution, parse_distribution, parse_duration, parse_rate

LARGEST: Final = 4_000_000
"""Largest scenario file that is read, in bytes."""

Quantity = str | int | float


class PhaseTable(
    msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename={"lasts": "for"}
):
    """One stretch of arrivals: ``{ rate = "12/s", for = "5s" }``."""

    every: Quantity | None = None
    rate: Quantity | None = None
    lasts: Quantity = 0


class ProducerTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[[producers]]`` table."""

    role: str = ""
    replicas: int = 1
    every: Quantity | None = None
    rate: Quantity | None = None
    phases: list[PhaseTable] = []
    count: int | None = None
    start: Quantity = 0


class ConsumerTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[[consumers]]`` table."""

    role: str = ""
    replicas: int = 1
    service: Quantity | None = None


class MessageTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[messages.ID]`` table: what is special about one message."""

    work: Quantity | None = None
    poison: bool = False
    ttl: Quantity = 0
    delay: Quantity = 0
    group: str = ""


class StepTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[[steps]]`` table: a command at an instant, written as for ``--do``."""

    at: Quantity
    do: str


class Document(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A scenario file as it is written."""

    pattern: str = ""
    title: str = ""
    about: str = ""
    extends: str = ""
    seed: int = 1
    duration: Quantity = "60s"
    settings: dict[str, Any] = {}
    producers: list[ProducerTable] = []
    consumers: list[ConsumerTable] = []
    messages: dict[str, MessageTable] = {}
    steps: list[StepTable] = []
    expect: list[str] = []


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
    ttl: float = 0.0
    delay: float = 0.0
    group: str = ""


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
    if path.suffix == ".toml" or path.exists():
        return load(path, name)
    known = [*catalog.MODULES, *bundled]
    raise BadInput(f"no pattern, scenario or file {name!r}; {suggest(name, known)}")


def load(path: Path, name: str = "") -> Scenario:
    """Read a scenario file.

    Raises:
        BadInput: If it cannot be read or is not a good scenario; names file and key.
    """
    try:
        return build(_read(path, set()), name or str(path))
    except BadInput as problem:
        raise problem.inside(str(path)) from None


def _read(path: Path, seen: set[Path]) -> Document:
    document = parse(_text(path))
    if not document.extends:
        return document
    base = path.parent / f"{document.extends}.toml"
    if not base.exists():
        base = path.parent / document.extends
    if not base.is_file():
        nearby = [p.stem for p in path.parent.glob("*.toml") if p != path]
        raise BadInput(f"no scenario {document.extends!r} beside this one; "
                       f"{suggest(document.extends, nearby)}", "extends")  # fmt: skip
    if base.resolve() in seen:
        raise BadInput("the scenarios extend each other in a circle", "extends")
    return _merge(_read(base, seen | {path.resolve(), base.resolve()}), document)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise BadInput("this is a directory; expected a scenario file")
        if path.stat().st_size > LARGEST:
            raise BadInput(f"larger than {LARGEST} bytes; that is no scenario file")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8 (byte {problem.start})") from None
    except OSError as problem:
        raise BadInput(problem.strerror or str(problem)) from None


def parse(text: str) -> Document:
    """Read the TOML text of a scenario into its typed form.

    Raises:
        BadInput: If it is not TOML, has an unknown key or a value of the wrong type.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadInput(f"not TOML: {problem}") from None
    except RecursionError:
        raise BadInput("not TOML: nested too deeply") from None
    _check_keys(raw, Document, "")
    try:
        return msgspec.convert(raw, Document)
    except msgspec.ValidationError as problem:
        what, _, where = str(problem).partition(" - at ")
        raise BadInput(what, where.strip("`").removeprefix("$.").removeprefix("$")) from None


def _check_keys(raw: Any, kind: Any, where: str) -> None:
    """Look for unknown keys first: msgspec names the key but not the nearest good one."""
    tables = {
        "producers": ProducerTable,
        "consumers": ConsumerTable,
        "steps": StepTable,
        "phases": PhaseTable,
    }
    known = kind.__struct_encode_fields__
    for key, value in raw.items():
        here = f"{where}.{key}" if where else key
        if key not in known:
            raise BadInput(f"unknown key; {suggest(key, known)}", here)
        if key in tables and isinstance(value, list):
            for index, table in enumerate(value):
                if isinstance(table, dict):
                    _check_keys(table, tables[key], f"{here}[{index}]")
        if key == "messages" and isinstance(value, dict):
            for name, table in value.items():
                if isinstance(table, dict):
                    _check_keys(table, MessageTable, f"{here}.{name}")


def _merge(base: Document, own: Document) -> Document:
    """Return ``base`` with what ``own`` says instead; settings and messages add up."""
    fields = {field: getattr(base, field) for field in Document.__struct_fields__}
    blank = Document()
    for field in fields:
        value = getattr(own, field)
        if field == "settings":
            fields[field] = {**base.settings, **own.settings}
        elif field == "messages":
            fields[field] = {**base.messages, **own.messages}
        elif value != getattr(blank, field):
            fields[field] = value
    fields["extends"] = ""
    return Document(**fields)


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
            (key, _override(f"messages.{key}", table)) for key, table in document.messages.items()
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
        options = Options(tuple(_phases(producer, where)), producer.count, start)
        found.append(
            Cast(_role(roles, "producer", producer.role, where), producer.replicas, options)
        )
    for index, consumer in enumerate(document.consumers):
        where = f"consumers[{index}]"
        _positive(consumer.replicas, f"{where}.replicas")
        service = None
        if consumer.service is not None:
            service = _at(f"{where}.service", parse_distribution, consumer.service)
        found.append(
            Cast(
                _role(roles, "consumer", consumer.role, where),
                consumer.replicas,
                Options(service=service),
            )
        )
    return found


def _role(roles: Sequence[AnyRole], kind: str, name: str, where: str) -> str:
    """Return the role a table is about: the one it names, or the pattern's first of the kind."""
    fitting = [role.name for role in roles if role.kind == kind]
    if not name:
        return fitting[0]
    if name not in fitting:
        raise BadInput(f"no {kind} of that name; {suggest(name, fitting)}", f"{where}.role")
    return name


def _positive(count: int, where: str) -> None:
    if not 1 <= count <= 100_000:
        raise BadInput(f"expected 1 to 100000 actors, not {count}", where)


def _phases(table: ProducerTable, where: str) -> list[Phase]:
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


def _override(where: str, table: MessageTable) -> Override:
    return Override(
        -1.0 if table.work is None else _at(f"{where}.work", parse_duration, table.work),
        table.poison,
        _at(f"{where}.ttl", parse_duration, table.ttl),
        _at(f"{where}.delay", parse_duration, table.delay),
        table.group,
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
