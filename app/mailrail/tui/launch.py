"""Opens the terminal explorer for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from mailrail import config, diagnostics, memory
from mailrail.preparation import check_instant, shortened
from mailrail.screen import theme_of
from mailrail.session import Session
from mailrail_patterns.commands import Timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find

from .app import INTERRUPTED, TERMINATED, Explorer
from .garbage import spared_frames
from .keymap import check


def launch(
    name: str | None = None,
    *,
    seed: int | None = None,
    sets: Mapping[str, str] | None = None,
    length: float | None = None,
    commands: Sequence[Timed] = (),
    at: float | None = None,
    speed: float | None = None,
    theme: str | None = None,
    paused: bool = False,
    present: bool = False,
    loop: bool = False,
) -> None:
    """Run the explorer until it is left.

    Everything that can be wrong with what was typed is found before the screen is taken over.

    Args:
        name: A pattern, a bundled scenario or a file; None: the gallery.
        seed: The seed instead of the scenario's.
        sets: Settings given on top of the scenario's.
        length: How long it lasts instead of the scenario's duration, in seconds.
        commands: What is done as if by hand, at its time.
        at: Where to go first, in seconds.
        speed: Playback speed; 1 is real time; None: as configured.
        theme: Name of a theme; None: as configured.
        paused: Whether to wait for a key before playing.
        present: Whether it is presented from the start.
        loop: Whether it begins anew at its end.

    Raises:
        BadInput: If something that was given cannot be used.
        KeyboardInterrupt: If the explorer was left by Ctrl-C.
        SystemExit: If it was told to leave by a signal.
    """
    app = prepare(
        name, seed=seed, sets=sets, length=length, commands=commands, at=at, speed=speed,
        theme=theme, paused=paused, present=present, loop=loop,
    )  # fmt: skip
    if name is not None:
        memory.opened(name)
    with spared_frames():
        left = app.run()
    if left == INTERRUPTED:
        raise KeyboardInterrupt
    if left == TERMINATED:
        raise SystemExit(TERMINATED)


def prepare(
    name: str | None = None,
    *,
    seed: int | None = None,
    sets: Mapping[str, str] | None = None,
    length: float | None = None,
    commands: Sequence[Timed] = (),
    at: float | None = None,
    speed: float | None = None,
    theme: str | None = None,
    paused: bool = False,
    present: bool = False,
    loop: bool = False,
) -> Explorer:
    """Return the explorer, ready to run; see :func:`launch`.

    Raises:
        BadInput: If something that was given cannot be used.
    """
    configured = config.read()
    try:
        check(configured.keys)
    except BadInput as problem:
        raise problem.inside(str(config.path())) from None
    if not diagnostics.takes_signs():
        configured = replace(configured, ascii=True)
    if speed is None:
        speed = configured.speed
    session = None
    if name is not None:
        scenario = find(name)
        if length is not None:
            scenario = shortened(scenario, length)
        session = Session(scenario, seed=seed, overrides=sets, commands=commands, speed=speed)
        session.lecture.on, session.lecture.loop = present, loop
        if at is not None:
            check_instant(at, session.run)
            session.seek(at)
    app = Explorer(session, speed=speed, paused=paused, config=configured)
    wanted = theme or configured.theme
    if wanted:
        app.theme = theme_of(wanted, "--theme" if theme else f"{config.path()}: theme")
    return app
