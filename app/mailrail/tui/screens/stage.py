"""The stage of the lab: its panes, their places by size, the frame timer and what is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, cast

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Static

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail_patterns.commands import Command

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
from ..widgets.marks import Marks
from ..widgets.metrics import Metrics
from ..widgets.program import Program
from ..widgets.queues import Queues
from ..widgets.rows import Rows
from ..widgets.storybook import Storybook
from ..widgets.walk import Walk
from .course import Course
from .paned import Paned
from .panes import ALONE, PANES, PLOTS, SHOWN, asked_again, fitting, standing
from .player import FPS

BARS: Final = 4
"""Rows of header, timeline and keys."""

CAPTION: Final = 2
"""Rows of captions, in a run that has any."""


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


class Stage(Paned):
    """Shows a session; what can be done to it is told in the modules beside this one."""

    CSS_PATH = "stage.tcss"
    PANED = PANES

    def __init__(self, session: Session) -> None:
        """Show ``session``."""
        super().__init__(session)
        self._class = "-small"
        self._asked: dict[str, list[str]] = {name: list(panes) for name, panes in SHOWN.items()}
        self._in_sight: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Lay the lab out."""
        yield Header(id="header")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Walk(id="picture", classes="pane")
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
        yield Course(id="timeline", classes="pane")
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Name the panes and lay them out."""
        for name in PANES:
            self.query_one(f"#{name}").border_title = PLOTS[name].title or name
        if not self.has_way_back:
            self.query_one(KeyBar).relabel("leave", "quit")
        self.lay_out()

    @property
    def has_way_back(self) -> bool:
        """Whether there is a screen to go back to, other than Textual's own blank one."""
        return len(self.app.screen_stack) > 2

    def draw(self) -> None:
        """Show the present moment in the panes in sight."""
        session = self.session
        if session.captioned == self.has_class("-uncaptioned"):
            self.lay_out()
        frame = session.frame(self._in_sight)
        for widget in (self.query_one(Header), self.query_one(Caption)):
            widget.show(frame)
        for pane in self._panes():
            if pane.display:
                pane.show(frame)
        if frame.sheet is not None and frame.sheet.partial and not session.moving:
            self.set_timer(1 / FPS, self.redraw)

    def attempt(self, command: Command, then: Callable[[], object] | None = None) -> bool:
        """Do something to the run; what is wrong with it is told, not raised.

        Args:
            command: What is done.
            then: Is called once it has been done, which in the past may take its time.

        Returns:
            Whether it has been done or is underway.
        """
        done = self.session.attempt(lambda: self.session.do(command, then))
        self.redraw()
        return done

    # --- panes ----------------------------------------------------------------------------

    def _panes(self) -> list[Pane]:
        return [cast(Pane, self.query_one(f"#{name}")) for name in PANES]

    def resized(self, size_class: str) -> None:
        """Show what the new size has room for."""
        self._class = size_class
        self.lay_out()
        self.call_after_refresh(self.redraw)

    def visible_panes(self) -> set[str]:
        """Return the names of the panes that are shown."""
        if self.session.lecture.on and not self._maximised:
            return {"picture", "timeline"}
        if self._maximised:
            return {self._active}
        width, height = self.size
        bars = BARS + (CAPTION if self.session.captioned else 0)
        return fitting(self._asked[self._class], self._class, width, height - bars)

    def lay_out(self) -> None:
        """Show the panes that there is room for, each in its place."""
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
        foot = standing(shown, "foot")
        left.display = bool(shown - aside - foot)
        alone = shown == foot
        self.query_one("#body").display = not alone
        self._open_course(alone)
        self.query_one("#right").display = bool(aside)
        left.set_class("picture" not in shown, "-no-picture")
        self.query_one("#body").set_class(not left.display, "-right-only")
        self.set_class(self._maximised, "-maximised")
        self.set_class(self.session.lecture.on, "-lecture")
        self.set_class(not self.session.captioned, "-uncaptioned")

    def _open_course(self, whole: bool) -> None:
        """Give the timeline the whole room, its list the keys; or take both away again."""
        course, marks = self.query_one(Course), self.query_one(Marks)
        if course.has_class("-whole") != whole:
            if whole or self.focused is marks:
                self.set_focus(marks if whole else None)
            course.set_class(whole, "-whole")

    def toggle_pane(self, name: str) -> None:
        """Show or hide a pane; what there is no room for beside it comes back when it goes."""
        seen = set() if self._maximised else self.visible_panes()
        self._maximised = False
        asked = asked_again(self._asked[self._class], name, self._class, seen)
        self._asked[self._class] = asked
        shown = self.visible_panes()
        self._active = name if name in shown else next(each for each in PANES if each in shown)
        self.lay_out()
        self.redraw()

    def toggle_lecture(self) -> None:
        """Leave nothing but the picture and large captions, or bring the panes back."""
        self.session.lecture.on = not self.session.lecture.on
        self._maximised = False
        self.lay_out()
        self.call_after_refresh(self.redraw)
