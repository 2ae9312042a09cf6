"""``mailrail sweep``: runs something many times, tells what broke, and makes the failure small."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from mailrail_patterns.commands import format_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.shrinking import Shrunk, shrink
from mailrail_patterns.sweeping import Plan, Trial
from mailrail_patterns.tallies import shortest
from mailrail_patterns.trials import Result, Sweep, run_of

from . import diagnostics, output
from .diagnostics import Exit, Progress
from .files import check_target
from .preparation import Request, flagged, pairs, prepare
from .saving import document_of, file_of, put
from .sweep_crew import Lost
from .sweep_findings import SEEDS, Findings, Shortest
from .sweep_plan import Wish, jobs_of, mode_of, plan_of
from .sweep_work import results


def carry_out(request: Request, wish: Wish) -> int:
    """Run, shrink, write, print; return the exit code.

    Raises:
        BadInput: If something that was asked for cannot be had.
    """
    mode, jobs = mode_of(wish), jobs_of(wish)
    target = None
    if wish.save is not None:
        path = flagged("--save", file_of, wish.save)
        target = check_target("--save", str(path), force=wish.force)
    run = prepare(request)
    sweep = Sweep(
        run.scenario, pairs(request.sets), tuple(run.commands), tuple(request.expect), mode == SEEDS
    )
    plan = plan_of(run, wish, mode)
    try:
        with Progress(len(plan.trials)) as progress:
            found = results(sweep, plan.trials, jobs, progress.reached)
            _check(sweep, plan, found)
            progress.reached(len(plan.trials), "making the failure small")
            short = _shortest(sweep, plan, found)
    except Lost:
        diagnostics.complain("a process of the sweep died; with --jobs 1 none is needed")
        return Exit.BUG
    findings = Findings(mode, run, plan, tuple(found), short)
    unsaved = None
    if target is not None and short is not None:
        try:
            put(short.shrunk.document, target, "--save", force=wish.force)
            findings = msgspec.structs.replace(findings, saved=str(target))
        except BadInput as problem:  # what was found is told all the same
            unsaved = problem
    with suppress(output.Closed):  # the verdict stands, whoever reads it
        _print(findings, wish)
    if unsaved is not None:
        raise unsaved
    return Exit.BROKE if short is not None else Exit.HELD


def _check(sweep: Sweep, plan: Plan, found: list[Result]) -> None:
    """Stop at a fault of the engine: nothing may pass for a verdict then."""
    for trial, result in zip(plan.trials, found, strict=True):
        if result.failure:
            done = "; ".join(map(format_timed, trial.commands))
            problem = RuntimeError(f"in the run of seed {trial.seed}, with: {done or 'nothing'}")
            problem.add_note(result.failure)
            raise problem


def _shortest(sweep: Sweep, plan: Plan, found: list[Result]) -> Shortest | None:
    best = shortest(found)
    if best is None:
        return None
    index, broken = best
    run = run_of(sweep, plan.trials[index])
    document = document_of(run)
    own = [text for text in document.expect if sweep.strict or text.split()[-1:] == ["breaks"]]
    document.expect = [*own, *sweep.expect]
    short = shrink(document, broken)
    return Shortest(index, broken, run, _titled(short, plan.trials[index]))


def _titled(short: Shrunk, trial: Trial) -> Shrunk:
    document = msgspec.structs.replace(
        short.document,
        title=f"{short.broken.name}: {short.broken.what}"[:200],
        about=f"Found by a sweep and made small. {short.document.title}".strip(),
    )
    return msgspec.structs.replace(short, document=document)


def _print(findings: Findings, wish: Wish) -> None:
    if wish.json:
        from .json_report import encoded  # noqa: PLC0415
        from .sweep_json import summary  # noqa: PLC0415

        output.data([encoded(summary(findings))])
    else:
        from .sweep_report import report  # noqa: PLC0415

        output.page(*report(findings, wished=wish.save))
