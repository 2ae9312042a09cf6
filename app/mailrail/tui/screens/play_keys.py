"""What keys do to the time of whatever screen plays a session."""

from __future__ import annotations

from mailrail.session import Session

from ..widgets.timeline import Timeline
from .sized import Sized


class PlayKeys(Sized):
    """Playing, pausing and moving through time, the same on every screen that shows a run.

    Attributes:
        session: What is played.
    """

    session: Session

    def redraw(self) -> None:
        """Draw the present moment."""
        raise NotImplementedError

    def on_timeline_sought(self, message: Timeline.Sought) -> None:
        """Go to the instant that was clicked."""
        self.session.seek(message.time)
        self.redraw()

    def action_play_pause(self) -> None:
        """Play or pause; where a question waits for its answer, show that first."""
        if not self.session.lecture.reveal():
            self.session.toggle()
        self.redraw()

    def action_forward(self) -> None:
        """One event forward."""
        self.session.forward()
        self.redraw()

    def action_jump(self, seconds: float) -> None:
        """So many seconds forward or back."""
        self.session.jump(seconds)
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
