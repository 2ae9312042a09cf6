"""Twin view: two runs of one seed side by side, one thing different, one playhead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widgets import Static

from mailrail.comparison import Comparison, Parting
from mailrail.errands import SLICE, Errand
from mailrail.frames import LabFrame, on_one_scale
from mailrail.narration import clock
from mailrail.notices import Way
from mailrail.rehearsal import STEPS
from mailrail.session import Session
from mailrail.twins import forked_at
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run
from mailrail_patterns.views import MarkView

from ..actions import TWIN, bindings, footer
from ..keys import KeyBar
from ..widgets.axis import TimeAxis
from ..widgets.caption import Caption
from ..widgets.differences import Differences
from ..widgets.header import SharedHeader, parted
from ..widgets.picture import Picture
from ..widgets.timeline import SharedTimeline
from .paned import Paned

SIDES: Final = ("left", "right")


class Side(Vertical):
    """One of the two runs."""

    DEFAULT_CSS = """
    Side { width: 1fr; height: 1fr; }
    Side .what { height: 1; padding: 0 1; background: $boost; text-style: bold; }
    """

    def __init__(self, what: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        """Show a run; ``what`` is different about it."""
        super().__init__(id=id, classes="pane")
        self._what = what

    def compose(self) -> ComposeResult:
        """Lay the side out."""
        yield Static(f"{self.id}: {self._what}", classes="what", markup=False)
        yield Picture()


class Twin(Paned):
    """Two runs at one instant."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(TWIN, "twin")
    PLACE = "twin"
    PANED = ("differences", "left", "right")
    AUTO_FOCUS = ""
    CSS_PATH = "twin.tcss"

    def __init__(
        self, session: Session, other: Run, what: tuple[str, str], again: Callable[[], object]
    ) -> None:
        """Compare a session with another run of the same seed.

        Args:
            session: The run on the left, and the playhead.
            other: The run on the right; it is at its start or anywhere else.
            what: What each of them is called.
            again: Asks, on the screen below, what else to compare with.
        """
        super().__init__(session)
        self.other = other
        self._what = what
        self._again = again
        self._comparison = Comparison(session.run, other)
        for _ in range(0, 2 * STEPS, SLICE):  # short runs are known at once
            self._comparison.go_on(SLICE)
        self._twin = session.beside(other)
        self._called: float | None = None
        self._forked = forked_at(session.run, other)
        self._asked = set(self.PANED)

    def compose(self) -> ComposeResult:
        """Lay both runs out."""
        yield SharedHeader(id="header")
        with Container(id="sides"):
            for side, what in zip(SIDES, self._what, strict=True):
                yield Side(what, id=side)
        yield Differences(id="differences", classes="pane")
        yield Caption()
        yield SharedTimeline(id="timeline")
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Name the list, and lay the panes out."""
        self.query_one(Differences).border_title = "differences"
        self.lay_out()

    def resized(self, size_class: str) -> None:
        """Draw anew for the new size."""
        self.lay_out()
        self.call_after_refresh(self.redraw)

    # --- panes ----------------------------------------------------------------------------

    def visible_panes(self) -> set[str]:
        """Return the names of the panes that are shown."""
        if self.has_class("-tiny"):
            return set()
        return {self._active} if self._maximised else set(self._asked)

    def lay_out(self) -> None:
        """Show the panes that are asked for."""
        shown = self.visible_panes()
        for name in self.PANED:
            self.query_one(f"#{name}").display = name in shown
        self.query_one("#sides").display = bool(shown & set(SIDES))
        self.set_class(not shown & set(SIDES), "-list-only")
        self.set_class(not self.session.captioned, "-uncaptioned")

    def toggle_pane(self, name: str) -> None:
        """Show or hide a pane; the last one stays."""
        asked = self._asked | {name} if self._maximised else self._asked ^ {name}
        self._asked = asked or {name}
        self._maximised = False
        self._active = name if name in self._asked else min(self._asked)
        self.lay_out()
        self.call_after_refresh(self.redraw)

    # --- what is seen ---------------------------------------------------------------------

    def heard(self) -> Iterable[Session]:
        """Both runs have something to tell."""
        return self.session, self._twin

    @property
    def moving(self) -> bool:
        """Either run, or the search for where they part, may have something to do."""
        return self.session.moving or self._twin.moving or self._comparison.open

    def tick(self, delta: float) -> bool:
        """Let time pass for both; it waits for whichever run has still to come to it."""
        twin = self._twin
        if not self.moving:
            return False
        if twin.moving:
            twin.tick(0.0)
        if twin.errand is None:
            self.session.tick(delta)
        self.session.look_ahead(self._comparison)
        return True

    def draw(self) -> None:
        """Bring the other run to the same instant and draw both."""
        session, twin = self.session, self._twin
        session.run.seek(session.run.now)  # whole instants only: both have seen all of this one
        if session.run.now != self._called:
            self._called = session.run.now
            twin.seek(self._called)
        frame, beside = session.frame(), twin.frame()
        frame, beside = on_one_scale(frame, beside)
        for side, shown in zip(SIDES, (frame, beside), strict=True):
            self.query_one(f"#{side} Picture", Picture).show(shown)
        self.query_one(Caption).show(frame)
        self.query_one(SharedHeader).tell(frame, self._told(frame))
        self.query_one(SharedTimeline).tell(frame, beside, self._points())
        found, differing = self._comparison.parting(), self._comparison.differences()
        self.query_one(Differences).tell(differing, found, frame, self._comparison.share)

    def _told(self, frame: LabFrame) -> Sequence[str]:
        """Return what the header says of the two, at length and shorter."""
        if self._twin.errand is not None:
            return (f"… the other run is at {clock(self._twin.run.now)}",)
        comparison = self._comparison
        found = comparison.parting()
        if found is not None:
            return parted(found.time, frame.view.now)
        if comparison.open:
            return f"= the same so far, looked ahead {comparison.share:.0%}", "= the same so far"
        return "= they never part", "= never part"

    def _points(self) -> list[MarkView]:
        """Return where they fork and where they part."""
        points = []
        if self._forked is not None:
            told = f"one forked from the other at {format_duration(round(self._forked, 3))}"
            points.append(MarkView(0, self._forked, "fork", told))
        found = self._comparison.parting()
        if found is not None:
            told = f"they part: {found.left} | {found.right}"
            points.append(MarkView(0, found.time, "parting", told))
        return points

    # --- what keys do ---------------------------------------------------------------------

    def on_time_axis_marked(self, message: TimeAxis.Marked) -> None:
        """Go to the instant of a mark: the event may be one of either run."""
        self._go(message.mark.t)

    def _go(self, time: float) -> None:
        self.session.pause()
        self.session.seek(time)
        self.redraw()

    def action_back(self) -> None:
        """Go to the instant before."""
        run = self.session.run
        earlier = [event.t for event in run.events[: run.position] if event.t < run.now]
        self._go(earlier[-1] if earlier else 0.0)

    def action_part(self) -> None:
        """Go to where the two part, as soon as that is known."""
        session = self.session
        session.pause()

        def found(parting: Parting | None) -> None:
            if parting is None:
                session.tell("They never part: what was changed makes no difference here.")
            else:
                session.seek(parting.time)

        session.set_out(Errand("looking for where they part", self._comparison.looking(), found))
        self.redraw()

    def action_fork(self) -> None:
        """Go to where one run forked from the other."""
        if self._forked is None:
            parting = Way("part", "goes to where they part")
            self.session.tell("Neither is a fork of the other.", ways=(parting,))
        self._go(self.session.run.now if self._forked is None else self._forked)

    def action_scroll(self, how: str, way: int) -> None:
        """Scroll the differences, wherever the keys are."""
        listed = self.query_one(Differences)
        {"move": listed.action_move, "half": listed.action_half, "page": listed.action_page}[how](
            way
        )

    def action_step_out(self) -> None:
        """Give the keys or the room back; where there is nothing to give back, go to the lab."""
        if self.focused is None and not self._maximised and not self.session.underway:
            self.action_leave()
        else:
            super().action_step_out()

    @property
    def picture_name(self) -> str:
        """The pattern and the instant, and that there are two of it."""
        run = self.session.run
        return f"mailrail-{run.pattern.name}-twin-{format_duration(round(run.now, 3))}"

    def action_other(self) -> None:
        """Go back to the lab, and choose there what else to compare with."""
        self.action_leave()
        self._again()

    def action_leave(self) -> None:
        """Go back to the lab, at the instant seen here."""
        self.session.pause()
        self.dismiss()
