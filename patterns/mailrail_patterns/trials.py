"""Carrying out the trials of a sweep, and adding up what broke in them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .commands import Timed
from .kernel import events as kind
from .kernel.events import Event
from .run import Run
from .scenario import Scenario
from .sweeping import Trial

GUARANTEE = "guarantee"
EXPECTATION = "expectation"
CODE = "code"
"""What can break: a guarantee, an expectation, or a participant's own code."""


class Sweep(msgspec.Struct, frozen=True):
    """What all runs of a sweep have in common.

    Attributes:
        scenario: What is run.
        overrides: Settings given on top of the scenario's.
        commands: What is done in every run, besides the scenario's steps.
        expect: What is expected of every run, besides what the scenario expects.
        strict: Whether what the scenario expects of figures counts; what it expects to break
            may break in any case.
    """

    scenario: Scenario
    overrides: dict[str, str] = {}
    commands: tuple[Timed, ...] = ()
    expect: tuple[str, ...] = ()
    strict: bool = True


class Break(msgspec.Struct, frozen=True):
    """Something that broke in a run, the first time it did.

    Attributes:
        name: The guarantee, the expectation as it was written, or whose code failed.
        sort: ``guarantee``, ``expectation`` or ``code``.
        what: What was found.
        time: When, in seconds.
        event: Number of the event that broke it; for what shows at the end, of the last one.
    """

    name: str
    sort: str
    what: str
    time: float
    event: int


class Result(msgspec.Struct, frozen=True):
    """How one trial ended.

    Attributes:
        breaks: What broke, in the order in which it did; empty: everything held.
        struck: When the crash or fault took effect, in seconds; None: never.
        failure: The traceback of a fault of the engine itself; empty: none.
        digest: Digest of all that happened: of two runs that are the same it is the same.
    """

    breaks: tuple[Break, ...] = ()
    struck: float | None = None
    failure: str = ""
    digest: str = ""


def run_of(sweep: Sweep, trial: Trial) -> Run:
    """Return the run of a trial; nothing has happened in it yet.

    Raises:
        BadInput: If something that was given cannot be used.
    """
    return Run(
        sweep.scenario,
        seed=trial.seed,
        overrides=sweep.overrides,
        commands=[*sweep.commands, *trial.commands],
        expect=sweep.expect,
    )


def carry_out(sweep: Sweep, trial: Trial) -> Result:
    """Carry a trial to its end and judge it."""
    run = run_of(sweep, trial)
    run.advance(run.duration)
    breaks = breaks_of(run, strict=sweep.strict)
    return Result(breaks, _struck(run.events, trial), digest=run.digest())


def breaks_of(run: Run, *, strict: bool = True) -> tuple[Break, ...]:
    """Return what broke in a finished run, in the order in which it did.

    Args:
        run: The run.
        strict: Whether what the scenario expects of figures counts.
    """
    outcome, last = run.outcome(), len(run.events)
    found = [
        Break(event.actor, CODE, event.text, event.t, event.n)
        for event in run.events
        if event.kind == kind.CRASHED and event.text.startswith("bug: ")
    ]
    for finding in outcome.findings:
        first, name = finding.first, finding.guarantee.name
        if first is not None and name not in outcome.expected:
            found.append(Break(name, GUARANTEE, first.what, first.time, first.event or last))
    own = 0 if strict else len(run.scenario.expect)
    for judgement in outcome.judgements[own:]:
        if not judgement.holds:
            what = f"measured {judgement.measured}"
            found.append(Break(judgement.expect, EXPECTATION, what, judgement.at, last))
    first_of = {each.name: each for each in reversed(found)}
    return tuple(sorted(first_of.values(), key=lambda each: (each.event, each.name)))


def _struck(events: Sequence[Event], trial: Trial) -> float | None:
    """Return when a trial's crash or fault took effect, in seconds; None: never."""
    point = trial.point.name if trial.point is not None else ""
    since = trial.commands[0].at if trial.commands else 0.0
    for event in events:
        if event.t < since:
            continue
        if trial.fault and event.kind == kind.INJECTED and event.message == trial.fault:
            return event.t
        if trial.actor and event.kind == kind.CRASHED and event.actor == trial.actor:
            return event.t if event.text.startswith(point) else None
    return None
