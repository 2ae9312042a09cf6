"""What the tests of the widgets share: a stage for one widget, and the types of the fixtures."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar

from tests.support.by_hand import driven
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail.tui.theming import textual_theme
from mailrail.tui.widgets.canvas import Canvas
from mailrail.tui.widgets.paper import Paper
from mailrail.tui.widgets.picture import PAINTERS
from mailrail.tui.widgets.plot import Peaks
from mailrail_patterns.scenario import find
from mailrail_themes import DEFAULT, bundled

LEASE = "competing-consumers/the-lock-is-a-lease"

CanvasT = TypeVar("CanvasT", bound=Canvas)


class Look(App[None], Generic[CanvasT]):
    """One widget that fills the screen; collects what it posts."""

    def __init__(self, widget: CanvasT, theme: str) -> None:
        super().__init__()
        self.widget = widget
        self.posted: list[Message] = []
        for palette in bundled().values():
            self.register_theme(textual_theme(palette))
        self.theme = theme

    def compose(self) -> ComposeResult:
        self.widget.styles.height = "1fr"
        yield self.widget

    def text(self) -> list[str]:
        """Return what the widget shows, row by row."""
        return [self.widget.render_line(y).text for y in range(self.widget.content_size.height)]


class FrameOf(Protocol):
    """Makes the frame of a bundled scenario at an instant."""

    def __call__(
        self,
        name: str = LEASE,
        t: float = 9.0,
        *,
        playing: bool = False,
        speed: float = 1.0,
        selected: str | None = None,
        rewind: float | None = None,
    ) -> LabFrame: ...


class Wild(Protocol):
    """Makes the frame of a scenario of the test's own, with commands at their instants."""

    def __call__(
        self, text: str, t: float, *commands: tuple[float, str], playing: bool = False
    ) -> LabFrame: ...


class OnStage(Protocol):
    """Mounts one widget in a terminal of a size."""

    def __call__(
        self,
        widget: CanvasT,
        frame: LabFrame,
        size: tuple[int, int] = (80, 24),
        theme: str = DEFAULT,
    ) -> AbstractAsyncContextManager[tuple[Look[CanvasT], Pilot[None]]]: ...


def live(
    name: str,
    t: float,
    *commands: str,
    playing: bool = False,
    selected: str | None = None,
    **settings: Any,
) -> LabFrame:
    """Return the frame of a scenario with commands given by hand, as in ``6s crash stock-1``."""
    session = Session(find(name), clock=lambda: 0.0, overrides=settings)
    driven(session.run, t, *commands)
    session.playing = playing
    if selected is not None:
        session.selected = selected
    return session.frame()


def inks_of(paper: Paper, word: str) -> set[str]:
    """Return the inks in which a word is drawn."""
    return {ink for line in paper.lines() for run, ink in line if word in run}


def paper(frame: LabFrame, width: int = 78, height: int = 11) -> Paper:
    """Return what is drawn of a pattern; unless said otherwise as large as it is at 80x24."""
    return PAINTERS[frame.pattern](frame, width, height, Peaks())


def text(frame: LabFrame, width: int = 78, height: int = 11) -> str:
    """Return the same without its inks."""
    return paper(frame, width, height).text()


def inks(frame: LabFrame, word: str, width: int = 78, height: int = 11) -> set[str]:
    """Return the inks in which a word is drawn there."""
    return inks_of(paper(frame, width, height), word)
