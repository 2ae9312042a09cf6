"""Which crash points an actor passes.

A point is where a handler leaves a state of its own behind. Whoever sends nothing before its
change is committed leaves no ghost message, so there is no K4 to be caught at: a crash armed
there would wait for ever, and is refused instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .actor_names import role_of
from .commands import ANYBODY, CrashPoint

if TYPE_CHECKING:
    from .roles import AnyRole

S = TypeVar("S")
K1, K2, K3, K4, K5, K6 = CrashPoint

Points = tuple[CrashPoint, ...] | Callable[[S], tuple[CrashPoint, ...]]
"""Crash points, or which of them as the settings stand."""

HANDLER: Final = (K1, K2, K3, K5, K6)
"""Those of a handler that sends what follows once its change is committed."""

ALL: Final = tuple(CrashPoint)


def passed(roles: Iterable[AnyRole], settings: Any, actor: str) -> tuple[CrashPoint, ...]:
    """Return the points that somebody passes who is no producer, or an actor of that name.

    Args:
        roles: The roles of the pattern.
        settings: Its settings as they stand.
        actor: Who passes; :data:`ANYBODY`: whoever does first.
    """
    named = role_of(actor)
    found = {
        point
        for role in roles
        if (role.kind != "producer" if actor == ANYBODY else role.name == named)
        for point in role.passes(settings)
    }
    return tuple(point for point in CrashPoint if point in found)
