"""Two runs of one seed with one thing different: how the other one is made, and where it forked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest

from msgspec.structs import replace

from mailrail_patterns.commands import Set, Timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run


def forked_at(left: Run, right: Run) -> float | None:
    """Return where two runs of one seed and the same settings were first told different things.

    Returns:
        The instant in seconds; None if nothing was, or the seeds or settings they were started
        with differ, so that one is no fork of the other.
    """
    if left.seed != right.seed or left.overrides != right.overrides:
        return None
    for one, other in zip_longest(left.commands, right.commands):
        if one != other:
            return min(timed.at for timed in (one, other) if timed is not None)
    return None


def twin_of(run: Run, overrides: Mapping[str, str]) -> Run:
    """Return a second run of the same seed and commands, with other settings.

    What is different stays so: commands that would set one of ``overrides`` are left out, and
    so is what is done to somebody who is not there under those settings.

    Raises:
        BadInput: If a setting cannot be used.
    """
    settings = {**run.overrides, **overrides}
    kept = tuple(timed for timed in run.scenario.steps if not _sets(timed, overrides))
    done = [timed for timed in run.commands if not _sets(timed, overrides)]
    bare = replace(run.scenario, steps=())
    try:
        return Run(
            replace(bare, steps=kept), seed=run.seed, overrides=settings, commands=done
        )  # fmt: skip
    except BadInput:
        Run(bare, seed=run.seed, overrides=settings)  # is it the settings?
    steps: list[Timed] = []
    for step in (*kept, *done):
        try:
            Run(replace(bare, steps=(*steps, step)), seed=run.seed, overrides=settings)
        except BadInput:
            continue
        steps.append(step)
    steps.sort(key=lambda timed: timed.at)
    return Run(replace(bare, steps=tuple(steps)), seed=run.seed, overrides=settings)


def sets_anew(run: Run, key: str) -> bool:
    """Whether a command of a run sets ``key``, so that no one value of it names the run."""
    return any(_sets(timed, (key,)) for timed in (*run.scenario.steps, *run.commands))


def _sets(timed: Timed, keys: Iterable[str]) -> bool:
    command = timed.command
    return isinstance(command, Set) and _spelt(command.key) in {_spelt(key) for key in keys}


def _spelt(key: str) -> str:
    return key.replace("-", "_")
