"""Jump mode: a letter on everything that can be gone to; pressing one goes there."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters
from typing import ClassVar, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from ..actions import bindings
from ..dialog_actions import JUMP
from .dialog import Dialog

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


class Jump(Dialog[Target | None]):
    """Shows the letters over the screen below; answers the target, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(JUMP, "jump")
    PLACES = ("jump",)
    HELP_TITLE = "Keys of jump mode"
    DEFAULT_CSS = """
    Jump { background: transparent; layers: letters; align: left top; }
    Jump > .told {
        layer: letters; dock: bottom; height: 1; padding: 0 1;
        background: $accent; color: $legible-accent; text-style: bold;
    }
    Jump > .letter {
        layer: letters; position: absolute; width: 3; height: 1;
        background: $accent; color: $legible-accent; text-style: bold; text-align: center;
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
        keys = self.keys_told(("help", "help"), ("cancel", "goes nowhere"))
        yield Static(f"A letter goes to what it stands on · {keys}", classes="told", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Go to the target of a letter; any key but those of this mode goes nowhere."""
        own = {key for act in self.acts for key in act.keys.split(",")}
        if self.is_active and event.key not in own:
            event.stop()
            self.answer(self.targets.get(event.key))

    def on_click(self, event: events.Click) -> None:
        """Go to what is nearest to a click, if it is on a letter."""
        event.prevent_default()  # a window closes by a click beside it; here that is the same
        here = (event.screen_x, event.screen_y)
        near = [t for t in self.targets.values() if 0 <= here[0] - t.x < WIDE and here[1] == t.y]
        self.answer(near[0] if near else None)
