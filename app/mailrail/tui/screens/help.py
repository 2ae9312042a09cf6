"""Help: every key there is; choosing a row does it."""

from __future__ import annotations

from ..actions import Act
from .menu import Choice, Menu


class Help(Menu):
    """What the keys do somewhere; it is a list itself, and has keys of its own."""

    def action_help(self) -> None:
        """Tell the keys of a list, or go away where that is what is told."""
        if self.title_told == self.HELP_TITLE:
            self.action_cancel()
        else:
            super().action_help()


def help_menu(title: str, acts: tuple[Act, ...]) -> Help:
    """Return the help screen made from a table of acts; it answers the action chosen."""
    rows: list[Choice] = []
    group = ""
    for act in acts:
        if act.group != group:
            group = act.group
            rows.append(Choice("", group))
        rows.append(Choice(act.action, act.about, key=act.all_keys))
    return Help(title, rows)
