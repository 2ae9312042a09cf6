"""Reading, writing and describing the settings of a pattern by their declarations."""

from __future__ import annotations

import enum
import math
import typing
from collections.abc import Mapping
from functools import lru_cache
from inspect import get_annotations
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from . import dialects
from .broker_rules import AtLimit
from .declaration import AnyPattern
from .messages import RENEW_AT
from .names import BadInput, suggest
from .quantities import (
    Distribution,
    format_duration,
    parse_distribution,
    parse_duration,
    parse_rate,
)
from .queue_settings import Knob
from .retries import attempts
from .sizes import exact_size, parse_size

DIALECT: Final = "dialect"
"""The setting that brings defaults for others."""

NO_TEXT: Final = "none"
"""How an empty text is written."""

SIZES: Final = frozenset({"size", "bandwidth"})
"""Kinds of setting that are written in bytes, of which the second is a second."""

Value = TypeVar("Value", int, float)


class Setting(msgspec.Struct, frozen=True):
    """One setting of a pattern, described.

    Attributes:
        name: As it is typed.
        kind: ``duration rate distribution number count flag choice bound size bandwidth text``.
        knob: What it is for, its unit and range.
        default: The default, as text.
        choices: What a choice can be.
    """

    name: str
    kind: str
    knob: Knob
    default: str
    choices: tuple[str, ...] = ()


def describe(pattern: AnyPattern) -> tuple[Setting, ...]:
    """Return every setting of a pattern: its own first, then by how near they were declared."""
    return _declared(pattern.settings)  # type: ignore[arg-type]  # a class can be hashed


@lru_cache(64)  # reading the annotations takes a hundred times as long as reading a value
def _declared(kind_of: type[Any]) -> tuple[Setting, ...]:
    hints = typing.get_type_hints(kind_of, include_extras=True)
    defaults = kind_of()
    declared = (name for each in kind_of.__mro__ for name in get_annotations(each))
    names = [name for name in dict.fromkeys(declared) if name in defaults.__struct_fields__]
    found = []
    for name in names:
        annotation = hints[name]
        base, knob = typing.get_args(annotation)[:2]
        kind, choices = _kind(base, knob)
        default = getattr(defaults, name)
        text = exact_size(default) if kind in SIZES else write(default)
        found.append(Setting(name, kind, knob, text, choices))
    return tuple(found)


def _kind(base: Any, knob: Knob) -> tuple[str, tuple[str, ...]]:
    if base is bool:
        return "flag", ()
    if base is Distribution:
        return "distribution", ()
    if base is str:
        return "text", ()
    if isinstance(base, type) and issubclass(base, enum.Enum):
        return "choice", tuple(member.value for member in base)
    if base is int:
        return {"B": "size", "B/s": "bandwidth"}.get(knob.unit, "count"), ()
    if base is float:
        return {"s": "duration", "/s": "rate"}.get(knob.unit, "number"), ()
    return "bound", ()


def write(value: Any) -> str:
    """Write one setting's value as a person would type it, without its unit's name."""
    if value is None:
        return "unbounded"
    if value == "":
        return NO_TEXT
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def written(pattern: AnyPattern, settings: Any) -> dict[str, str]:
    """Return every setting as text with its unit, in the order of :func:`describe`."""
    found = {}
    for setting in describe(pattern):
        value = getattr(settings, setting.name)
        text = format_duration(value) if setting.kind == "duration" else write(value)
        if setting.kind in SIZES:
            text = exact_size(value)
        each_second = setting.kind in {"rate", "bandwidth"}
        found[setting.name] = f"{text}/s" if each_second else text
    return found


def plain(pattern: AnyPattern, settings: Any) -> dict[str, Any]:
    """Return every setting as JSON holds it: durations as numbers of seconds."""
    found: dict[str, Any] = {}
    for setting in describe(pattern):
        value = getattr(settings, setting.name)
        if isinstance(value, enum.Enum):
            value = value.value
        elif isinstance(value, Distribution):
            value = value.low if value.shape == "constant" else str(value)
        found[setting.name] = value
    return found


def resolve(pattern: AnyPattern, given: Mapping[str, object]) -> Any:
    """Return the settings of a run, of which only ``given`` is said.

    What is said goes before the defaults of the broker's dialect, and these before the pattern's.

    Raises:
        BadInput: As :func:`change`.
    """
    settings = pattern.settings()
    if DIALECT in given:
        settings = _change_one(pattern, settings, DIALECT, given[DIALECT])
        for name, text in dialects.defaults(settings.dialect).items():
            if name in settings.__struct_fields__:  # not every pattern has sessions
                settings = _change_one(pattern, settings, name, text)
    return change_all(pattern, settings, given)


def check(pattern: AnyPattern, settings: Any) -> None:
    """Refuse settings that contradict each other.

    Raises:
        BadInput: Names the setting, the reason and what to do.
    """
    _check_locks(settings)
    pattern.check(settings)
    dialects.check(settings)
    if settings.renewal and min(settings.locks()) * (1 - RENEW_AT) <= settings.latency:
        raise BadInput(
            "lock: a renewal would arrive too late; set more than five latencies, or renewal=off"
        )
    letters = settings.at_limit is AtLimit.DEAD_LETTER
    if settings.dead_letter_expired and not letters:
        raise BadInput("dead_letter_expired: there are no dead letters; set at_limit=dead-letter")
    if 0 < settings.longest_delay < settings.retry_delay:
        raise BadInput("longest_delay: shorter than retry_delay; raise it, or set it to 0")
    tries = attempts(settings)
    if tries and not letters:
        raise BadInput("immediate_retries: they end in the dead letters; set at_limit=dead-letter")
    if tries and 0 < settings.max_deliveries < tries:
        raise BadInput(
            f"max_deliveries: the broker would end what a handler tries {tries} times; raise it, "
            "or set it to 0"
        )


def _check_locks(settings: Any) -> None:
    """Refuse locks that nobody will have, or nobody can keep."""
    try:
        locks = settings.locks()
    except BadInput as problem:
        raise problem.inside("lock_steps") from None
    if settings.lock <= 2 * settings.latency:
        raise BadInput("lock: shorter than the way to the broker and back; raise lock")
    if not settings.lock_steps:
        return
    if 0 < settings.max_deliveries < len(locks):
        raise BadInput(
            f"lock_steps: there is a lock for delivery {len(locks)}, which a message never has; "
            "name fewer, or raise max_deliveries"
        )
    if min(locks) <= 2 * settings.latency:
        raise BadInput("lock_steps: a lock would be over before an acknowledgement can arrive")


def change(pattern: AnyPattern, settings: Any, key: str, text: object) -> Any:
    """Return ``settings`` with one of them changed.

    Raises:
        BadInput: If there is no such setting, the value is not of its kind or out of its
            range, or the settings then contradict each other.
    """
    changed = _change_one(pattern, settings, key, text)
    check(pattern, changed)
    return changed


def change_live(
    pattern: AnyPattern,
    settings: Any,
    key: str,
    text: object,
    given: Mapping[str, object] | None = None,
) -> Any:
    """Return ``settings`` with one of them changed while a run goes on.

    Args:
        pattern: The pattern.
        settings: The settings as they are.
        key: The setting.
        text: Its new value.
        given: What has been said of the settings so far; another dialect brings its defaults for
            all else.

    Raises:
        BadInput: As :func:`change`, or if the setting only says how a run starts.
    """
    if key == DIALECT:
        return resolve(pattern, {**(given or {}), DIALECT: text})
    changed = change(pattern, settings, key, text)
    setting = next(each for each in describe(pattern) if each.name == key.replace("-", "_"))
    if setting.knob.instead:
        raise BadInput(f"{setting.name} only counts at the start; use {setting.knob.instead!r}")
    return changed


def change_all(pattern: AnyPattern, settings: Any, pairs: Mapping[str, object]) -> Any:
    """Return ``settings`` with several changed at once, checked as a whole.

    Raises:
        BadInput: As :func:`change`.
    """
    for key, text in pairs.items():
        settings = _change_one(pattern, settings, key, text)
    check(pattern, settings)
    return settings


def _change_one(pattern: AnyPattern, settings: Any, key: str, text: object) -> Any:
    by_name = {setting.name: setting for setting in describe(pattern)}
    name = key.replace("-", "_")
    if name not in by_name:
        raise BadInput(f"unknown setting {key!r}; {suggest(name, by_name)}")
    try:
        value = read(by_name[name], text, type(getattr(settings, name)))
    except BadInput as problem:
        raise problem.inside(name) from None
    return replace(settings, **{name: value})


def read(setting: Setting, text: object, present: type[Any]) -> Any:
    """Read one value of a setting's kind and check its range.

    Raises:
        BadInput: If the value is not of the kind or out of range.
    """
    if setting.kind == "flag":
        return _flag(text)
    if setting.kind == "choice":
        return _choice(setting, text, present)
    if setting.kind == "text":
        return _words(text)
    if setting.kind == "distribution":
        drawn = parse_distribution(_text_or_number(text))
        _in_range(setting, drawn.mean)
        return drawn
    if setting.kind == "duration":
        lowest = min(0.0, setting.knob.low)
        return _in_range(setting, parse_duration(_text_or_number(text), lowest))
    if setting.kind in SIZES:
        return _in_range(setting, parse_size(str(text).removesuffix("/s")))
    if setting.kind == "rate":
        return _in_range(setting, parse_rate(_text_or_number(text)))
    if setting.kind == "bound" and str(text).lower() in {"unbounded", "none", "inf"}:
        return None
    if isinstance(text, bool):
        raise BadInput(f"expected a number, not {text!r}")
    try:
        number = float(str(text))
    except ValueError:
        also = " or 'unbounded'" if setting.kind == "bound" else ""
        raise BadInput(f"expected a number{also}, not {text!r}") from None
    if setting.kind == "number":
        return _in_range(setting, number)
    if not math.isfinite(number) or number != int(number):
        raise BadInput(f"expected a whole number, not {text!r}")
    return int(_in_range(setting, number))


def _text_or_number(value: object) -> str | float:
    if isinstance(value, str | int | float):
        return value
    raise BadInput(f"expected text or a number, not {value!r}")


def _words(text: object) -> str:
    """Read text that a pattern makes sense of; its declaration says how it is written."""
    if isinstance(text, str):
        return "" if text.strip().lower() == NO_TEXT else text.strip()
    raise BadInput(f"expected text, not {text!r}")


def _flag(text: object) -> bool:
    if isinstance(text, bool):
        return text
    words = {"on": True, "true": True, "yes": True, "1": True}
    words |= {"off": False, "false": False, "no": False, "0": False}
    word = str(text).lower()
    if word not in words:
        raise BadInput(f"expected on or off, not {text!r}")
    return words[word]


def _choice(setting: Setting, text: object, present: type[Any]) -> Any:
    word = str(text).lower()
    if word not in setting.choices:
        choices = ", ".join(setting.choices)
        raise BadInput(f"expected one of {choices}, not {text!r}; {suggest(word, setting.choices)}")
    return present(word)


def _in_range(setting: Setting, value: Value) -> Value:
    knob = setting.knob
    if not knob.low <= value <= knob.high:
        unit = f" {knob.unit}" if knob.unit else ""
        low, high, given = (f"{number:.15g}" for number in (knob.low, knob.high, value))
        raise BadInput(f"expected {low} to {high}{unit}, not {given}")
    return value
