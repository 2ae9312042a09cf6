"""Frames of real runs, and a stage small enough to look at one widget on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.app.tui.widgets.looking import LEASE, CanvasT, FrameOf, Look, OnStage, Wild
from textual.message import Message
from textual.pilot import Pilot

from mailrail.frames import LabFrame
from mailrail.session import Session
from mailrail_patterns.commands import parse_command
from mailrail_patterns.scenario import find, load
from mailrail_themes import DEFAULT

HEAD = 'pattern = "competing-consumers"\ntitle = "wild"\nduration = "60s"\n'


@pytest.fixture
def frame_of() -> FrameOf:
    """Return the frame of a bundled scenario at an instant."""

    def make(
        name: str = LEASE,
        t: float = 9.0,
        *,
        playing: bool = False,
        speed: float = 1.0,
        selected: str | None = None,
        rewind: float | None = None,
    ) -> LabFrame:
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
def wild(tmp_path: Path) -> Wild:
    """Return the frame of a scenario of the test's own, with commands given by hand."""

    def make(text: str, t: float, *commands: tuple[float, str], playing: bool = False) -> LabFrame:
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


@pytest.fixture
def on_stage(monkeypatch: pytest.MonkeyPatch) -> OnStage:
    """Mount one widget in a terminal of a size."""

    @asynccontextmanager
    async def run(
        widget: CanvasT,
        frame: LabFrame,
        size: tuple[int, int] = (80, 24),
        theme: str = DEFAULT,
    ) -> AsyncIterator[tuple[Look[CanvasT], Pilot[None]]]:
        app = Look(widget, theme)
        original = widget.post_message

        def note(message: Message) -> bool:
            app.posted.append(message)
            return original(message)

        async with app.run_test(size=size) as pilot:
            monkeypatch.setattr(widget, "post_message", note)
            widget.show(frame)
            await pilot.pause()
            yield app, pilot

    return run
