"""Frames of real runs, and a stage small enough to look at one widget on it."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from textual.app import App

from mailrail.session import Session
from mailrail.tui.theming import textual_theme
from mailrail_patterns.commands import parse_command
from mailrail_patterns.scenario import find, load
from mailrail_themes import DEFAULT, bundled

LEASE = "competing-consumers/the-lock-is-a-lease"
BURST = "queue-based-load-leveling/saved-but-too-late"
HEAD = 'pattern = "competing-consumers"\ntitle = "wild"\nduration = "60s"\n'


@pytest.fixture
def frame_of():
    """Return the frame of a bundled scenario at an instant."""

    def make(name=LEASE, t=9.0, *, playing=False, speed=1.0, selected=None, rewind=None):
        session = Session(find(name), speed=speed, clock=lambda: 0.0)
        session.run.advance(t)
        if rewind is not None:
            session.run.seek(rewind)
        session.playing = playing
        if selected is not None:
            session.selected = selected
        return session.frame()

    return make


@pytest.fixture
def wild(tmp_path):
    """Return the frame of a scenario of the test's own, with commands given by hand."""

    def make(text, t, *commands, playing=False):
        path = tmp_path / "wild.toml"
        path.write_text(HEAD + text)
        session = Session(load(path), clock=lambda: 0.0)
        for at, command in commands:
            session.run.advance(at)
            session.run.do(parse_command(command))
        session.run.advance(t)
        session.playing = playing
        return session.frame()

    return make


class Look(App):
    """One widget that fills the screen; collects what it posts."""

    def __init__(self, widget, theme):
        super().__init__()
        self.widget = widget
        self.posted = []
        for palette in bundled().values():
            self.register_theme(textual_theme(palette))
        self.theme = theme

    def compose(self):
        self.widget.styles.height = "1fr"
        yield self.widget

    def text(self):
        """Return what the widget shows, row by row."""
        return [self.widget.render_line(y).text for y in range(self.widget.content_size.height)]


@pytest.fixture
def on_stage():
    """Mount one widget in a terminal of a size."""

    @asynccontextmanager
    async def run(widget, frame, size=(80, 24), theme=DEFAULT):
        app = Look(widget, theme)
        original = widget.post_message

        def note(message):
            app.posted.append(message)
            return original(message)

        async with app.run_test(size=size) as pilot:
            widget.post_message = note
            widget.show(frame)
            await pilot.pause()
            yield app, pilot

    return run
