"""The journey of a message as a sequence diagram; choosing a step goes to its instant."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from mailrail.journey import Journey

from ..actions import bindings
from ..dialog_actions import JOURNEY
from ..widgets.canvas import Canvas
from ..widgets.paper import Paper
from ..widgets.sequence import paint_sequence, slid
from .dialog import Dialog


class Diagram(Canvas):
    """The diagram, with a cursor."""

    DEFAULT_CSS = """
    Diagram { height: 1fr; }
    """

    def __init__(self, journey: Journey, here: int) -> None:
        """Show a journey, the cursor on the step ``here``."""
        super().__init__()
        self.journey = journey
        self.here = here
        self._first = 0
        self._left = 0

    def move(self, by: int) -> None:
        """Move the cursor."""
        self.here = min(max(self.here + by, 0), len(self.journey.steps) - 1)
        self.redraw()

    def drawn(self, width: int, height: int) -> Paper:
        """Draw the diagram with the cursor in sight."""
        room = max(1, height - 1)
        self._first = max(min(self._first, self.here), self.here - room + 1)
        self._left = slid(self.journey, width, self._left, self.here)
        return paint_sequence(self.journey, width, height, self._first, self.here, self._left)

    def take(self, kind: str, name: str) -> None:
        """Put the cursor on a step."""
        numbers = [str(step.n) for step in self.journey.steps]
        self.post_message(self.Pointed(numbers.index(name) - self.here))

    class Pointed(Message):
        """A person clicked a step.

        Attributes:
            by: How far it is from the cursor, in steps.
        """

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by


class Path(Dialog[int | None]):
    """Asks where on a journey to go; answers the number of an event, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(JOURNEY, "journey")
    PLACES = ("journey",)
    HELP_TITLE = "Keys of a journey"
    DEFAULT_CSS = """
    Path > .window { width: 96%; max-width: 140; height: 90%; }
    Path .told { height: 2; }
    """

    def __init__(self, journey: Journey, now: float) -> None:
        """Show a journey, the cursor on what happened last by ``now``, in seconds."""
        super().__init__()
        past = [index for index, step in enumerate(journey.steps) if step.t <= now]
        self._diagram = Diagram(journey, past[-1] if past else 0)

    def compose(self) -> ComposeResult:
        """Lay the window out."""
        journey = self._diagram.journey
        with Vertical(classes="window") as window:
            window.border_title = f"the journey of {journey.message}"
            window.border_subtitle = self.keys_told(
                ("move(-1)", "before"), ("move(1)", "step"), ("choose", "goes there"),
                ("cancel", "closes"),
            )  # fmt: skip
            yield self._diagram
            yield Static(self._told(), classes="told", markup=False)

    def _told(self) -> str:
        """Return the step under the cursor."""
        step = self._diagram.journey.steps[self._diagram.here]
        return f"{step.t:.2f} s  {step.text}"

    def on_diagram_pointed(self, message: Diagram.Pointed) -> None:
        """Go to the step that was clicked; a second click there chooses it."""
        if message.by == 0:
            self.action_choose()
        else:
            self.action_move(message.by)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._diagram.move(by)
        self.query_one(".told", Static).update(self._told())

    def action_choose(self) -> None:
        """Answer the step under the cursor."""
        self.answer(self._diagram.journey.steps[self._diagram.here].n)
