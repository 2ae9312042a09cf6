"""Opening the explorer: everything that can be refused is refused before the screen changes."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail_patterns.commands import Timed
from mailrail_patterns.names import BadInput, suggest
from mailrail_patterns.quantities import format_duration, parse_duration

from . import output
from .diagnostics import NoScreen
from .preparation import Request, flagged, pairs, prepare


def open_explorer(
    name: str | None,
    *,
    seed: int | None = None,
    sets: Sequence[str] = (),
    length: str | None = None,
    commands: Sequence[str] = (),
    at: str | None = None,
    speed: float | None = None,
    theme: str | None = None,
    paused: bool = False,
) -> None:
    """Draw the explorer, and return when it is left.

    Args:
        name: A pattern, a bundled scenario or a file; None opens the gallery.
        seed: The seed instead of the scenario's.
        sets: Settings, ``key=value``.
        length: How long it lasts instead of the scenario's duration, as text.
        commands: Timed commands, as for ``--do``.
        at: The instant to start at, as text.
        speed: Seconds of virtual time a second; None: as configured.
        theme: Name of a theme; None: as configured.
        paused: Whether to wait before anything moves.

    Raises:
        BadInput: If one of these cannot be used.
        NoScreen: If there is no terminal, or one too small.
    """
    planned: float | None = None
    done: list[Timed] = []
    chosen = None if theme is None else theme_of(theme)
    instant = None if at is None else flagged("--at", parse_duration, at)
    if name is not None:
        run = prepare(Request(name, seed, sets, length, commands))
        planned, done = run.duration if length is not None else None, run.commands
        if instant is not None and instant > run.duration:
            end = format_duration(run.duration)
            raise BadInput(f"{format_duration(instant)} is after the end ({end})", "--at")
    obstacle = output.missing_for_screen()
    if obstacle:
        raise NoScreen(obstacle)
    from .tui.launch import launch  # noqa: PLC0415 - textual is loaded only where it is drawn with

    launch(
        name, seed=seed, sets=pairs(sets), length=planned, commands=done,
        at=instant, speed=speed, theme=chosen, paused=paused,
    )  # fmt: skip


def theme_names() -> list[str]:
    """Return the names of our themes and of those a person has added, the default first."""
    from mailrail_themes import bundled  # noqa: PLC0415

    from .wardrobe import own_themes  # noqa: PLC0415

    return [*bundled(), *(palette.name for palette in own_themes()[0])]


def theme_of(name: str) -> str:
    """Return a theme's full name; the ``mailrail-`` of our own may be left out.

    Raises:
        BadInput: If there is none of that name; names the nearest.
    """
    ours = theme_names()
    for candidate in (name, f"mailrail-{name}"):
        if candidate in ours:
            return candidate
    from textual.theme import BUILTIN_THEMES  # noqa: PLC0415

    if name in BUILTIN_THEMES:
        return name
    short = [each.removeprefix("mailrail-") for each in ours]
    raise BadInput(f"unknown theme {name!r}; {suggest(name, [*short, *BUILTIN_THEMES])}", "--theme")
