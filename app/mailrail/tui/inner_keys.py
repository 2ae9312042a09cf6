"""The keys of whatever has the focus on a screen, as help and palette tell them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, runtime_checkable

from msgspec.structs import replace
from textual.screen import Screen

from .actions import Act

FOCUSED: Final = "focused."
"""What stands before the actions of whatever had the focus."""


@runtime_checkable
class Keyed(Protocol):
    """A widget with keys of its own.

    Attributes:
        acts: What they do.
    """

    @property
    def acts(self) -> tuple[Act, ...]:
        """Return what the keys do."""


def inner(screen: Screen[Any]) -> tuple[Act, ...]:
    """Return what the keys do in the list or field that has the focus; nothing where none has."""
    focused = screen.focused
    if focused is None or not isinstance(focused, Keyed):
        return ()
    title = str(focused.border_title or "").capitalize()
    return tuple(
        replace(act, action=f"{FOCUSED}{act.action}", group=title or act.group)
        for act in focused.acts
    )


def runner(screen: Screen[Any]) -> Callable[[str | None], Awaitable[None]]:
    """Return what runs an action chosen from help or palette, if one is.

    What was meant for the list that has the focus now goes to that one, though a resize may have
    hidden it by then and taken the focus from it.
    """
    focused = screen.focused

    async def run(action: str | None) -> None:
        if action and action.startswith(FOCUSED):
            if focused is not None and focused.is_attached:
                await focused.run_action(action.removeprefix(FOCUSED))
        elif action:
            await screen.run_action(action)

    return run
