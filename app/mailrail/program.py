"""The commands and their flags; what they do is imported only when it is done."""

# Annotations are evaluated here: Typer would compile and evaluate the text of each, twice a start.

import errno
from typing import Annotated, Final

import typer

from mailrail_patterns.names import BadInput

from . import diagnostics, output
from .diagnostics import Exit, NoScreen
from .letters import legible
from .options import (
    At,
    Commands,
    Expect,
    Force,
    Json,
    Length,
    Loop,
    MaybeName,
    Name,
    PatternName,
    Paused,
    Present,
    Seed,
    Sets,
    Speed,
    Theme,
)  # fmt: skip
from .program_record import record
from .program_serve import serve
from .program_sweep import sweep

EXAMPLES: Final = """\b
Examples:
  mailrail
  mailrail open competing-consumers/the-lock-is-a-lease
  mailrail run competing-consumers --do "12s crash consumer-2" --for 40s
"""

app = typer.Typer(
    name="mailrail",
    # Plain help: drawing it with Rich takes longer than everything else about it.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        from . import __version__  # noqa: PLC0415

        output.line(f"mailrail {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=EXAMPLES)
def gallery(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> int:
    """Explore messaging patterns: see what happens if the consumer dies right there.

    Without a command it opens the gallery of patterns.
    """
    if context.invoked_subcommand is not None:
        return Exit.HELD
    from .screen import Opening, open_explorer  # noqa: PLC0415

    open_explorer(Opening())
    return Exit.HELD


@app.command("open")
def open_(
    name: MaybeName = None,
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
    """Open a pattern or a scenario in the explorer."""
    from .screen import open_explorer, opening  # noqa: PLC0415

    open_explorer(
        opening(
            name, seed=seed, sets=sets, length=length, commands=commands, at=at, speed=speed,
            theme=theme, paused=paused, present=present, loop=loop,
        )
    )  # fmt: skip
    return Exit.HELD


@app.command("list")
def list_(json: Json = False) -> int:
    """List the patterns and their scenarios."""
    from .json_report import encoded  # noqa: PLC0415
    from .listing import listed, listing  # noqa: PLC0415

    patterns = listed()
    if json:
        output.data([encoded(patterns)])
    else:
        output.page(*listing(patterns))
    return Exit.HELD


@app.command("show")
def show(
    pattern: PatternName,
    json: Json = False,
    code: Annotated[bool, typer.Option("--code", help="Print the code that explains it.")] = False,
) -> int:
    """Show what a pattern is about, and everything it can be given.

    Problem and solution, when not to use it, what is often told and not so, brokers; settings,
    faults, guarantees, metrics, scenarios and commands. Of a broker dialect: what is modelled
    and what is not.
    """
    from . import dialect_sheets, showing, shown  # noqa: PLC0415
    from .json_report import encoded  # noqa: PLC0415

    if json and code:
        raise typer.BadParameter("--json and --code cannot be had together")
    if shown.is_dialect(pattern):
        if code:
            raise typer.BadParameter("a dialect has no code of its own to be shown")
        dialect = dialect_sheets.shown(pattern)
        if json:
            output.data([encoded(dialect)])
        else:
            output.page(*showing.showing_dialect(dialect))
    elif code:
        output.page(*showing.code(pattern, coloured=output.is_terminal()))
    elif json:
        output.data([encoded(shown.shown(pattern))])
    else:
        output.page(*showing.showing(shown.shown(pattern)))
    return Exit.HELD


@app.command("run")
def run(
    name: Name,
    seed: Seed = None,
    sets: Sets = None,
    length: Length = None,
    commands: Commands = None,
    expect: Expect = None,
    speed: Annotated[
        str | None,
        typer.Option(
            metavar="X",
            help="Tell it live, X seconds of virtual time a second, or max.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    events: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-", help="Write every event, one JSON object a line.", show_default=False
        ),
    ] = None,
    junit: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the verdict as JUnit XML.", show_default=False),
    ] = None,
    force: Force = False,
) -> int:
    """Run a pattern or a scenario without a screen, and judge it.

    Exits with 0 if every guarantee and expectation held, with 1 if one broke.
    """
    from .headless import Delivery, carry_out  # noqa: PLC0415
    from .preparation import Request, seed_of  # noqa: PLC0415
    from .speeds import speed_of  # noqa: PLC0415

    request = Request(
        name,
        None if seed is None else seed_of(seed),
        sets or (),
        length,
        commands or (),
        expect or (),
    )
    pace = None if speed is None else speed_of(speed)
    return carry_out(request, Delivery(json, events, junit, force, pace))


app.command("sweep")(sweep)
app.command("record")(record)
app.command("serve")(serve)


def call(arguments: list[str]) -> int:
    """Carry out a command line; see :func:`mailrail.cli.main`.

    Raises:
        BadInput: If something that was named cannot be used.
        Closed: If nobody reads stdout any more.
    """
    for argument in arguments:
        if legible(argument) != argument:
            raise BadInput("expected letters; some bytes are none in this encoding", argument)
    try:
        code = app(args=arguments, prog_name="mailrail", standalone_mode=False)
    except typer.TyperException as problem:
        diagnostics.complain(_usage(problem, arguments))
        return Exit.USAGE
    except NoScreen as problem:
        diagnostics.complain(str(problem))
        return Exit.NO_SCREEN
    except typer.Abort:
        return Exit.INTERRUPTED
    except OSError as problem:  # typer printed help, and the disk behind stdout is full
        if problem.errno != errno.ENOSPC:
            raise
        raise output.refused(problem) from None
    return code if isinstance(code, int) else Exit.HELD


def _usage(problem: typer.TyperException, arguments: list[str]) -> str:
    """Return a wrong command line's one message, with where to look next."""
    text = problem.format_message().rstrip(".")
    context = getattr(problem, "ctx", None)
    path = context.command_path if context is not None else "mailrail"
    if arguments and text.startswith("No such command") and _known(arguments[0]):
        return f"{text}; did you mean 'mailrail open {arguments[0]}'?"
    return f"{text}; see '{path} --help'"


def _known(name: str) -> bool:
    """Say whether somebody left out the command and named a pattern or scenario at once."""
    from mailrail_patterns import catalog  # noqa: PLC0415

    return name in catalog.MODULES or name in catalog.bundled()
