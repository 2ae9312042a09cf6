"""What keys do to the time of whatever screen plays a session."""

from __future__ import annotations

from mailrail.session import Session

from ..widgets.axis import TimeAxis
from ..widgets.header import Header
from ..widgets.marks import Marks
from .sized import Sized


class PlayKeys(Sized):
    """Playing, pausing and moving through time, the same on every screen that shows a run.

    Attributes:
        session: What is played.
    """

    session: Session
    _resumes = False

    def redraw(self) -> None:
        """Draw the present moment."""
        raise NotImplementedError

    def on_time_axis_sought(self, message: TimeAxis.Sought) -> None:
        """Go to the instant under the mouse; while it is held, time does not run away from it."""
        session = self.session
        if message.held:
            self._resumes = self._resumes or session.playing
            session.playing = False
        session.seek(message.time)
        if not message.held:
            session.playing, self._resumes = self._resumes, False
        self.redraw()

    def on_marks_sought(self, message: Marks.Sought) -> None:
        """Go to the event whose mark was chosen."""
        self.session.seek_event(message.mark.n)
        self.redraw()

    def on_time_axis_marked(self, message: TimeAxis.Marked) -> None:
        """Go to the event whose mark was pressed."""
        self.session.seek_event(message.mark.n)
        self.redraw()

    async def on_header_asked(self, message: Header.Asked) -> None:
        """Do what the part of the header that was clicked stands for."""
        if any(act.action == message.action for act in self.acts):
            await self.run_action(message.action)

    def action_play_pause(self) -> None:
        """Play or pause; where one is presented, a question's answer comes first."""
        session = self.session
        if not (session.lecture.on and session.reveal()):
            session.toggle()
        self.redraw()

    def action_forward(self) -> None:
        """One event forward."""
        self.session.forward()
        self.redraw()

    def action_jump(self, seconds: float) -> None:
        """So many seconds forward or back."""
        self.session.jump(seconds)
        self.redraw()

    def action_full_speed(self) -> None:
        """As fast as possible, or as fast as before."""
        self.session.playback.full_speed()
        self.redraw()

    def action_faster(self) -> None:
        """Play faster."""
        self.session.playback.faster()
        self.redraw()

    def action_slower(self) -> None:
        """Play slower."""
        self.session.playback.slower()
        self.redraw()

    def action_start(self) -> None:
        """Go to the start."""
        self.session.seek(0.0)
        self.redraw()
