"""Why a crash point is never passed, and with which settings it would be."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any, Final

from msgspec.structs import replace

from .commands import ANYBODY, CrashPoint
from .crash_points import passed
from .declaration import AnyPattern
from .names import BadInput
from .settings import check, describe, write

K1, K2, K3, K4, K5, K6 = CrashPoint

_LACKS: Final = {
    K1: "it asks for no messages",
    K2: "it receives no messages",
    K3: "it changes nothing that others are told of afterwards",
    K4: "it sends nothing before its change is committed",
    K5: "it has no message to acknowledge",
    K6: "it has no message to acknowledge",
}
"""Why an actor does not pass a point."""


def check_point(pattern: AnyPattern, settings: Any, actor: str, point: CrashPoint) -> None:
    """Refuse a crash point that is never passed.

    Args:
        pattern: The pattern.
        settings: Its settings as they stand.
        actor: Who is to pass; :data:`ANYBODY` or empty: whoever does first.
        point: The point.

    Raises:
        BadInput: Says why not, which points are passed, and what to set so that this one is.
    """
    everybody = actor in ("", ANYBODY)
    who = ANYBODY if everybody else actor
    points = passed(pattern.roles, settings, who)
    if point in points:
        return
    others = " or ".join(each.name for each in points) or "a crash at once"
    opened = _opened_by(pattern, settings, who, point)
    raise BadInput(
        f"{point.name} {point.value} is not passed by {'anybody here' if everybody else actor}: "
        f"{_LACKS[point]}; try {others}{f', or set {opened}' if opened else ''}"
    )


def _opened_by(pattern: AnyPattern, settings: Any, who: str, point: CrashPoint) -> str:
    """Return the fewest flags, two at the most, that let a point be passed; empty: none do."""
    flags = [setting.name for setting in describe(pattern) if setting.kind == "flag"]
    for some in chain(combinations(flags, 1), combinations(flags, 2)):
        turned = replace(settings, **{name: not getattr(settings, name) for name in some})
        if point in passed(pattern.roles, turned, who) and _can_be(pattern, turned):
            return " ".join(f"{name}={write(getattr(turned, name))}" for name in some)
    return ""


def _can_be(pattern: AnyPattern, settings: Any) -> bool:
    try:
        check(pattern, settings)
    except BadInput:
        return False
    return True
