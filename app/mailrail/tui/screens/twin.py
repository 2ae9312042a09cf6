"""Twin view: two runs of one seed side by side, one thing different, one playhead."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from mailrail.session import Session
from mailrail.twins import Comparison
from mailrail_patterns.quantities import format_duration
from mailrail_patterns.run import Run

from ..actions import TWIN, bindings, footer
from ..keys import KeyBar
from ..widgets.caption import Caption
from ..widgets.differences import Differences
from ..widgets.header import Header
from ..widgets.picture import Picture
from ..widgets.timeline import Timeline
from .play_keys import PlayKeys

FPS: Final = 15


class Side(Vertical):
    """One of the two runs."""

    DEFAULT_CSS = """
    Side { width: 1fr; height: 1fr; }
    Side .what { height: 1; padding: 0 1; background: $boost; text-style: bold; }
    """

    def __init__(self, what: str) -> None:
        """Show a run; ``what`` is different about it."""
        super().__init__()
        self._what = what

    def compose(self) -> ComposeResult:
        """Lay the side out."""
        yield Static(self._what, classes="what", markup=False)
        yield Picture()


class Twin(PlayKeys):
    """Two runs at one instant."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(TWIN, "twin")
    PLACE = "twin"
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Twin #sides { height: 2fr; }
    Twin.-small #sides, Twin.-short #sides { layout: vertical; height: 3fr; }
    Twin.-short Differences { display: none; }
    Twin Caption { height: 1; }
    Twin Timeline { height: 2; }
    """

    def __init__(self, session: Session, other: Run, what: tuple[str, str]) -> None:
        """Compare a session with another run of the same seed.

        Args:
            session: The run on the left, and the playhead.
            other: The run on the right; it is at its start or anywhere else.
            what: What each of them is called.
        """
        super().__init__()
        self.session = session
        self.other = other
        self._what = what
        self._comparison = Comparison(session.run, other)
        self._twin = session.beside(other)
        self._timer: Timer | None = None
        self._last = 0.0

    def compose(self) -> ComposeResult:
        """Lay both runs out."""
        yield Header(id="header")
        with Horizontal(id="sides"):
            yield Side(self._what[0])
            yield Side(self._what[1])
        yield Differences()
        yield Caption()
        yield Timeline()
        yield KeyBar(footer(self.acts))
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Start the frame timer, held until something moves."""
        self._timer = self.set_interval(1 / FPS, self._beat, pause=True)
        self.call_after_refresh(self.redraw)

    def resized(self, size_class: str) -> None:
        """Draw anew for the new size."""
        self.call_after_refresh(self.redraw)

    def _beat(self) -> None:
        now = self.session.clock()
        delta, self._last = now - self._last, now
        self.pulse(delta)

    def pulse(self, delta: float) -> None:
        """Let wall-clock seconds pass and draw once."""
        if self.session.tick(delta):
            self.redraw()

    def redraw(self) -> None:
        """Bring the other run to the same instant and draw both."""
        session, twin = self.session, self._twin
        session.run.seek(session.run.now)  # whole instants only: both have seen all of this one
        twin.run.seek(session.run.now)
        frame, beside = session.frame(), twin.frame()
        for side, shown in zip(self.query(Side), (frame, beside), strict=True):
            side.query_one(Picture).show(shown)
        for widget in (
            self.query_one(Header), self.query_one(Caption), self.query_one(Timeline),
        ):  # fmt: skip
            widget.show(frame)
        parting = self._comparison.parting()
        self.query_one(Differences).tell(self._comparison.differences(), parting, frame)
        self.query_one(KeyBar).relabel("play_pause", "pause" if session.playing else "play")
        for notice in (*session.notices, *twin.notices):
            self.notify(notice.text, severity=notice.tone, markup=False)
        session.notices.clear()
        twin.notices.clear()
        if self._timer is not None:
            if session.moving:
                self._last = session.clock()
                self._timer.resume()
            else:
                self._timer.pause()

    # --- what keys do ---------------------------------------------------------------------

    def action_back(self) -> None:
        """Go to the instant before."""
        run = self.session.run
        self.session.pause()
        earlier = [event.t for event in run.events[: run.position] if event.t < run.now]
        run.seek(earlier[-1] if earlier else 0.0)
        self.redraw()

    def action_part(self) -> None:
        """Go to where the two part; run on if they have not parted yet."""
        session, comparison = self.session, self._comparison
        session.pause()
        found = comparison.parting()
        if found is None:
            session.run.seek(max(session.run.duration, session.run.now))
            self._twin.run.seek(session.run.now)
            found = comparison.parting()
        if found is None:
            session.tell("They never part: what was changed makes no difference here.")
        else:
            session.run.seek(found.time)
        self.redraw()

    @property
    def picture_name(self) -> str:
        """The pattern and the instant, and that there are two of it."""
        run = self.session.run
        return f"mailrail-{run.pattern.name}-twin-{format_duration(round(run.now, 3))}"

    def action_leave(self) -> None:
        """Go back to the lab, at the instant seen here."""
        self.session.pause()
        self.dismiss()
