"""The command that shows the explorer in a browser: ``mailrail serve``."""

# Annotations are evaluated here: Typer would compile and evaluate the text of each, twice a start.

from typing import Annotated

import typer

from .diagnostics import Exit
from .options import (
    At,
    Commands,
    Length,
    Loop,
    MaybeName,
    Paused,
    Present,
    Seed,
    Sets,
    Speed,
    Theme,
)


def serve(
    name: MaybeName = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Where it can be reached.")
    ] = "localhost",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="0: any that is free.")
    ] = 8000,
    seed: Seed = None,
    sets: Sets = None,
    length: Length = None,
    commands: Commands = None,
    at: At = None,
    speed: Speed = None,
    theme: Theme = None,
    paused: Paused = False,
    present: Present = False,
    loop: Loop = False,
) -> int:
    """Show the explorer in a browser; every tab is an explorer of its own.

    Needs the extra 'serve': pip install 'mailrail[serve]'. Ctrl-C ends it.
    """
    from .screen import opening  # noqa: PLC0415
    from .web import carry_out  # noqa: PLC0415

    wanted = opening(
        name, seed=seed, sets=sets, length=length, commands=commands, at=at, speed=speed,
        theme=theme, paused=paused, present=present, loop=loop,
    )  # fmt: skip
    carry_out(wanted, host, port)
    return Exit.HELD
