"""Whatever screen plays a session: its frame timer, and what is told while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.timer import Timer

from mailrail.session import Session

from ..hints import sentences
from ..keys import KeyBar
from .play_keys import PlayKeys

FPS: Final = 20
"""Frames a second while something moves."""

LETTERS: Final = 20
"""Letters of a notice that are read in a second, by somebody who looks at a picture as well."""


class Player(PlayKeys):
    """Draws a frame of a session at a time, and runs a timer exactly while something moves."""

    def __init__(self, session: Session) -> None:
        """Play ``session``."""
        super().__init__()
        self.session = session
        self._timer: Timer | None = None
        self._beating = False
        self._last = 0.0

    # --- for subclasses -------------------------------------------------------------------

    def draw(self) -> None:
        """Show the present moment in every widget."""
        raise NotImplementedError

    def heard(self) -> Iterable[Session]:
        """Return the sessions whose notices are told here."""
        return (self.session,)

    @property
    def moving(self) -> bool:
        """Whether there is anything to do at the next beat."""
        return self.session.moving

    def tick(self, delta: float) -> bool:
        """Let ``delta`` wall-clock seconds pass; return whether anything may look different."""
        return self.session.tick(delta)

    # --- time -----------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Start the frame timer, held until something moves, and show the first frame.

        Textual calls this after that of a subclass, which has laid its panes out by then.
        """
        self._timer = self.set_interval(1 / FPS, self._beat, pause=True)
        self.redraw()

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
        if self.tick(delta):
            self.redraw()
        elif not self.moving:
            self._hold()

    def redraw(self) -> None:
        """Draw the present moment; run the frame timer exactly while something moves."""
        session = self.session
        if self.is_mounted and not self.has_class("-tiny"):
            self.draw()
            self.query_one(KeyBar).relabel("play_pause", "pause" if session.playing else "play")
        self._tell()
        if self.moving and self.is_active:
            self._wake()
        else:
            self._hold()

    def _tell(self) -> None:
        """Tell what there is to be told; a word about a key takes the place of those before."""
        told = [notice for session in self.heard() for notice in session.notices]
        for session in self.heard():
            session.notices.clear()
        if not all(notice.news for notice in told):
            self.app.clear_notifications()
        for notice in told:
            text = sentences(notice, self.acts)
            lasts = reading(text)
            self.notify(text, severity=notice.tone, markup=False, timeout=lasts)


def reading(text: str) -> float:
    """Return how long a notice stays, in seconds: a moment to see it, then as it takes to read."""
    return 2.0 + len(text) / LETTERS
