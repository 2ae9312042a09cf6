"""From what was typed to a run: finds the scenario, applies the flags, says which one is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from mailrail_patterns import catalog
from mailrail_patterns.commands import Timed, parse_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration, parse_duration
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Scenario, find

from .letters import brief

_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")

T = TypeVar("T")


class Request(msgspec.Struct, frozen=True):
    """What somebody wants run, as it was typed.

    Attributes:
        name: A pattern, a bundled scenario or a file.
        seed: The seed instead of the scenario's.
        sets: Settings, ``key=value``.
        length: How long to run instead of the scenario's duration, as text.
        commands: Timed commands, as for ``--do``.
        expect: Expectations beyond the scenario's own.
    """

    name: str
    seed: int | None = None
    sets: Sequence[str] = ()
    length: str | None = None
    commands: Sequence[str] = ()
    expect: Sequence[str] = ()


def prepare(request: Request) -> Run:
    """Return the run that was asked for; nothing has happened in it yet.

    Raises:
        BadInput: Names the flag, or the file and the key, that cannot be used.
    """
    scenario = scenario_of(request.name)
    if request.length is not None:
        scenario = shortened(scenario, flagged("--for", parse_duration, request.length))
    overrides = pairs(request.sets)
    planned = _planned(request.commands)
    commands = [command for _, command in planned]
    try:
        return Run(
            scenario,
            seed=request.seed,
            overrides=overrides,
            commands=commands,
            expect=request.expect,
        )
    except BadInput as problem:
        _blame(scenario, overrides, planned, request.expect)
        raise problem.inside(request.name) from None


def _planned(texts: Sequence[str]) -> list[tuple[str, Timed]]:
    """Read commands as they were typed, in the order of time."""
    read = [(text, flagged(f"--do {text!r}", parse_timed, text)) for text in texts]
    return sorted(read, key=lambda pair: pair[1].at)


def _blame(
    scenario: Scenario,
    overrides: dict[str, str],
    planned: Sequence[tuple[str, Timed]],
    expect: Sequence[str],
) -> None:
    """Find out which part of a request is at fault by adding one after the other.

    Raises:
        BadInput: Names the flag and what was given to it, or the scenario.
    """
    try:
        Run(scenario)
    except BadInput as problem:
        told = scenario.name in str(problem)
        raise (problem if told else problem.inside(scenario.name)) from None
    _blame_setting(scenario, overrides)
    _blame_command(scenario, overrides, planned)
    for text in expect:
        if wrong := _complaint(scenario, overrides, expect=[text]):
            raise BadInput(wrong, "--expect")


def _blame_setting(scenario: Scenario, overrides: dict[str, str]) -> None:
    """Name the first setting that brings about what is wrong with all of them together.

    What only the first few of them would be refused for, the others may have put right.
    """
    whole = _complaint(scenario, overrides)
    given: dict[str, str] = {}
    for key, value in overrides.items() if whole else ():
        given[key] = value
        if _complaint(scenario, given) == whole:
            raise BadInput(whole, f"--set {key}={value}")


def _blame_command(
    scenario: Scenario, overrides: dict[str, str], planned: Sequence[tuple[str, Timed]]
) -> None:
    """Name the first command that cannot be used after those before it."""
    some: list[Timed] = []
    for text, command in planned:
        some.append(command)
        if wrong := _complaint(scenario, overrides, commands=some):
            raise BadInput(wrong, f"--do {text!r}")


def _complaint(
    scenario: Scenario,
    overrides: dict[str, str],
    commands: Sequence[Timed] = (),
    expect: Sequence[str] = (),
) -> str:
    """Return what is wrong with a run; empty if nothing is."""
    try:
        Run(scenario, overrides=overrides, commands=commands, expect=expect)
    except BadInput as problem:
        return problem.problem
    return ""


def scenario_of(name: str) -> Scenario:
    """Return the scenario of that name.

    Raises:
        BadInput: If there is none, or it cannot be read; a pipe or a device is never opened,
            for it might not end.
    """
    if not name.strip():
        raise BadInput("expected the name of a pattern, a scenario or a file")
    path = Path(name)
    try:
        special = path.exists() and not (path.is_file() or path.is_dir())
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"cannot be read: {reason}", brief(name)) from None
    if special and name not in catalog.MODULES:
        raise BadInput("this is no regular file; expected a scenario file", name)
    return find(name)


def shortened(scenario: Scenario, length: float) -> Scenario:
    """Return the scenario with another duration; steps beyond it are never reached.

    Raises:
        BadInput: If there would be nothing to run.
    """
    if length <= 0:
        raise BadInput("expected more than 0s", "--for")
    steps = tuple(timed for timed in scenario.steps if timed.at <= length)
    return replace(scenario, duration=length, steps=steps)


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """Read ``key=value`` texts; a later one of the same key wins.

    Raises:
        BadInput: If one has no ``=`` or no key.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise BadInput(f"expected key=value, not {text!r}", "--set")
        found[key.strip()] = value.strip()
    return found


def seed_of(text: str) -> int:
    """Read a seed.

    Raises:
        BadInput: If it is no whole number, or one of more than 64 bits.
    """
    if not _WHOLE.fullmatch(text.strip()):
        raise BadInput(f"expected a whole number, not {text!r}", "--seed")
    seed = int(text)
    if not -(2**63) <= seed < 2**63:
        raise BadInput(f"expected a whole number of at most 64 bits, not {text}", "--seed")
    return seed


def check_instant(at: float, run: Run) -> None:
    """See that an instant to go to, in seconds, is part of a run.

    Raises:
        BadInput: If it is after the end.
    """
    if at > run.duration:
        end = format_duration(run.duration)
        raise BadInput(f"{format_duration(at)} is after the end ({end})", "--at")


def flagged(flag: str, read: Callable[[str], T], text: str) -> T:
    """Read a flag's value.

    Raises:
        BadInput: Names the flag.
    """
    try:
        return read(text)
    except BadInput as problem:
        raise problem.inside(flag) from None
