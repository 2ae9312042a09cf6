"""Writing what was done by hand as a scenario file that runs the same, event by event."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mailrail_patterns.commands import format_command
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration, parse_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, StepTable, build, parse

from .files import write_whole

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def document_of(run: Run) -> Document:
    """Return the scenario file of a run: what it started from, and what was done by hand.

    Seed and settings are those of the run. Of one instant the scenario's own steps come first,
    then the commands, as they did when they were given; steps after the end are left out.
    """
    source = run.scenario.document
    settings = {key.replace("-", "_"): value for key, value in source.settings.items()}
    settings |= {key.replace("-", "_"): value for key, value in run.overrides.items()}
    steps = [step for step in source.steps if parse_duration(step.at) <= run.duration]
    steps += [StepTable(format_duration(t.at), format_command(t.command)) for t in run.commands]
    document = msgspec.structs.replace(
        source,
        pattern=run.pattern.name,
        extends="",
        seed=run.seed,
        settings=settings,
        steps=sorted(steps, key=lambda step: parse_duration(step.at)),
    )
    if parse_duration(source.duration) != run.duration:
        document.duration = format_duration(run.duration)
    return document


def as_seen(run: Run) -> Document:
    """Return the scenario file of a run, expecting what was seen of it.

    What the scenario expected is kept if nothing was changed by hand; else it no longer fits,
    and the file expects that the guarantees break which have broken.
    """
    document = document_of(run)
    if run.commands or run.overrides or run.seed != run.scenario.seed:
        broken = [each.guarantee.name for each in run.findings() if not each.holds]
        document.expect = [f"{name} breaks" for name in broken]
    return document


def to_toml(document: Document) -> str:
    """Write a scenario as TOML; :func:`mailrail_patterns.scenario.parse` reads the same back."""
    tables: dict[str, Any] = msgspec.to_builtins(document, str_keys=True)
    tables.setdefault("seed", document.seed)
    order = [name for name in Document.__struct_encode_fields__ if name in tables]
    plain = [name for name in order if not _is_table(tables[name])]
    lines = [f"{name} = {_value(tables[name], long=True)}" for name in plain]
    for name in order:
        value = tables[name]
        if name in plain or not value:
            continue
        if isinstance(value, list):
            for each in value:
                lines += ["", f"[[{name}]]", *_pairs(each)]
        elif all(isinstance(each, Mapping) for each in value.values()):
            for key, each in value.items():
                lines += ["", f"[{name}.{_key(key)}]", *_pairs(each)]
        else:
            lines += ["", f"[{name}]", *_pairs(value)]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping)


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _value(value: Any, *, long: bool = False) -> str:
    """Write one value; ``long`` allows several lines, which only top-level keys have room for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_pairs(value)) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        if long and value:
            return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]"
        return "[" + ", ".join(_value(each) for each in value) + "]"
    text = str(value)
    if long and "\n" in text:
        return '"""\n' + "\n".join(_escaped(line) for line in text.split("\n")) + '"""'
    return _string(text)


def _string(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Escape as JSON does, which TOML reads too, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def file_of(text: str) -> Path:
    """Return the path somebody meant: home expanded, ``.toml`` added.

    Raises:
        BadInput: If there is no name.
    """
    name = text.strip()
    if not name:
        raise BadInput("expected a name for the file")
    try:
        path = Path(name).expanduser()
    except RuntimeError as problem:
        raise BadInput(f"{name}: {problem}") from None
    if name.endswith("/") or _there(path) == "directory":
        raise BadInput(f"{name} is a directory; expected the name of a file")
    return path if path.suffix == ".toml" else path.with_name(f"{path.name}.toml")


def _there(path: Path) -> str:
    """Say what is at a path: ``directory``, ``file`` or nothing.

    Raises:
        BadInput: If nobody may look.
    """
    try:
        return "directory" if path.is_dir() else "file" if path.exists() else ""
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else None
        raise BadInput(f"cannot use {path}: {why or problem}") from None


def save(run: Run, path: Path, *, overwrite: bool = False) -> None:
    """Write a run as a scenario file, whole or not at all.

    Args:
        run: The run.
        path: Where to.
        overwrite: Whether a file that is there already may be replaced.

    Raises:
        Taken: If there is a file already and it may not be replaced.
        BadInput: If it cannot be written, or would not load again.
    """
    put(as_seen(run), path, force=overwrite)


def put(document: Document, path: Path, flag: str = "", *, force: bool) -> None:
    """Write a scenario file, whole or not at all; one that would not load again is not written.

    Args:
        document: What the file says.
        path: Where to.
        flag: What is at fault if it cannot be written; empty: the file alone.
        force: Whether a file that is there already may be replaced.

    Raises:
        Taken: If there is a file already and it may not be replaced.
        BadInput: If it cannot be written, or would not load again.
    """
    text = to_toml(document)
    try:
        Run(build(parse(text), "the file to be saved"))
    except BadInput as problem:
        raise problem.inside("this cannot be saved") from None
    write_whole(flag, path, map(str.encode, [text]), force=force)
