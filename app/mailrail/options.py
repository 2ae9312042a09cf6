"""The arguments and flags that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from . import completion

Name = Annotated[
    str,
    typer.Argument(
        metavar="PATTERN|FILE",
        help="A pattern, a bundled scenario (pattern/scenario) or a scenario file.",
        autocompletion=completion.names,
        show_default=False,
    ),
]
MaybeName = Annotated[
    str | None,
    typer.Argument(
        metavar="PATTERN|FILE",
        help="A pattern, a bundled scenario (pattern/scenario) or a scenario file; "
        "without one, the gallery.",
        autocompletion=completion.names,
        show_default=False,
    ),
]
PatternName = Annotated[
    str,
    typer.Argument(
        metavar="PATTERN",
        help="A pattern, or a broker dialect.",
        autocompletion=completion.patterns,
        show_default=False,
    ),
]
Seed = Annotated[
    str | None,
    typer.Option(metavar="N", help="The seed; the same seed, the same run.", show_default=False),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting; may be repeated.",
        autocompletion=completion.sets,
        show_default=False,
    ),
]
Length = Annotated[
    str | None,
    typer.Option(
        "--for", metavar="TIME", help="How long, in virtual time: 60s.", show_default=False
    ),
]
Commands = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar="'TIME COMMAND'",
        help="Do something at an instant: '12s crash consumer-2'; may be repeated.",
        autocompletion=completion.commands,
        show_default=False,
    ),
]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TEXT",
        help="Expect something: 'dead_lettered == 1'; may be repeated.",
        autocompletion=completion.expectations,
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Start at that instant: 12s.", show_default=False),
]
Speed = Annotated[
    str | None,
    typer.Option(
        metavar="X",
        help="Seconds of virtual time a second, or max; 1, or as configured.",
        show_default=False,
    ),
]
Theme = Annotated[
    str | None,
    typer.Option(
        metavar="T", help="How it looks.", autocompletion=completion.themes, show_default=False
    ),
]
Paused = Annotated[bool, typer.Option("--paused", help="Do not start to play.")]
Present = Annotated[
    bool,
    typer.Option("--present", help="Present it: only the picture, and a stop at every caption."),
]
Loop = Annotated[bool, typer.Option("--loop", help="Begin anew at the end.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
