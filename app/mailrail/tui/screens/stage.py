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
from ..widgets.deadletters import DeadLetters
from ..widgets.guarantees import Guarantees
from ..widgets.header import Header
from ..widgets.inspector import Inspector
from ..widgets.ledger import Ledger
from ..widgets.metrics import Metrics
from ..widgets.picture import Picture
from ..widgets.program import Program
from ..widgets.queues import Queues
from ..widgets.rows import Rows
from ..widgets.storybook import Storybook
from ..widgets.timeline import Timeline
from .panes import ALONE, PANES, PLOTS, SHOWN, asked_again, fitting, standing
from .play_keys import PlayKeys

FPS: Final = 20
"""Frames a second while something moves."""

BARS: Final = 6
"""Rows of header, caption, timeline and keys."""


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
        self._asked: dict[str, list[str]] = {name: list(panes) for name, panes in SHOWN.items()}
        self._in_sight: frozenset[str] = frozenset()
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
                    yield Charts(id="chart", classes="pane")
                    yield Rows(id="rows", classes="pane")
                    yield Queues(id="queues", classes="pane")
                    yield DeadLetters(id="dead", classes="pane")
                    yield Program(id="code", classes="pane")
            with Vertical(id="right"):
                yield Storybook(id="story", classes="pane")
                yield Inspector(id="inspector", classes="pane")
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
            self.query_one(f"#{name}").border_title = PLOTS[name].title or name
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
            frame = session.frame(self._in_sight)
            for widget in (
                self.query_one(Header), self.query_one(Caption), self.query_one(Timeline),
            ):  # fmt: skip
                widget.show(frame)
            for pane in self._panes():
                if pane.display:
                    pane.show(frame)
            self.query_one(KeyBar).relabel("play_pause", "pause" if session.playing else "play")
            if frame.sheet is not None and frame.sheet.partial and not session.moving:
                self.set_timer(1 / FPS, self.redraw)
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
        if self._maximised:
            return {self._active}
        width, height = self.size
        return fitting(self._asked[self._class], self._class, width, height - BARS)

    def _arrange(self) -> None:
        shown = self.visible_panes()
        self._in_sight = frozenset(shown)
        beside = False
        for name in PANES:
            pane = self.query_one(f"#{name}")
            pane.display = name in shown
            if pane.display and PLOTS[name].where == "below":
                pane.set_class(beside, "-beside")
                pane.styles.width = f"{1 if self._class in ALONE else PLOTS[name].least}fr"
                beside = True
        below, aside = standing(shown, "below"), standing(shown, "right")
        left = self.query_one("#left")
        self.query_one("#below").display = bool(below)
        for where, names in (("#below", below), ("#right", aside)):
            self.query_one(where).set_class(any(PLOTS[name].tall for name in names), "-tall")
        left.display = len(aside) < len(shown)
        self.query_one("#right").display = bool(aside)
        left.set_class("picture" not in shown, "-no-picture")
        self.query_one("#body").set_class(not left.display, "-right-only")
        self.set_class(self._maximised, "-maximised")
        self.set_class(self.session.lecture.on, "-lecture")

    def toggle_pane(self, name: str) -> None:
        """Show or hide a pane; what there is no room for beside it comes back when it goes."""
        seen = set() if self._maximised else self.visible_panes()
        self._maximised = False
        asked = asked_again(self._asked[self._class], name, self._class, seen)
        self._asked[self._class] = asked
        shown = self.visible_panes()
        self._active = name if name in shown else next(each for each in PANES if each in shown)
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
