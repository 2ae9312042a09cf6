"""The keys of whatever has the focus on a screen, as help and palette tell them."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from msgspec.structs import replace
from textual.screen import Screen

from .actions import Act


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
        replace(act, action=f"focused.{act.action}", group=title or act.group)
        for act in focused.acts
    )
