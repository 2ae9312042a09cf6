"""What keys do to time: playing, stepping, seeking."""

from __future__ import annotations

from textual import work

from mailrail.playback import stop_before
from mailrail.selection import Kind, Selection
from mailrail_patterns.kernel.events import VIOLATED
from mailrail_patterns.quantities import format_duration, parse_duration

from ..widgets.guarantees import Guarantees
from .form import Field, Form, Values
from .stage import Stage


class TimeKeys(Stage):
    """The actions of the group Time."""

    def action_back(self) -> None:
        """One event back."""
        self.session.back()
        self.redraw()

    def action_frontier(self) -> None:
        """Go to where the run has come."""
        self.session.seek(self.session.run.frontier)
        self.redraw()

    def action_mark(self, step: int) -> None:
        """Go to the next mark, or the one before."""
        self.session.seek_mark(step)
        self._explain()
        self.redraw()

    def action_go_on(self) -> None:
        """What the key of a presenter's remote does: the answer, then on to the next stop."""
        session = self.session
        if not session.reveal():
            session.lecture.once = True
            session.play()
        self.redraw()

    def action_go_back(self) -> None:
        """Go to the stop before."""
        before = stop_before(self.session.run, self.session.run.now)
        self.session.pause()
        if before is None:
            self.session.tell("No caption before this.")
        else:
            self.session.seek(before)
        self.redraw()

    def action_sought(self, step: int, kind: str) -> None:
        """Go to the next mark of a kind, or the one before."""
        self.session.seek_mark(step, frozenset({kind}))
        self._explain()
        self.redraw()

    def _explain(self) -> None:
        """Explain the guarantee that breaks at the playhead, and select its breach."""
        run = self.session.run
        event = run.events[run.position - 1] if run.position else None
        if event is not None and event.kind == VIOLATED:
            self.session.look_at(Selection(Kind.EVENT, str(event.n)))
            self.query_one("#guarantees", Guarantees).explain(event.text.partition(": ")[0])

    @work
    async def action_seek(self) -> None:
        """Ask for an instant and go there."""
        session = self.session

        def submit(values: Values) -> None:
            session.seek(parse_duration(values["time"]))

        end = format_duration(session.run.duration)
        field = Field("time", format_duration(round(session.run.now, 3)), "12.5s")
        intro = f"From 0s to {end}. Beyond what has happened so far, the run goes on to there."
        await self.app.push_screen_wait(Form("Go to", [field], submit, intro, "Go"))
        self.redraw()
