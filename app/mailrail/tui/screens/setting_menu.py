"""The settings to choose from: what each is now, was at the start, can be and is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.widgets import OptionList

from mailrail.ranges import ranged
from mailrail_patterns.settings import Setting

from ..actions import bindings
from ..dialog_actions import SETTINGS
from .menu import Choice, Menu

ALL: Final = "reset"
"""What is answered for putting all back; with a name after it: for that one."""


class SettingMenu(Menu):
    """Asks which setting to change or to put back."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(SETTINGS, "settings")
    PLACES = ("menu", "settings")
    TOLD = (("choose", "change"), ("reset", "put back"), ("cancel", "close"))

    def __init__(
        self,
        settings: Mapping[str, Setting],
        now: Mapping[str, str],
        start: Mapping[str, str],
        defaults: Mapping[str, str],
        at: str = "",
    ) -> None:
        """Prepare the menu.

        Args:
            settings: The settings by their names.
            now: What each is.
            start: What each was at the start of the run.
            defaults: The pattern's own values.
            at: The setting the cursor stands on at first; empty: the first one.
        """
        differing = [f"{name} {start[name]}" for name in settings if now[name] != start[name]]
        rows = []
        if differing:
            count = f"{len(differing)} changed"
            rows.append(Choice(ALL, count, f"Put all back: {', '.join(differing)}", key="reset"))
        self._start_values = start
        for name, setting in settings.items():
            mark = _mark(now[name], start[name], defaults[name])
            rows.append(Choice(name, now[name] + mark, told(setting), key=name))
        super().__init__("Settings, as they are now", rows, start=at or next(iter(settings)))

    def action_reset(self) -> None:
        """Answer that the setting under the cursor is to be put back."""
        options = self.query_one(OptionList)
        at = options.highlighted
        if at is not None:
            name = options.get_option_at_index(at).id or ""
            self.answer(ALL if name == ALL else f"{ALL} {name}")


def _mark(now: str, start: str, default: str) -> str:
    if now != start:
        return f"  changed, was {start}"
    return f"  default {default}" if now != default else ""


def told(setting: Setting) -> str:
    """Say what a setting is for, and what it can be."""
    return f"{setting.knob.about} ({ranged(setting)})"
