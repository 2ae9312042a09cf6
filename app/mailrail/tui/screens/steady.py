"""What is asked about a run while it stands still."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from .player import Player

P = TypeVar("P", bound=Player)


def steady(action: Callable[..., Any]) -> Callable[..., Any]:
    """Hold off an action that asks about the run: what is answered would be refused.

    Args:
        action: The action of a screen that plays a session.
    """

    @wraps(action)
    def held_off(screen: P, *how: object) -> Any:
        if screen.session.attempt(screen.session.hold_off):
            return action(screen, *how)
        screen.redraw()
        return None

    return held_off
