"""The footer: at most seven keys, drawn only as many as fit, each of them clickable."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from .actions import Act
from .theming import READABLE, legible

MOST: Final = 7
"""Keys in the footer at the most; the rest are in help."""


class KeyBar(Widget):
    """One line of keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--label", "keybar--hover"}
    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        dock: bottom;
        background: $footer-background;
        & > .keybar--key { color: $footer-key-foreground; text-style: bold; }
        & > .keybar--label { color: $footer-foreground; }
        & > .keybar--hover { background: $boost; text-style: underline; }
    }
    """

    hovered: reactive[int] = reactive(-1)

    def __init__(self, acts: tuple[Act, ...]) -> None:
        """Show the keys of ``acts``, the last of them most dearly."""
        super().__init__()
        self._acts = acts[:MOST]

    def fitting(self, width: int) -> tuple[Act, ...]:
        """Return the acts that fit into ``width`` cells; the middle ones give way first."""
        acts = list(self._acts)
        while len(acts) > 1 and sum(_cells(act) for act in acts) > width:
            acts.pop(-3 if len(acts) > 2 else 0)
        return tuple(acts)

    def relabel(self, action: str, label: str) -> None:
        """Call an act otherwise from now on (``play`` while paused, ``pause`` while playing)."""
        acts = tuple(
            Act(a.action, a.keys, label, a.about, a.group, a.footer) if a.action == action else a
            for a in self._acts
        )
        if acts != self._acts:
            self._acts = acts
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        key = legible(self.get_component_rich_style("keybar--key"))
        label = legible(self.get_component_rich_style("keybar--label"), READABLE)
        hover = self.get_component_rich_style("keybar--hover", partial=True)
        parts = []
        for index, act in enumerate(self.fitting(width)):
            extra = hover if index == self.hovered else None
            parts.append(Segment(f" {act.key}", key + extra if extra else key))
            parts.append(Segment(f" {act.label} ", label + extra if extra else label))
        return Strip(parts).adjust_cell_length(width, self.rich_style)

    def _at(self, x: int) -> int:
        left = 0
        for index, act in enumerate(self.fitting(self.size.width)):
            left += _cells(act)
            if x < left:
                return index
        return -1

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the key under the mouse does."""
        self.hovered = self._at(event.x)
        acts = self.fitting(self.size.width)
        self.tooltip = acts[self.hovered].about if self.hovered >= 0 else None

    def on_leave(self) -> None:
        """Forget the mouse."""
        self.hovered = -1

    async def on_click(self, event: events.Click) -> None:
        """Do what the key would."""
        index = self._at(event.x)
        if index >= 0:
            action = self.fitting(self.size.width)[index].action
            await self.screen.run_action(action)


def _cells(act: Act) -> int:
    return len(act.key) + len(act.label) + 3
