"""The one command that does a run again."""

from __future__ import annotations

import shlex

from mailrail_patterns.commands import format_timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import format_duration, parse_duration
from mailrail_patterns.run import Run
from mailrail_patterns.settings import write


def reproduce(run: Run) -> str:
    """Return the command line that repeats a run, what was done by hand included.

    It is quoted for a POSIX shell. A run that has gone on beyond the end of its scenario is
    repeated to where it has come.
    """
    return shlex.join(["mailrail", *arguments(run)])


def arguments(run: Run) -> list[str]:
    """Return what has to be typed after ``mailrail`` to repeat a run."""
    scenario = run.scenario
    name = f"./{scenario.name}" if scenario.name.startswith("-") else scenario.name
    words = ["run", name, "--seed", str(run.seed)]
    for key, value in run.overrides.items():
        words += ["--set", f"{key}={value if isinstance(value, str) else write(value)}"]
    length = max(scenario.duration, run.frontier)
    if length != _planned(run):
        words += ["--for", format_duration(length)]
    for timed in run.commands:
        words += ["--do", format_timed(timed)]
    for expectation in run.expectations[len(scenario.expect) :]:
        words += ["--expect", expectation.text]
    return words


def _planned(run: Run) -> float | None:
    """Return the duration the scenario itself states, in seconds."""
    try:
        return parse_duration(run.scenario.document.duration)
    except BadInput:
        return None
