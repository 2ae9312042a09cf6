"""What actors are called, and what they can be given when they are spawned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from .names import BadInput, suggest
from .port import Distribution, Options, Phase, Stream
from .quantities import parse_count, parse_distribution, parse_rate
from .roles import Role

LETTERS = "mnopqrstuvwxyzabcdefghijkl"


def letter(index: int) -> str:
    """Return what the ids of the ``index``-th producer's messages begin with: first m, then n."""
    if index < len(LETTERS):
        return LETTERS[index]
    return f"x{index + 1}-"


def options_of(role: Role[Any], pairs: tuple[tuple[str, str], ...], now: float) -> Options:
    """Read what ``spawn`` was given: ``every rate count`` for producers, ``service`` for consumers.

    A consumer that spends no time of its own on what it takes has no ``service``. A producer of
    several kinds of message also takes a ``kind``, and then sends that one only;
    and each role takes what it declares.

    Raises:
        BadInput: If a key does not fit the role or a value cannot be read.
    """
    keys: tuple[str, ...] = ("service",) if role.timed else ()
    if role.kind == "producer":
        keys = ("every", "rate", "count", *(("kind",) if role.kinds else ()))
    keys += tuple(each.name for each in role.takes)
    arrivals: tuple[Phase, ...] = ()
    count, service, tag = None, None, ""
    given: dict[str, str] = {}
    for key, value in pairs:
        try:
            if key == "service" and key in keys:
                service = parse_distribution(value)
            elif key == "every" and key in keys:
                arrivals = (Phase(_spaced(parse_distribution(value))),)
            elif key == "rate" and key in keys:
                arrivals = (Phase(Distribution("constant", 1.0 / parse_rate(value))),)
            elif key == "count" and key in keys:
                count = parse_count(value)
            elif key == "kind" and key in keys:
                tag = kind_of(role, value)
            elif any(key == each.name for each in role.takes):
                given[key] = value
            else:
                raise BadInput(f"a {role.name} takes no such thing; {suggest(key, keys)}")
        except BadInput as problem:
            raise problem.inside(key) from None
    options = Options(arrivals, count, now, service)
    if role.kinds and (arrivals or tag):
        options = one_kind(role, arrivals, count, now, tag)
    return replace(options, given=taken(role, given))


def taken(role: Role[Any], given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what an actor was given besides its rhythm, checked by its role.

    Raises:
        BadInput: If the role takes no such thing, or not that value.
    """
    known = {each.name: each for each in role.takes}
    for key, value in given.items():
        if key not in known:
            raise BadInput(f"a {role.name} takes no such thing; {suggest(key, known)}", key)
        try:
            known[key].check(value)
        except BadInput as problem:
            raise problem.inside(key) from None
    return tuple(given.items())


def one_kind(
    role: Role[Any], arrivals: tuple[Phase, ...], count: int | None, start: float, tag: str = ""
) -> Options:
    """Return what makes a producer send in one rhythm, of one kind if it knows several.

    Args:
        role: The producer's role.
        arrivals: The rhythm; none: as the settings say.
        count: How many messages; None: as the settings say.
        start: When it begins, in seconds.
        tag: Which of its kinds; empty: the first.
    """
    if not role.kinds:
        return Options(arrivals, count, start)
    return Options(streams=(Stream(tag or role.kinds[0], arrivals, count, start),))


def kind_of(role: Role[Any], tag: str) -> str:
    """Return ``tag`` if it is a kind of message the role sends.

    Raises:
        BadInput: If it is not; names the nearest.
    """
    if tag not in role.kinds:
        raise BadInput(f"a {role.name} sends no kind {tag!r}; {suggest(tag, role.kinds)}")
    return tag


def _spaced(every: Distribution) -> Distribution:
    if every.mean <= 0:
        raise BadInput("the time between two messages must be above 0s")
    return every
