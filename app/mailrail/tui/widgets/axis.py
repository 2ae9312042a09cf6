"""Drawings along the time of a run: a press goes to an instant, a drag takes the playhead along."""

from __future__ import annotations

from textual import events
from textual.message import Message

from mailrail_patterns.views import MarkView

from . import plot
from .canvas import Canvas


class TimeAxis(Canvas):
    """A drawing whose columns are instants."""

    class Sought(Message):
        """A person asked for an instant.

        Attributes:
            time: The instant, in seconds.
            held: Whether the mouse button is down still.
        """

        def __init__(self, time: float, held: bool) -> None:
            super().__init__()
            self.time = time
            self.held = held

    class Marked(Message):
        """A person asked for something that happened.

        Attributes:
            mark: The mark of it.
        """

        def __init__(self, mark: MarkView) -> None:
            super().__init__()
            self.mark = mark

    def span(self) -> tuple[int, int]:
        """Return the first column of the axis and the one after its last."""
        raise NotImplementedError

    def mark_at(self, x: int, y: int) -> MarkView | None:
        """Return the mark at a cell of the content; None where there is none."""
        return None

    def time_at(self, x: int) -> float:
        """Return the instant at a column of the content, in seconds."""
        if self.frame is None:
            return 0.0
        start, stop = self.span()
        share = (x - start) / max(1, stop - start - 1)
        return plot.horizon(self.frame) * max(0.0, min(1.0, share))

    def _seek(self, event: events.MouseEvent, *, held: bool) -> None:
        offset = event.get_content_offset_capture(self)
        self.post_message(self.Sought(self.time_at(offset.x), held))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Go there, and follow the mouse until it is let go; a mark is gone to exactly."""
        offset = event.get_content_offset_capture(self)
        mark = self.mark_at(offset.x, offset.y)
        if mark is not None:
            self.post_message(self.Marked(mark))
            return
        self.capture_mouse()
        self._seek(event, held=True)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse while it is held."""
        if self.app.mouse_captured is self:
            self._seek(event, held=True)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the mouse go."""
        if self.app.mouse_captured is self:
            self.release_mouse()
            self._seek(event, held=False)
