"""Durations, rates and distributions as people write them: ``1.5s``, ``12/s``, ``uniform(…)``."""

from __future__ import annotations

import math
import re
from typing import Final, Protocol

import msgspec

from .names import BadInput, suggest

GRID: Final = 1_000_000
"""Instants lie on a grid of one microsecond, so that equal instants compare equal as floats."""

LONGEST: Final = 1_000_000.0
"""The longest duration that is accepted anywhere, in seconds (eleven and a half days)."""

DIGITS: Final = 18
"""Digits of the largest count that is read: far more than can be counted in a run."""

_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_DURATION: Final = re.compile(
    r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*([A-Za-zµ]*)\s*"
)
_RATE: Final = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*/\s*([A-Za-z]+)\s*")
_SHAPE: Final = re.compile(r"\s*([A-Za-z]+)\s*\((.*)\)\s*")


class Uniform01(Protocol):
    """The one thing a distribution needs of a chance stream."""

    def random(self) -> float:
        """Return the next number in [0, 1)."""
        ...


def on_grid(seconds: float) -> float:
    """Return ``seconds`` moved to the nearest whole microsecond."""
    return round(seconds * GRID) / GRID


def _real(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # a file may hold a whole number of any length
        return math.inf


def parse_duration(text: str | float, lowest: float = 0.0) -> float:
    """Read a duration such as ``"1.5s"``, ``"200ms"`` or ``"2m"``; a bare number is in seconds.

    Args:
        text: The duration.
        lowest: Smallest value allowed, in seconds; below 0 for what may be earlier or later.

    Raises:
        BadInput: If it is no duration, below that, not finite or longer than ``LONGEST``.
    """
    if isinstance(text, bool):
        raise BadInput(f"expected a duration such as '1.5s', not {str(text).lower()}")
    if isinstance(text, int | float):
        seconds = _real(text)
    else:
        match = _DURATION.fullmatch(text)
        if match is None:
            raise BadInput(f"expected a duration such as '1.5s' or '200ms', not {text!r}")
        unit = match[2] or "s"
        if unit == "µs":
            unit = "us"
        if unit not in _UNITS:
            raise BadInput(f"unknown unit {unit!r} in {text!r}; {suggest(unit, _UNITS)}")
        seconds = float(match[1]) * _UNITS[unit]
    if not math.isfinite(seconds) or seconds < lowest:
        least = f"{lowest:.0f} or more" if lowest else "zero or more"
        raise BadInput(f"a duration cannot be {text!r}; expected {least} seconds")
    if seconds > LONGEST:
        raise BadInput(f"{text!r} is longer than the longest duration, {LONGEST:.0f}s")
    return on_grid(seconds)


def format_duration(seconds: float) -> str:
    """Write a duration so that :func:`parse_duration` reads the same value back."""
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + "s"


def parse_count(text: str) -> int:
    """Read a whole number of messages or actors, 0 or more, in decimal digits.

    Raises:
        BadInput: If it is none, or has more than ``DIGITS`` digits.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > DIGITS:
        raise BadInput(f"expected a whole number, not {text[:40]!r}")
    return int(text)


def parse_rate(text: str | float) -> float:
    """Read a rate such as ``"12/s"`` or ``"30/min"``; a bare number is in messages per second.

    Raises:
        BadInput: If it is no rate, or not in (0, 1 000 000] messages per second.
    """
    if isinstance(text, bool):
        raise BadInput(f"expected a rate such as '12/s', not {str(text).lower()}")
    if isinstance(text, int | float):
        rate = _real(text)
    else:
        match = _RATE.fullmatch(text)
        if match is None:
            raise BadInput(f"expected a rate such as '12/s' or '30/min', not {text!r}")
        if match[2] not in _UNITS:
            raise BadInput(f"unknown unit {match[2]!r} in {text!r}; {suggest(match[2], _UNITS)}")
        rate = float(match[1]) / _UNITS[match[2]]
    if not math.isfinite(rate) or not 0 < rate <= GRID:
        raise BadInput(f"a rate must be above 0 and at most {GRID}/s, not {text!r}")
    return rate


class Distribution(msgspec.Struct, frozen=True):
    """How long something takes: always the same, or drawn anew each time.

    Attributes:
        shape: ``constant``, ``exponential`` or ``uniform``.
        low: The constant, the mean of the exponential, or the lower end, in seconds.
        high: The upper end of a uniform distribution, in seconds.
    """

    shape: str
    low: float
    high: float = 0.0

    def sample(self, chance: Uniform01) -> float:
        """Draw one duration in seconds; a constant consumes no chance."""
        if self.shape == "constant":
            return self.low
        if self.shape == "exponential":
            return on_grid(-math.log(1.0 - chance.random()) * self.low)
        return on_grid(self.low + (self.high - self.low) * chance.random())

    @property
    def mean(self) -> float:
        """The mean, in seconds."""
        return (self.low + self.high) / 2 if self.shape == "uniform" else self.low

    def __str__(self) -> str:
        if self.shape == "constant":
            return format_duration(self.low)
        if self.shape == "exponential":
            return f"exponential({format_duration(self.low)})"
        return f"uniform({format_duration(self.low)}, {format_duration(self.high)})"


def parse_distribution(text: str | float) -> Distribution:
    """Read ``"3s"``, ``"exponential(3s)"`` or ``"uniform(1s, 5s)"``.

    Raises:
        BadInput: If the shape is unknown or a parameter is out of range.
    """
    match = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return Distribution("constant", parse_duration(text))
    shape, inner = match[1].lower(), [part for part in match[2].split(",") if part.strip()]
    wanted = {"constant": 1, "exponential": 1, "uniform": 2}
    if shape not in wanted:
        raise BadInput(f"unknown distribution {match[1]!r}; {suggest(shape, wanted)}")
    if len(inner) != wanted[shape]:
        raise BadInput(f"{shape}(…) takes {wanted[shape]} duration(s), not {len(inner)}")
    values = [parse_duration(part) for part in inner]
    if shape == "uniform" and values[1] < values[0]:
        raise BadInput(f"uniform(low, high) needs low <= high, not {text!r}")
    return Distribution(shape, *values)
