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


def look(run: Run, at: float) -> str:
    """Return the command line that opens a run in the explorer, held at an instant in seconds."""
    words = ["mailrail", "open", *_circumstances(run), "--at", format_duration(at), "--paused"]
    return shlex.join(words)


def arguments(run: Run) -> list[str]:
    """Return what has to be typed after ``mailrail`` to repeat a run."""
    words = ["run", *_circumstances(run)]
    for expectation in run.expectations[len(run.scenario.expect) :]:
        words += ["--expect", expectation.text]
    return words


def _circumstances(run: Run) -> list[str]:
    """Return everything that makes a run what it is, as ``run`` and ``open`` take it."""
    scenario = run.scenario
    words = [_safe(scenario.name), "--seed", str(run.seed)]
    for key, value in run.overrides.items():
        words += ["--set", f"{key}={value if isinstance(value, str) else write(value)}"]
    length = max(scenario.duration, run.frontier)
    if length != _planned(run):
        words += ["--for", format_duration(length)]
    for timed in run.commands:
        words += ["--do", format_timed(timed)]
    return words


def look_at_file(name: str, at: float) -> str:
    """Return the command line that opens a scenario file, held at an instant in seconds."""
    return shlex.join(["mailrail", "open", _safe(name), "--at", format_duration(at), "--paused"])


def _safe(name: str) -> str:
    """Return a name that cannot be taken for a flag."""
    return f"./{name}" if name.startswith("-") else name


def _planned(run: Run) -> float | None:
    """Return the duration the scenario itself states, in seconds."""
    try:
        return parse_duration(run.scenario.document.duration)
    except BadInput:
        return None
