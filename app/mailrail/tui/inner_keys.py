"""The keys of whatever has the focus on a screen, as help tells them."""

from __future__ import annotations

from textual.screen import Screen

from .actions import Act


def inner(screen: Screen[None]) -> tuple[Act, ...]:
    """Return what the keys do in the list that has the focus; nothing where none has it.

    Several keys of one action are told together.
    """
    focused = screen.focused
    if focused is None:
        return ()
    keys: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for key, active in screen.active_bindings.items():
        if active.node is focused and active.binding.description:
            keys.setdefault(active.binding.action, []).append(key)
            words[active.binding.action] = active.binding.description
    group = str(focused.border_title or "This list").capitalize()
    return tuple(
        Act(f"focused.{action}", ",".join(held), words[action], words[action].capitalize(), group)
        for action, held in keys.items()
    )
