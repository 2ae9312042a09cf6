"""Jump mode: a letter on everything that can be gone to; pressing one goes there."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters
from typing import ClassVar, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

LETTERS: Final = ascii_letters

WIDE: Final = 3
"""Columns of a letter on the screen."""


class Target(NamedTuple):
    """Something that can be gone to.

    Attributes:
        x: Its column on the screen.
        y: Its row.
        kind: ``pane``, ``actor`` or ``message``.
        name: Which one.
    """

    x: int
    y: int
    kind: str
    name: str

    def beside(self, others: Sequence[Target]) -> Target:
        """Return it as far to the right as its letter hides no letter of ``others``."""
        taken = [other.x for other in others if other.y == self.y]
        x = self.x
        while any(abs(x - other) < WIDE for other in taken):
            x += 1
        return self._replace(x=x)


class Jump(ModalScreen[Target | None]):
    """Shows the letters over the screen below; answers the target, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]
    DEFAULT_CSS = """
    Jump { background: transparent; layers: letters; }
    Jump > .letter {
        layer: letters; position: absolute; width: 3; height: 1;
        background: $accent; color: $background; text-style: bold; text-align: center;
    }
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        """Offer as many targets as there are letters."""
        super().__init__()
        self.targets = dict(zip(LETTERS, targets, strict=False))

    def compose(self) -> ComposeResult:
        """Put each letter on its target."""
        for letter, target in self.targets.items():
            label = Static(letter, classes="letter", markup=False)
            label.styles.offset = (target.x, target.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the target of a letter; any other key is none."""
        event.stop()
        self.dismiss(self.targets.get(event.key))

    def action_cancel(self) -> None:
        """Go nowhere."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Go to what is nearest to a click, if it is on a letter."""
        here = (event.screen_x, event.screen_y)
        near = [t for t in self.targets.values() if 0 <= here[0] - t.x < WIDE and here[1] == t.y]
        self.dismiss(near[0] if near else None)
