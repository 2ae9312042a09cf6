"""The stage of the lab: its panes, their places by size, the frame timer and what is told."""

from __future__ import annotations

from typing import Final, Protocol, cast

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail_patterns.commands import Command
from mailrail_patterns.names import BadInput

from ..actions import footer
from ..keys import KeyBar
from ..widgets.actors import Actors
from ..widgets.caption import Caption
from ..widgets.chart import Chart
from ..widgets.guarantees import Guarantees
from ..widgets.header import Header
from ..widgets.ledger import Ledger
from ..widgets.metrics import Metrics
from ..widgets.picture import Picture
from ..widgets.rows import Rows
from ..widgets.timeline import Timeline
from .play_keys import PlayKeys

FPS: Final = 20
"""Frames a second while something moves."""

PANES: Final = ("picture", "ledger", "guarantees", "metrics", "chart", "actors", "rows")
"""The panes that can be shown and hidden, in the order of their keys."""

SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "-tiny": (),
    "-short": ("picture",),
    "-small": ("picture", "ledger"),
    "-medium": ("picture", "ledger", "guarantees", "metrics"),
    "-large": PANES[:-1],
}
"""What a size class shows until somebody asks for something else."""


class Pane(Protocol):
    """What a pane has to be able to do."""

    display: bool

    def show(self, frame: LabFrame) -> None:
        """Show a frame."""


class Charts(Vertical):
    """Depth and, where there is room, age over time."""

    def compose(self) -> ComposeResult:
        """Lay the charts out."""
        yield Chart("depth", id="depth")
        yield Chart("age", id="age")

    def show(self, frame: LabFrame) -> None:
        """Show a frame."""
        for chart in self.query(Chart):
            if chart.display:
                chart.show(frame)


class Stage(PlayKeys):
    """Shows a session; what can be done to it is told in the modules beside this one."""

    CSS_PATH = "stage.tcss"

    def __init__(self, session: Session) -> None:
        """Show ``session``."""
        super().__init__()
        self.session = session
        self._timer: Timer | None = None
        self._beating = False
        self._last = 0.0
        self._class = "-small"
        self._shown: dict[str, set[str]] = {name: set(panes) for name, panes in SHOWN.items()}
        self._active = "picture"
        self._maximised = False

    def compose(self) -> ComposeResult:
        """Lay the lab out."""
        yield Header(id="header")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Picture(id="picture", classes="pane")
                with Container(id="below"):
                    yield Ledger(id="ledger", classes="pane")
                    yield Rows(id="rows", classes="pane")
                    yield Charts(id="chart", classes="pane")
            with Vertical(id="right"):
                yield Guarantees(id="guarantees", classes="pane")
                yield Actors(id="actors", classes="pane")
                yield Metrics(id="metrics", classes="pane")
        yield Caption(id="caption")
        yield Timeline(id="timeline")
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Start the frame timer, held until something moves."""
        self._timer = self.set_interval(1 / FPS, self._beat, pause=True)
        for name in PANES:
            self.query_one(f"#{name}").border_title = name
        if not self.has_way_back:
            self.query_one(KeyBar).relabel("leave", "quit")
        self._arrange()
        self.redraw()

    @property
    def has_way_back(self) -> bool:
        """Whether there is a screen to go back to, other than Textual's own blank one."""
        return len(self.app.screen_stack) > 2

    # --- time -----------------------------------------------------------------------------

    def on_screen_suspend(self) -> None:
        """Nothing runs behind a dialog: what is done there happens at the instant seen."""
        self._hold()

    def on_screen_resume(self) -> None:
        """Run on after a dialog."""
        self.redraw()

    @property
    def beating(self) -> bool:
        """Whether the frame timer runs."""
        return self._beating

    def _hold(self) -> None:
        self._beating = False
        if self._timer is not None:
            self._timer.pause()

    def _wake(self) -> None:
        if self._timer is not None and not self._beating:
            self._beating = True
            self._last = self.session.clock()
            self._timer.resume()

    def _beat(self) -> None:
        now = self.session.clock()
        delta, self._last = now - self._last, now
        self.pulse(delta)

    def pulse(self, delta: float) -> None:
        """Let ``delta`` wall-clock seconds pass and draw once."""
        if self.session.tick(delta):
            self.redraw()
        elif not self.session.moving:
            self._hold()

    def redraw(self) -> None:
        """Draw the present moment; run the frame timer exactly while something moves."""
        session = self.session
        if self.is_mounted and self._class != "-tiny":
            frame = session.frame()
            for widget in (
                self.query_one(Header), self.query_one(Caption), self.query_one(Timeline),
            ):  # fmt: skip
                widget.show(frame)
            for pane in self._panes():
                if pane.display:
                    pane.show(frame)
            self.query_one(KeyBar).relabel("play_pause", "pause" if session.playing else "play")
        self._tell()
        if session.moving and self.is_current:
            self._wake()
        else:
            self._hold()

    def _tell(self) -> None:
        for notice in self.session.notices:
            self.notify(notice.text, severity=notice.tone, markup=False, timeout=6)
        self.session.notices.clear()

    def attempt(self, command: Command) -> bool:
        """Do something to the run; what is wrong with it is told, not raised."""
        try:
            self.session.do(command)
        except BadInput as problem:
            self.session.tell(str(problem), "error")
        else:
            self.redraw()
            return True
        self.redraw()
        return False

    # --- panes ----------------------------------------------------------------------------

    def _panes(self) -> list[Pane]:
        return [cast(Pane, self.query_one(f"#{name}")) for name in PANES]

    def resized(self, size_class: str) -> None:
        """Show what the new size has room for."""
        self._class = size_class
        self._arrange()
        self.call_after_refresh(self.redraw)

    def visible_panes(self) -> set[str]:
        """Return the names of the panes that are shown."""
        if self.session.lecture.on and not self._maximised:
            return {"picture"}
        return {self._active} if self._maximised else set(self._shown[self._class])

    def _arrange(self) -> None:
        shown = self.visible_panes()
        for name in PANES:
            self.query_one(f"#{name}").display = name in shown
        left = self.query_one("#left")
        self.query_one("#below").display = bool(shown & {"ledger", "chart", "rows"})
        left.display = bool(shown & {"picture", "ledger", "chart", "rows"})
        self.query_one("#right").display = bool(shown & {"guarantees", "metrics", "actors"})
        left.set_class("picture" not in shown, "-no-picture")
        self.query_one("#body").set_class(not left.display, "-right-only")
        self.set_class(self._maximised, "-maximised")
        self.set_class(self.session.lecture.on, "-lecture")

    def toggle_pane(self, name: str) -> None:
        """Show or hide a pane; a small screen has one below the picture, a short one only one."""
        shown = self._shown[self._class]
        if self._maximised:
            self._maximised = False
            shown.add(name)
        elif name in shown and len(shown) > 1:
            shown.remove(name)
            name = next(pane for pane in PANES if pane in shown)
        else:
            shown.add(name)
        if self._class == "-short":
            shown.intersection_update({name})
        elif self._class == "-small" and name in shown and name != "picture":
            shown.intersection_update({name, "picture"})
        self._active = name
        self._arrange()
        self.redraw()

    def toggle_lecture(self) -> None:
        """Leave nothing but the picture and large captions, or bring the panes back."""
        self.session.lecture.on = not self.session.lecture.on
        self._maximised = False
        self._arrange()
        self.call_after_refresh(self.redraw)

    def toggle_maximised(self) -> None:
        """Give the pane looked at last all the room, or give the room back."""
        self._maximised = not self._maximised
        self._arrange()
        self.redraw()
