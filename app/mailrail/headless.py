"""``mailrail run``: carries a run to its end, delivers what was asked for, and judges it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.verdict import Outcome

from . import diagnostics, output
from .diagnostics import Exit
from .files import check_target, write_whole
from .preparation import Request, prepare

STDOUT: Final = "-"


class Delivery(msgspec.Struct, frozen=True):
    """What is wanted of a run.

    Attributes:
        json: One JSON object on stdout instead of the report.
        events: File for the events, or ``-`` for stdout.
        junit: File for the verdict as JUnit XML.
        force: Whether files may be overwritten.
        speed: Seconds of virtual time a second to tell it live at; None: run at once.
    """

    json: bool = False
    events: str | None = None
    junit: str | None = None
    force: bool = False
    speed: float | None = None


def carry_out(request: Request, delivery: Delivery) -> int:
    """Run, write, print; return the exit code.

    Raises:
        BadInput: If something that was asked for cannot be had.
    """
    _check(delivery)
    run = prepare(request)
    targets = _targets(delivery)
    with suppress(output.Closed):
        if delivery.speed is not None:
            from .live import narrate_live  # noqa: PLC0415 - anyio is loaded only where it is used

            narrate_live(run, delivery.speed)
    run.advance(run.duration)
    outcome = run.outcome()
    unwritten = None
    try:
        _write(run, outcome, targets, force=delivery.force)
    except BadInput as problem:  # what came of it is told all the same
        unwritten = problem
    with suppress(output.Closed):  # the verdict stands, whoever reads it
        _print(run, outcome, delivery)
    if unwritten is not None:
        raise unwritten
    if run.stalled:
        diagnostics.complain(f"the run stalled at {run.now:g} s: an instant would not end")
        return Exit.BROKE
    return Exit.HELD if outcome.held else Exit.BROKE


def _check(delivery: Delivery) -> None:
    to_stdout = [
        flag
        for flag, asked in (
            ("--json", delivery.json),
            ("--events -", delivery.events == STDOUT),
            ("--speed", delivery.speed is not None),
        )
        if asked
    ]
    if len(to_stdout) > 1:
        raise BadInput(f"{' and '.join(to_stdout)} all want stdout; drop one")


def _targets(delivery: Delivery) -> dict[str, Path]:
    found = {}
    for flag, name in (("--events", delivery.events), ("--junit", delivery.junit)):
        if name is not None and not (flag == "--events" and name == STDOUT):
            found[flag] = check_target(flag, name, force=delivery.force)
    if len({path.resolve() for path in found.values()}) < len(found):
        raise BadInput("--events and --junit name the same file", "--junit")
    return found


def _write(run: Run, outcome: Outcome, targets: dict[str, Path], *, force: bool) -> None:
    if "--events" in targets:
        from .json_report import event_lines  # noqa: PLC0415

        write_whole("--events", targets["--events"], event_lines(run.events), force=force)
    if "--junit" in targets:
        from .junit import junit  # noqa: PLC0415

        write_whole("--junit", targets["--junit"], [junit(run, outcome)], force=force)


def _print(run: Run, outcome: Outcome, delivery: Delivery) -> None:
    if delivery.json:
        from .json_report import encoded, summary  # noqa: PLC0415

        output.data([encoded(summary(run, outcome))])
    elif delivery.events == STDOUT:
        from .json_report import event_lines  # noqa: PLC0415

        output.data(event_lines(run.events))
    else:
        from .report import report  # noqa: PLC0415

        output.page(*report(run, outcome))
