"""A scenario file as it is written: its tables, and how it is read from TOML."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

from .conversion import converted
from .names import BadInput, suggest
from .reading import parsed, text_of

Quantity = str | int | float


class PhaseTable(
    msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename={"lasts": "for"}
):
    """One stretch of arrivals: ``{ rate = "12/s", for = "5s" }``."""

    every: Quantity | None = None
    rate: Quantity | None = None
    lasts: Quantity = 0


class StreamTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One kind of message of a producer that sends several: ``{ kind = "high", every = "1s" }``."""

    kind: str
    every: Quantity | None = None
    rate: Quantity | None = None
    phases: list[PhaseTable] = []
    count: int | None = None
    start: Quantity = 0


class ProducerTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[[producers]]`` table."""

    role: str = ""
    replicas: int = 1
    every: Quantity | None = None
    rate: Quantity | None = None
    phases: list[PhaseTable] = []
    count: int | None = None
    start: Quantity = 0
    streams: list[StreamTable] = []
    options: dict[str, str] = {}


class ConsumerTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[[consumers]]`` table."""

    role: str = ""
    replicas: int = 1
    service: Quantity | None = None
    options: dict[str, str] = {}


class MessageTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[messages.ID]`` table: what is special about one message."""

    work: Quantity | None = None
    poison: bool = False
    poison_for: str = ""
    ttl: Quantity = 0
    delay: Quantity = 0
    group: str = ""
    subject: str = ""
    size: Quantity = 0
    headers: dict[str, str] = {}


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


def read(path: Path, seen: frozenset[Path] = frozenset()) -> Document:
    """Read a scenario file, with what it extends.

    Raises:
        BadInput: If it cannot be read, is not TOML or has an unknown key.
    """
    said = _said(path)
    document = _typed(said)
    if not document.extends:
        return document
    base = _base(path, document.extends)
    seen |= {path.resolve()}
    if base.resolve() in seen:
        raise BadInput("the scenarios extend each other in a circle", "extends")
    try:
        found = read(base, seen)
    except BadInput as problem:
        raise problem.inside(f"extends: {base}") from None
    return _merge(found, document, said)


def extended(path: Path) -> Path | None:
    """Return the file that a scenario file extends; None: it stands by itself.

    Raises:
        BadInput: As :func:`read`.
    """
    name = _typed(_said(path)).extends
    return _base(path, name) if name else None


def _said(path: Path) -> dict[str, Any]:
    try:
        return parsed(text_of(path, "scenario file"))
    except FileNotFoundError as problem:
        raise BadInput(problem.strerror or str(problem)) from None


def _base(path: Path, name: str) -> Path:
    base = path.parent / f"{name}.toml"
    if not _is_file(base):
        base = path.parent / name
    if not _is_file(base):
        nearby = sorted(p.stem for p in path.parent.glob("*.toml") if p != path)
        raise BadInput(f"no scenario {name!r} beside this one; {suggest(name, nearby)}", "extends")
    return base


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name no file can have
        return False


def parse(text: str) -> Document:
    """Read the TOML text of a scenario into its typed form.

    Raises:
        BadInput: If it is not TOML, has an unknown key or a value of the wrong type.
    """
    return _typed(parsed(text))


def _typed(raw: dict[str, Any]) -> Document:
    _check_keys(raw, Document, "")
    return converted(raw, Document)


def _check_keys(raw: Any, kind: Any, where: str) -> None:
    """Look for unknown keys first: msgspec names the key but not the nearest good one."""
    tables = {
        "producers": ProducerTable,
        "consumers": ConsumerTable,
        "steps": StepTable,
        "phases": PhaseTable,
        "streams": StreamTable,
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


def _merge(base: Document, own: Document, said: Collection[str]) -> Document:
    """Return ``base`` with what ``own`` has ``said`` instead; settings and messages add up."""
    fields = {field: getattr(base, field) for field in Document.__struct_fields__}
    for field in fields:
        value = getattr(own, field)
        if field == "settings":
            fields[field] = {**base.settings, **own.settings}
        elif field == "messages":
            fields[field] = {**base.messages, **own.messages}
        elif field in said:
            fields[field] = value
    fields["extends"] = ""
    return Document(**fields)
