"""A sweep as data: the object of ``sweep --json``."""

from __future__ import annotations

import msgspec

from mailrail_patterns.commands import format_timed
from mailrail_patterns.tallies import tallies

from . import __version__
from .json_report import SCHEMA
from .saving import to_toml
from .sweep_findings import Findings


class Place(msgspec.Struct, frozen=True):
    """One run of a sweep, and where something broke in it first.

    Attributes:
        run: Its index, from 0.
        seed: Its seed.
        commands: What was done in it alone, as for ``--do``.
        struck: When the crash or fault took effect, in seconds; null: never, or there is none.
        time: When it broke, in seconds.
        event: Number of the event that broke it; the last one for what shows at the end.
        what: What was found.
    """

    run: int
    seed: int
    commands: tuple[str, ...]
    struck: float | None
    time: float
    event: int
    what: str


class Broken(msgspec.Struct, frozen=True):
    """Something that broke: a guarantee, an expectation or a participant's code."""

    name: str
    sort: str
    runs: int
    first: Place


class Small(msgspec.Struct, frozen=True):
    """The shortest failure made small: when it breaks, how many events it has, the file."""

    time: float
    events: int
    toml: str


class Short(msgspec.Struct, frozen=True):
    """The failure that takes the fewest events, with the commands that show and repeat it."""

    name: str
    at: Place
    open: str
    again: str
    shrunk: Small
    saved: str | None


class Summary(msgspec.Struct, frozen=True):
    """The object of ``sweep --json``; times in seconds of virtual time.

    Attributes:
        schema: Version of this layout.
        version: Version of the program.
        pattern: The pattern.
        scenario: The scenario.
        mode: What the runs differ in: ``seeds``, ``crash`` or ``fault``.
        seed: The first seed.
        runs: How many runs there were.
        distinct: How many of them differ in anything that happened; 1: another seed, crash or
            fault has changed nothing at all.
        left_out: How many more there would have been.
        idle: In how many the crash or fault never took effect.
        failures: In how many something broke.
        broken: What broke, the most frequent first.
        shortest: The shortest failure; null: nothing broke.
    """

    schema: int
    version: str
    pattern: str
    scenario: str
    mode: str
    seed: int
    runs: int
    distinct: int
    left_out: int
    idle: int
    failures: int
    broken: tuple[Broken, ...]
    shortest: Short | None


def summary(findings: Findings) -> Summary:
    """Return everything about a sweep."""
    run, short = findings.run, findings.shortest
    told = None
    if short is not None:
        small = short.shrunk
        told = Short(
            short.broken.name,
            _place(findings, short.index, short.broken.name),
            findings.open,
            findings.again,
            Small(small.broken.time, small.events, to_toml(small.document)),
            findings.saved or None,
        )
    return Summary(
        schema=SCHEMA,
        version=__version__,
        pattern=run.pattern.name,
        scenario=run.scenario.name,
        mode=findings.mode,
        seed=run.seed,
        runs=len(findings.results),
        distinct=findings.distinct,
        left_out=findings.plan.left_out,
        idle=findings.idle,
        failures=findings.failures,
        broken=tuple(
            Broken(each.name, each.sort, each.runs, _place(findings, each.first, each.name))
            for each in tallies(findings.results)
        ),
        shortest=told,
    )


def _place(findings: Findings, index: int, name: str) -> Place:
    trial, result = findings.plan.trials[index], findings.results[index]
    broken = next(each for each in result.breaks if each.name == name)
    commands = tuple(format_timed(timed) for timed in trial.commands)
    return Place(index, trial.seed, commands, result.struck, broken.time, broken.event, broken.what)
