"""Opening the explorer: everything that can be refused is refused before the screen changes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mailrail_patterns.commands import Timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import parse_duration

from . import output
from .diagnostics import NoScreen
from .preparation import Request, check_instant, flagged, pairs, prepare, seed_of
from .speeds import speed_of, told


class Opening(msgspec.Struct, frozen=True):
    """What the explorer is to open, as it was typed.

    Attributes:
        name: A pattern, a bundled scenario or a file; None: the gallery.
        seed: The seed instead of the scenario's.
        sets: Settings, ``key=value``.
        length: How long it lasts instead of the scenario's duration, as text.
        commands: Timed commands, as for ``--do``.
        at: The instant to start at, as text.
        speed: Seconds of virtual time a second; None: as configured.
        theme: Name of a theme; None: as configured.
        paused: Whether to wait before anything moves.
        present: Whether it is presented from the start.
        loop: Whether it begins anew at its end.
    """

    name: str | None = None
    seed: int | None = None
    sets: Sequence[str] = ()
    length: str | None = None
    commands: Sequence[str] = ()
    at: str | None = None
    speed: float | None = None
    theme: str | None = None
    paused: bool = False
    present: bool = False
    loop: bool = False

    def arguments(self) -> list[str]:
        """Return what has to be typed after ``mailrail`` to open it."""
        given = {
            "--seed": self.seed, "--for": self.length, "--at": self.at, "--theme": self.theme,
            "--speed": None if self.speed is None else told(self.speed).removeprefix("×"),
        }  # fmt: skip
        words = ["open", *(f"{key}={value}" for key, value in given.items() if value is not None)]
        words += [f"--set={each}" for each in self.sets]
        words += [f"--do={each}" for each in self.commands]
        flags = {"--paused": self.paused, "--present": self.present, "--loop": self.loop}
        words += [flag for flag, wanted in flags.items() if wanted]
        return words if self.name is None else [*words, "--", self.name]


def opening(
    name: str | None,
    *,
    seed: str | None,
    sets: Sequence[str] | None,
    length: str | None,
    commands: Sequence[str] | None,
    at: str | None,
    speed: str | None,
    theme: str | None,
    paused: bool,
    present: bool,
    loop: bool,
) -> Opening:
    """Return what is to be opened, of what was typed.

    Raises:
        BadInput: If a number is none, or the gallery was given what only a run can have.
    """
    given = {
        "--seed": seed, "--set": sets, "--for": length, "--do": commands, "--at": at,
        "--present": present, "--loop": loop,
    }  # fmt: skip
    if name is None:
        for flag, value in given.items():
            if value:
                raise BadInput("the gallery has no run; name a pattern or a scenario", flag)
    return Opening(
        name,
        None if seed is None else seed_of(seed),
        tuple(sets or ()),
        length,
        tuple(commands or ()),
        at,
        None if speed is None else speed_of(speed),
        theme,
        paused,
        present,
        loop,
    )


class Checked(msgspec.Struct, frozen=True):
    """An opening whose texts have been read: all of it can be used.

    Attributes:
        length: Seconds it lasts instead of the scenario's duration.
        commands: What is done as if by hand.
        at: The instant to start at, in seconds.
        theme: Full name of the theme.
    """

    length: float | None = None
    commands: Sequence[Timed] = ()
    at: float | None = None
    theme: str | None = None


def check(wanted: Opening) -> Checked:
    """Read what was typed.

    Raises:
        BadInput: If one of the texts cannot be used.
    """
    theme = None if wanted.theme is None else theme_of(wanted.theme)
    at = None if wanted.at is None else flagged("--at", parse_duration, wanted.at)
    if wanted.name is None:
        return Checked(theme=theme)
    run = prepare(Request(wanted.name, wanted.seed, wanted.sets, wanted.length, wanted.commands))
    if at is not None:
        check_instant(at, run)
    length = run.duration if wanted.length is not None else None
    return Checked(length, run.commands, at, theme)


def open_explorer(wanted: Opening) -> None:
    """Draw the explorer, and return when it is left.

    Raises:
        BadInput: If something that was asked for cannot be used.
        NoScreen: If there is no terminal, or one too small.
    """
    found = check(wanted)
    obstacle = output.missing_for_screen()
    if obstacle:
        raise NoScreen(obstacle)
    from .tui.launch import launch  # noqa: PLC0415 - textual is loaded only where it is drawn with

    launch(
        wanted.name, seed=wanted.seed, sets=pairs(wanted.sets), length=found.length,
        commands=found.commands, at=found.at, speed=wanted.speed, theme=found.theme,
        paused=wanted.paused, present=wanted.present, loop=wanted.loop,
    )  # fmt: skip


def theme_names() -> list[str]:
    """Return the names of our themes and of those a person has added, the default first."""
    from mailrail_themes import bundled  # noqa: PLC0415

    from .wardrobe import own_themes  # noqa: PLC0415

    return [*bundled(), *(palette.name for palette in own_themes()[0])]


def theme_of(name: str, where: str = "--theme") -> str:
    """Return a theme's full name; the ``mailrail-`` of our own may be left out.

    Args:
        name: The name, as a person gave it.
        where: What it was given by.

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
    from .wardrobe import own_themes, refusal  # noqa: PLC0415

    short = (each.removeprefix("mailrail-") for each in ours)
    known = dict.fromkeys((*short, *BUILTIN_THEMES, *ours))
    raise BadInput(refusal(name, known, own_themes().problems), where)
