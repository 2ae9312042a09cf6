"""The command that draws the lab into a file: ``mailrail record``."""

# Annotations are evaluated here: Typer would compile and evaluate the text of each, twice a start.

from pathlib import Path
from typing import Annotated

import typer

from .diagnostics import Exit
from .options import Commands, Force, Length, Name, Seed, Sets, Theme


def record(
    name: Name,
    out: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE.svg", help="Where to.", show_default=False),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Which instant: 12s; else one worth seeing.", show_default=False
        ),
    ] = None,
    size: Annotated[
        str, typer.Option(metavar="COLSxROWS", help="Size of the terminal.")
    ] = "120x36",
    theme: Theme = None,
    seed: Seed = None,
    sets: Sets = None,
    length: Length = None,
    commands: Commands = None,
    force: Force = False,
) -> int:
    """Draw the lab at an instant as an SVG picture; no terminal is needed.

    The same command draws the same bytes, on every machine.
    """
    from .preparation import Request, seed_of  # noqa: PLC0415
    from .recording import carry_out  # noqa: PLC0415

    start = None if seed is None else seed_of(seed)
    request = Request(name, start, sets or (), length, commands or ())
    carry_out(request, Path(out), at=at, size=size, theme=theme, force=force)
    return Exit.HELD
