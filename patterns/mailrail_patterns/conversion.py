"""Turning what a TOML file holds into typed structs, with complaints a person can act on."""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeVar

import msgspec

from .names import BadInput

T = TypeVar("T")

_WORDS: Final = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a table",
    "array": "a list in square brackets",
}
"""What msgspec calls the kinds of values, and what a person who writes TOML does."""

_WRONG: Final = re.compile(r"Expected `(.+)`, got `.+`")
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


def converted(raw: Any, kind: type[T]) -> T:
    """Return a parsed TOML file as a struct.

    Args:
        raw: The file as parsed; its keys have been looked at already.
        kind: The struct.

    Raises:
        BadInput: If a value is of the wrong type or missing; names the key, what was expected
            and what stands there.
    """
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as problem:
        what, place = _parts(problem)
        value, where = _found(raw, kind, what, place)
        raise BadInput(_told(what, value), where.removeprefix(".")) from None


def _parts(problem: msgspec.ValidationError) -> tuple[str, str]:
    what, _, place = str(problem).partition(" - at ")
    return what, place.strip("`").removeprefix("$")


def _told(what: str, value: Any) -> str:
    missing = _MISSING.fullmatch(what)
    if missing is not None:
        return f"{missing[1]!r} is missing"
    wrong = _WRONG.fullmatch(what)
    if wrong is None:
        return what
    kinds = set(wrong[1].split(" | "))
    if "float" in kinds:
        kinds.discard("int")
    expected = [word for name, word in _WORDS.items() if name in kinds]
    return f"expected {' or '.join(expected) or wrong[1]}, not {written(value)}"


def written(value: Any) -> str:
    """Return a value as it stands in a file, or what kind of thing it is."""
    if isinstance(value, dict | list):
        return _WORDS["object" if isinstance(value, dict) else "array"]
    plain = isinstance(value, bool | str)
    text = json.dumps(value, ensure_ascii=False) if plain else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _found(raw: Any, kind: Any, what: str, place: str) -> tuple[Any, str]:
    """Return the value at fault and where it stands, the keys of tables named."""
    value, where = raw, ""
    for step in _STEP.finditer(place):
        name = step[1] if step[1] is not None else step[2]
        if name == "...":
            name = _culprit(raw, kind, (what, place), value)
        if isinstance(value, dict):
            value, where = value.get(name), f"{where}.{name}"
        else:
            value, where = value[int(name)], f"{where}[{name}]"
    return value, where


def _culprit(raw: Any, kind: Any, wanted: tuple[str, str], table: dict[str, Any]) -> str:
    """Return the key of a table whose value is refused: msgspec does not tell it."""
    entries = dict(table)
    try:
        for name, value in entries.items():
            table.clear()
            table[name] = value
            try:
                msgspec.convert(raw, kind)
            except msgspec.ValidationError as problem:
                if _parts(problem) == wanted:
                    return name
    finally:
        table.clear()
        table.update(entries)
    return "..."
