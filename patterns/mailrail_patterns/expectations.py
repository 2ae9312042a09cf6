"""Expectations: ``dead_lettered == 1``, ``completed >= 3 at 10s``, ``effect-once breaks``.

Three things can be named on the left: a metric; ``MESSAGE.EVENT``, the time of the last such
event of a message (``m07.dead_lettered``), or ``MESSAGE.EVENT.2`` for the second one, of a
durable row also ``KEY.state.WORD``, when it last came to that state (``o1.state.Processed``); and
a guarantee, followed by ``holds`` or ``breaks``. Equality compares at the precision written:
``wait_max == 2.8`` is true of 2.75.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from .kernel import events as kinds
from .kernel.events import Event
from .names import BadInput, suggest
from .projections.measures import Number
from .quantities import format_duration, parse_duration

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_METRIC: Final = re.compile(
    r"\s*([\w.~-]+)\s*(==|!=|<=|>=|<|>)\s*([+-]?\d*\.?\d+|none)\s*(?:at\s+(\S+))?\s*"
)
_GUARANTEE: Final = re.compile(r"\s*([\w-]+)\s+(holds|breaks)\s*")
_FACT: Final = re.compile(r"([\w~-]+)\.(\w+)(?:\.([A-Za-z]\w*))?(?:\.(\d+))?")


class Expectation(msgspec.Struct, frozen=True):
    """One expectation.

    Attributes:
        text: As it was written.
        name: The metric, fact or guarantee.
        comparison: ``== != <= >= < >``, or ``holds`` or ``breaks``.
        value: What it is compared with, as written; empty for a guarantee.
        at: When it is judged, in seconds; None: at the end.
    """

    text: str
    name: str
    comparison: str
    value: str = ""
    at: float | None = None


class Judgement(msgspec.Struct, frozen=True):
    """What became of an expectation.

    Attributes:
        expect: The expectation, as it was written.
        at: When it was judged, in seconds.
        measured: What was found: a number, or ``holds`` or ``breaks``; None: nothing yet.
        holds: Whether it was met.
    """

    expect: str
    at: float
    measured: float | int | str | None
    holds: bool


def parse_expectation(
    text: str, metrics: Iterable[str], guarantees: Iterable[str], end: float = math.inf
) -> Expectation:
    """Read an expectation.

    Args:
        text: As it is written.
        metrics: Names of the metrics there are.
        guarantees: Names of the guarantees there are.
        end: When the run ends, in seconds; nothing can be expected of what comes after.

    Raises:
        BadInput: If it cannot be read, names no metric, event or guarantee there is, or an
            instant that never comes.
    """
    match = _GUARANTEE.fullmatch(text)
    if match is not None:
        known = list(guarantees)
        if match[1] not in known:
            raise BadInput(f"unknown guarantee {match[1]!r}; {suggest(match[1], known)}")
        return Expectation(text.strip(), match[1], match[2])
    match = _METRIC.fullmatch(text)
    if match is None:
        raise BadInput(
            f"cannot read {text!r}; expected 'METRIC ==|!=|<=|>=|<|> NUMBER [at 12s]' "
            "or 'GUARANTEE holds|breaks'"
        )
    name, comparison, value, at = match.groups()
    known = list(metrics)
    fact = _FACT.fullmatch(name)
    if fact is not None:
        if fact[2] not in {*kinds.KINDS, "deliveries"}:
            raise BadInput(
                f"unknown event {fact[2]!r} in {name!r}; {suggest(fact[2], kinds.KINDS)}"
            )
        if fact[3] and fact[2] != kinds.STATE:
            raise BadInput(f"only a row's state has a word: {fact[1]}.state.{fact[3]}")
    elif name not in known:
        raise BadInput(f"unknown metric {name!r}; {suggest(name, known)}")
    if value == "none" and comparison not in {"==", "!="}:
        raise BadInput(f"'none' can only be compared with == or !=, not {comparison!r}")
    time = None if at is None else parse_duration(at)
    if time is not None and time > end:
        raise BadInput(f"{format_duration(time)} is after the end ({format_duration(end)})")
    return Expectation(text.strip(), name, comparison, value, time)


def judge(
    expectation: Expectation,
    at: float,
    metrics: Mapping[str, Number],
    held: Mapping[str, bool],
    events: Sequence[Event],
) -> Judgement:
    """Judge one expectation against what was found by ``at`` seconds."""
    text = expectation.text
    if expectation.comparison in {"holds", "breaks"}:
        found = "holds" if held[expectation.name] else "breaks"
        return Judgement(text, at, found, found == expectation.comparison)
    if expectation.name in metrics:
        measured = metrics[expectation.name]
    else:
        measured = _fact(expectation.name, events)
    return Judgement(text, at, measured, _compare(measured, expectation))


def _compare(measured: Number, expectation: Expectation) -> bool:
    wanted = expectation.value
    if measured is None or wanted == "none":
        same = measured is None and wanted == "none"
        return (
            same
            if expectation.comparison == "=="
            else (not same if expectation.comparison == "!=" else False)
        )
    places = len(wanted.partition(".")[2])
    return _COMPARE[expectation.comparison](_round(float(measured), places), float(wanted))


def _round(value: float, places: int) -> float:
    """Round half up, as people do, after taking off the dust of binary fractions."""
    scale = 10.0**places
    return float(int(abs(value) * scale + 0.5 + 1e-9)) / scale * (1 if value >= 0 else -1)


def _fact(name: str, events: Sequence[Event]) -> Number:
    match = _FACT.fullmatch(name)
    if match is None:
        return None
    message, kind, word, nth = match.groups()
    if kind == "deliveries":
        return sum(1 for e in events if e.message == message and e.kind == kinds.DELIVERED)
    found = [e.t for e in events if e.message == message and e.kind == kind]
    if word:
        rows = (e for e in events if e.message == message and e.kind == kind)
        found = [e.t for e in rows if e.group == word]
    if nth:
        return found[int(nth) - 1] if 0 < int(nth) <= len(found) else None
    return found[-1] if found else None


def due(expectations: Iterable[Expectation]) -> list[float]:
    """Return the instants at which expectations have to be judged before the end, in order."""
    return sorted({e.at for e in expectations if e.at is not None})


__all__ = [
    "Expectation", "Judgement", "due", "judge", "parse_expectation",
]  # fmt: skip
