"""Help: every key there is; choosing a row does it."""

from __future__ import annotations

from ..actions import Act
from .menu import Choice, Menu


def help_menu(title: str, acts: tuple[Act, ...]) -> Menu:
    """Return the help screen made from a table of acts; it answers the action chosen."""
    rows: list[Choice] = []
    group = ""
    for act in acts:
        if act.group != group:
            group = act.group
            rows.append(Choice("", group))
        rows.append(Choice(act.action, act.about, key=act.all_keys))
    return Menu(title, rows)
