"""One instant of a run, drawn by the explorer itself without a terminal."""

from __future__ import annotations

from typing import Final

from textual.strip import Strip

from mailrail.interruption import carried
from mailrail.session import Session
from mailrail.tui.app import Explorer
from mailrail_patterns.commands import Say
from mailrail_patterns.run import Run

from .svg import picture

AFTER: Final = 0.6
"""Seconds after a caption at which things have begun to move."""

STILL_TIME: Final = 0.0
"""What the wall clock shows while nothing is to depend on it."""


def worth_seeing(run: Run) -> float:
    """Return an instant that shows something: shortly after a caption in the midst of the story."""
    said = [timed.at for timed in run.scenario.steps if isinstance(timed.command, Say)]
    if not said:
        return run.duration * 0.3
    middle = max(said) / 2
    return min(min(said, key=lambda at: abs(at - middle)) + AFTER, run.duration)


def still(run: Run, at: float, size: tuple[int, int], theme: str) -> str:
    """Return the lab at an instant as SVG.

    Args:
        run: The run; it is advanced there.
        at: The instant, in seconds.
        size: Columns and rows.
        theme: Name of a theme.
    """
    session = Session(run.scenario, clock=lambda: STILL_TIME)
    session.adopt(run)
    session.seek(at)
    while session.moving:
        session.tick(0.0)
    session.notices.clear()
    strips, ground = carried(_drawn(session, size, theme))
    return picture(strips, size, ground)


async def _drawn(session: Session, size: tuple[int, int], theme: str) -> tuple[list[Strip], str]:
    app = Explorer(session, paused=True, clock=lambda: STILL_TIME)
    app.theme = theme
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        return strips, app.theme_variables["background"]
