"""Jump mode: letters on everything that can be gone to; pressing them goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from ..actions import bindings
from ..dialog_actions import JUMP
from .dialog import Dialog
from .targets import Label, Target, labelled


class Letters(Widget):
    """The screen as it was, with letters on it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"letters--letter", "letters--typed"}
    DEFAULT_CSS = """
    Letters {
        width: 100%; height: 100%;
        & > .letters--letter {
            background: $accent; color: $legible-accent; text-style: bold;
        }
    }
    """

    def __init__(self, strips: Sequence[Strip], labels: Sequence[Label]) -> None:
        """Put ``labels`` on a screen that was drawn as ``strips``."""
        super().__init__()
        self._strips = strips
        self.labels = labels
        self.typed = ""

    @property
    def drawn(self) -> tuple[int, int]:
        """Columns and rows of the screen as it was drawn."""
        return max((strip.cell_length for strip in self._strips), default=0), len(self._strips)

    def type(self, letters: str) -> None:
        """Show only what begins with ``letters``, without them."""
        self.typed = letters
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        strip, done = self._strips[y], len(self.typed)
        style = self.get_component_rich_style("letters--letter")
        parts, left = [], 0
        here = (each for each in self.labels if each.target.y == y)
        for label in sorted(here):
            if label.letters.startswith(self.typed):
                parts.append(strip.crop(left, label.x))
                parts.append(Strip([Segment(label.letters[done:], style)]))
                left = label.x + len(label.letters) - done
        return Strip.join([*parts, strip.crop(left)])


class Jump(Dialog[Target | None]):
    """Shows the letters over the screen below; answers the target, or None.

    Attributes:
        labels: What the letters lead to.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(JUMP, "jump")
    PLACES = ("jump",)
    HELP_TITLE = "Keys of jump mode"
    DEFAULT_CSS = """
    Jump { background: transparent; align: left top; }
    Jump > .told {
        dock: bottom; height: 1; padding: 0 1;
        background: $accent; color: $legible-accent; text-style: bold;
    }
    """

    def __init__(self, targets: Sequence[Target], strips: Sequence[Strip]) -> None:
        """Offer targets on a screen that is drawn as ``strips``."""
        super().__init__()
        labels = labelled(targets, [_cells(strip) for strip in strips])
        self.labels = {label.letters: label.target for label in labels}
        self._letters = Letters(strips, labels)

    def compose(self) -> ComposeResult:
        """Lay the letters over the screen."""
        yield self._letters
        keys = self.keys_told(("help", "help"), ("cancel", "goes nowhere"))
        two = any(len(letters) > 1 for letters in self.labels)
        what = (
            "One letter or two go to what they stand" if two else "A letter goes to what it stands"
        )
        yield Static(f"{what} on · {keys}", classes="told", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Go where letters lead; any key but those of this mode goes nowhere."""
        own = {key for act in self.acts for key in act.keys.split(",")}
        if not self.is_active or event.key in own:
            return
        event.stop()
        typed = self._letters.typed + event.key
        if typed not in self.labels and any(each.startswith(typed) for each in self.labels):
            self._letters.type(typed)
        else:
            self.answer(self.labels.get(typed))

    def on_click(self, event: events.Click) -> None:
        """Go where the letters lead that were clicked, or nowhere."""
        event.prevent_default()  # a window closes by a click beside it; here that is the same
        x, y = int(event.screen_x), int(event.screen_y)
        near = (
            label.target for label in self._letters.labels
            if label.target.y == y and label.x <= x < label.x + len(label.letters)
        )  # fmt: skip
        self.answer(next(near, None))

    def on_resize(self, event: events.Resize) -> None:
        """Go nowhere where the screen below is laid out anew: nothing stands where it stood."""
        if event.size != self._letters.drawn:
            self.answer(None)


def _cells(strip: Strip) -> str:
    """Return a row with one character a cell; the second half of a wide one is blank."""
    return "".join(
        sign if size == 1 else f"{sign} " if size == 2 else ""
        for sign in strip.text
        for size in (cell_len(sign),)
    )
