"""Screens with several panes, any of which can be given the whole room."""

from __future__ import annotations

from typing import ClassVar

from textual import events

from mailrail.session import Session

from ..widgets.scrolling import Scrolling
from .player import Player


class Paned(Player):
    """Plays a session in panes; one of them is the one that was looked at last."""

    PANED: ClassVar[tuple[str, ...]] = ()
    """The ids of the panes, the one that is looked at first at the head."""

    def __init__(self, session: Session) -> None:
        """Play ``session``; no pane has all the room."""
        super().__init__(session)
        self._active = self.PANED[0]
        self._maximised = False

    # --- for subclasses -------------------------------------------------------------------

    def lay_out(self) -> None:
        """Show the panes that are to be seen, each in its place."""
        raise NotImplementedError

    def toggle_pane(self, name: str) -> None:
        """Show or hide a pane."""
        raise NotImplementedError

    # --- what keys and the mouse do -------------------------------------------------------

    def toggle_maximised(self) -> None:
        """Give the pane looked at last all the room, and the keys; or give both back."""
        self._maximised = not self._maximised
        self.lay_out()
        pane = self.query_one(f"#{self._active}")
        if self._maximised and isinstance(pane, Scrolling):
            self.set_focus(pane)
        elif self.focused is pane:
            self.set_focus(None)
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click makes a pane the one that is maximised next."""
        for widget in (event.widget, *(event.widget.ancestors if event.widget else ())):
            if widget is not None and widget.id in self.PANED:
                self._active = widget.id

    def action_pane(self, name: str) -> None:
        """Show or hide a pane."""
        self.toggle_pane(name)

    def action_maximise(self) -> None:
        """Give one pane all the room, or give it back."""
        self.toggle_maximised()

    def action_step_out(self) -> None:
        """Give up what takes its time; or give the keys back, then the room to the other panes."""
        if self.session.give_up():
            self.redraw()
        elif self._maximised:
            self.toggle_maximised()
        elif self.focused is not None:
            self.set_focus(None)
