"""Bundled scenarios with commands given by hand at their instants, and what broke in them."""

from __future__ import annotations

from mailrail_patterns.commands import parse_timed
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find


def driven(run: Run, seconds: float, *commands: str) -> Run:
    """Give a run commands such as ``"6s crash worker-1"`` in their order, and run it so far."""
    for text in commands:
        timed = parse_timed(text)
        run.advance(timed.at)
        run.do(timed.command)
    run.advance(seconds)
    return run


def ran(name: str, seconds: float, *commands: str, **settings: object) -> Run:
    """Return a run of a bundled scenario, driven by hand."""
    return driven(Run(find(name), overrides=settings), seconds, *commands)


def broken(run: Run) -> set[str]:
    """Return the names of the guarantees that broke."""
    return {finding.guarantee.name for finding in run.findings() if not finding.holds}
