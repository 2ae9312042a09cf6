"""The command that runs a scenario many times: ``mailrail sweep``."""

# Annotations are evaluated here: Typer would compile and evaluate the text of each, twice a start.

from typing import Annotated

import typer

from . import completion
from .options import Commands, Expect, Force, Json, Length, Name, Seed, Sets


def sweep(  # noqa: PLR0917 - as many as the command line has
    name: Name,
    seeds: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="So many seeds, from the scenario's on.  [default: 100]",
            show_default=False,
        ),
    ] = None,
    crash: Annotated[
        str | None,
        typer.Option(
            metavar="every-event",
            help="Instead: crash whoever acts, at every event in turn.",
            autocompletion=completion.everywhere,
            show_default=False,
        ),
    ] = None,
    fault: Annotated[
        str | None,
        typer.Option(
            metavar="every-event",
            help="Instead: inject every fault at every event in turn.",
            autocompletion=completion.everywhere,
            show_default=False,
        ),
    ] = None,
    down: Annotated[
        str | None,
        typer.Option(
            "--restart",
            metavar="TIME",
            help="How long a crashed actor stays down, and a fault lasts; else as long as a lock.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Most crashes or faults; of more, some are left out evenly.  [default: 1000]",
            show_default=False,
        ),
    ] = None,
    seed: Seed = None,
    sets: Sets = None,
    length: Length = None,
    commands: Commands = None,
    expect: Expect = None,
    jobs: Annotated[
        str | None,
        typer.Option(metavar="N", help="Processes to use; else one a core.", show_default=False),
    ] = None,
    json: Json = False,
    save: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the shortest failure, made small, as a scenario.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
) -> int:
    """Run it many times, with another seed or a crash somewhere else, and see what breaks.

    With crashes and faults only guarantees count, and what --expect says; what the scenario
    itself expects of figures does not. What it expects to break may break.

    Exits with 0 if nothing broke in any run, with 1 if something did.
    """
    from .preparation import Request, seed_of  # noqa: PLC0415
    from .sweep import carry_out  # noqa: PLC0415
    from .sweep_plan import Wish  # noqa: PLC0415

    start = None if seed is None else seed_of(seed)
    request = Request(name, start, sets or (), length, commands or (), expect or ())
    return carry_out(
        request, Wish(seeds, crash, fault, down, most, jobs, json=json, save=save, force=force)
    )
