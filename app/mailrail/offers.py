"""Values worth trying for a setting, so that nobody has to type one blind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from mailrail_patterns.declaration import AnyPattern
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import Distribution, parse_distribution
from mailrail_patterns.settings import NO_TEXT, SIZES, Setting, change, resolve, write, written

FACTORS: Final = (0.1, 0.5, 2.0, 10.0)
"""What a number is multiplied by to make others of it."""

FIRST: Final = (0.1, 1.0, 10.0, 100.0)
"""What is tried where there is no number yet."""

STEPS: Final = (-1, 1)
"""What is added to a count."""


class Offer(msgspec.Struct, frozen=True):
    """A value.

    Attributes:
        value: As it is typed.
        about: What is worth knowing of it: that it is the default, or half of what is set now.
    """

    value: str
    about: str


def offers(
    pattern: AnyPattern, setting: Setting, now: str, default: str, given: Mapping[str, object]
) -> list[Offer]:
    """Return other values than the present one that the pattern takes.

    Args:
        pattern: The pattern.
        setting: The setting.
        now: What it is, as text.
        default: The pattern's own value, as text.
        given: The settings that were given, with which each value has to agree.
    """
    if setting.choices:
        wanted = [(each, "the default" if each == default else "") for each in setting.choices]
    elif setting.kind == "flag":
        wanted = [("on", ""), ("off", "")]
    else:
        wanted = [(default, "the default"), *_numbers(setting, now)]
        if setting.kind == "bound":
            wanted.append(("unbounded", "no limit"))
        if setting.kind == "text":
            wanted.append((NO_TEXT, "nothing"))
    found: dict[str, Offer] = {}
    for text, about in wanted:
        value = _taken(pattern, setting, text, given)
        if value is not None and value != now and value not in found:
            found[value] = Offer(value, about)
    return list(found.values())


def _taken(
    pattern: AnyPattern, setting: Setting, text: str, given: Mapping[str, object]
) -> str | None:
    """Return a value as the pattern writes it; None if it is out of range or disagrees."""
    try:
        changed = change(pattern, resolve(pattern, given), setting.name, text)
    except BadInput:
        return None
    return written(pattern, changed)[setting.name]


def _numbers(setting: Setting, now: str) -> list[tuple[str, str]]:
    """Return what can be made of a number by counting on, halving, doubling."""
    if setting.kind == "distribution":
        return _spread(now)
    number, unit = _parted(now)
    if not number:  # nothing, or no bound: nothing can be made of it by halving or doubling
        known = number is not None or setting.kind == "bound"
        tried = FIRST if setting.kind == "duration" else FIRST[1:]
        return [(f"{write(value)}{unit}", "") for value in tried] if known else []
    whole = setting.kind in {"count", "bound", *SIZES}
    made: list[tuple[float, str]] = []
    if setting.kind in {"count", "bound"}:
        made += [(number + step, "one less" if step < 0 else "one more") for step in STEPS]
    made += [(number * factor, _factor(factor)) for factor in FACTORS]
    if setting.knob.low <= 0:
        made.append((0.0, ""))
    if setting.knob.low < 0:
        made.append((-number, "the other way"))
    values = [(float(round(value)) if whole else value, about) for value, about in made]
    return [(f"{write(value)}{unit}", about) for value, about in sorted(values)]


def _spread(now: str) -> list[tuple[str, str]]:
    """Return distributions that are slower, faster, or as long on average but spread."""
    known = parse_distribution(now)
    if known.shape != "constant":
        return [(str(Distribution("constant", known.mean)), "as long on average, always the same")]
    mean = known.low
    scaled = [(str(Distribution("constant", mean * by)), _factor(by)) for by in FACTORS]
    even = Distribution("uniform", mean / 2, mean * 1.5)
    return [
        *scaled,
        (str(even), "as long on average"),
        (str(Distribution("exponential", mean)), "as long on average, memoryless"),
    ]


def _factor(factor: float) -> str:
    return {0.1: "a tenth", 0.5: "half", 2.0: "twice"}.get(factor) or f"{factor:g} times as much"


def _parted(text: str) -> tuple[float | None, str]:
    """Split a number from its unit: ``30`` and ``s``."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/")
    try:
        return float(digits), text[len(digits) :].strip()
    except ValueError:
        return None, ""
