"""``mailrail sweep``: runs something many times, tells what broke, and makes the failure small."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from mailrail_patterns.commands import format_timed
from mailrail_patterns.names import BadInput, suggest
from mailrail_patterns.quantities import parse_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build, parse
from mailrail_patterns.shrinking import Shrunk, shrink
from mailrail_patterns.sweeping import Plan, Trial, by_crash, by_fault, by_seed
from mailrail_patterns.trials import Result, Sweep, run_of, shortest

from . import diagnostics, output
from .diagnostics import Exit, Progress
from .files import check_target, write_whole
from .preparation import Request, flagged, pairs, prepare
from .saving import document_of, file_of, to_toml
from .sweep_crew import Lost, results
from .sweep_findings import CRASH, FAULT, SEEDS, Findings, Shortest

EVERYWHERE: Final = "every-event"
_SEEDS: Final = "100"
_MOST: Final = "1000"
_MANY: Final = 1_000_000
_PROCESSES: Final = 256


class Wish(msgspec.Struct, frozen=True):
    """What is wanted of a sweep, as it was typed.

    Attributes:
        seeds: How many seeds.
        crash: Where to crash whoever acts: ``every-event``.
        fault: Where to inject every fault: ``every-event``.
        down: How long a crash or a fault lasts.
        most: Most crashes or faults.
        jobs: How many processes to use.
        json: One JSON object on stdout instead of the report.
        save: File for the shortest failure.
        force: Whether it may be overwritten.
    """

    seeds: str | None = None
    crash: str | None = None
    fault: str | None = None
    down: str | None = None
    most: str | None = None
    jobs: str | None = None
    json: bool = False
    save: str | None = None
    force: bool = False


def carry_out(request: Request, wish: Wish) -> int:
    """Run, shrink, write, print; return the exit code.

    Raises:
        BadInput: If something that was asked for cannot be had.
    """
    mode = _mode(wish)
    jobs = None if wish.jobs is None else _number("--jobs", wish.jobs, _PROCESSES)
    target = None
    if wish.save is not None:
        path = flagged("--save", file_of, wish.save)
        target = check_target("--save", str(path), force=wish.force)
    run = prepare(request)
    sweep = Sweep(
        run.scenario, pairs(request.sets), tuple(run.commands), tuple(request.expect), mode == SEEDS
    )
    plan = _plan(run, wish, mode)
    try:
        with Progress(len(plan.trials)) as progress:
            found = results(sweep, plan.trials, jobs, progress.reached)
            _check(sweep, plan, found)
            progress.reached(len(plan.trials), "making the failure small")
            short = _shortest(sweep, plan, found)
    except Lost:
        diagnostics.complain("a process of the sweep died; with --jobs 1 none is needed")
        return Exit.BUG
    findings = Findings(mode, run, plan, tuple(found), short, alike=_alike(sweep, plan, mode))
    if target is not None and short is not None:
        _save(short, target, force=wish.force)
        findings = msgspec.structs.replace(findings, saved=str(target))
    with suppress(output.Closed):  # the verdict stands, whoever reads it
        _print(findings, wish)
    return Exit.BROKE if short is not None else Exit.HELD


def _mode(wish: Wish) -> str:
    given = {SEEDS: wish.seeds, CRASH: wish.crash, FAULT: wish.fault}
    modes = [mode for mode, value in given.items() if value is not None]
    if len(modes) > 1:
        flags = " and ".join(
            {SEEDS: "--seeds", CRASH: "--crash", FAULT: "--fault"}[m] for m in modes
        )
        raise BadInput(f"{flags} cannot be had together; a sweep varies one thing")
    mode = modes[0] if modes else SEEDS
    if mode != SEEDS and given[mode] != EVERYWHERE:
        raise BadInput(
            f"unknown place {given[mode]!r}; {suggest(str(given[mode]), [EVERYWHERE])}", f"--{mode}"
        )
    if mode == SEEDS:
        for flag, value in (("--restart", wish.down), ("--most", wish.most)):
            if value is not None:
                raise BadInput("goes with --crash or --fault only", flag)
    return mode


def _plan(run: Run, wish: Wish, mode: str) -> Plan:
    if mode == SEEDS:
        count = _number("--seeds", wish.seeds or _SEEDS, _MANY)
        if run.seed + count > 2**63:
            raise BadInput(f"there are not so many seeds after {run.seed}", "--seeds")
        return by_seed(run.seed, count)
    down = None if wish.down is None else flagged("--restart", parse_duration, wish.down)
    if down == 0:
        raise BadInput("expected more than 0s", "--restart")
    most = _number("--most", wish.most or _MOST, _MANY)
    run.advance(run.duration)
    return (by_crash if mode == CRASH else by_fault)(run, down=down, most=most)


def _number(flag: str, text: str, highest: int) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise BadInput(f"expected a whole number from 1 to {highest}, not {text[:40]!r}", flag)
    if not 1 <= int(text) <= highest:
        raise BadInput(f"expected 1 to {highest}, not {text}", flag)
    return int(text)


def _check(sweep: Sweep, plan: Plan, found: list[Result]) -> None:
    """Stop at a fault of the engine: nothing may pass for a verdict then."""
    for trial, result in zip(plan.trials, found, strict=True):
        if result.failure:
            done = "; ".join(map(format_timed, trial.commands))
            problem = RuntimeError(f"in the run of seed {trial.seed}, with: {done or 'nothing'}")
            problem.add_note(result.failure)
            raise problem


def _alike(sweep: Sweep, plan: Plan, mode: str) -> bool:
    """Say whether the first two seeds give the very same run: then nothing is left to chance."""
    if mode != SEEDS or len(plan.trials) < 2:
        return False
    twins = [run_of(sweep, trial) for trial in plan.trials[:2]]
    for twin in twins:
        twin.advance(twin.duration)
    return twins[0].digest() == twins[1].digest()


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


def _save(short: Shortest, target: Path, *, force: bool) -> None:
    text = to_toml(short.shrunk.document)
    Run(build(parse(text), str(target)))  # a file that cannot be opened again is no use
    write_whole("--save", target, [text.encode()], force=force)


def _print(findings: Findings, wish: Wish) -> None:
    if wish.json:
        from .json_report import encoded  # noqa: PLC0415
        from .sweep_json import summary  # noqa: PLC0415

        output.data([encoded(summary(findings))])
    else:
        from .sweep_report import report  # noqa: PLC0415

        output.page(*report(findings, wished=wish.save))
