"""Putting settings back to what a run started with, by commands like any other change."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from mailrail_patterns.commands import Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.settings import DIALECT

from .session import Session


def changed(run: Run) -> dict[str, str]:
    """Return the settings that are not at the playhead what they were at the start, and that."""
    now = dict(run.view().settings)
    return {name: text for name, text in run.started_with().items() if now[name] != text}


def reset(
    session: Session, then: Callable[[dict[str, str]], object], names: Iterable[str] = ()
) -> None:
    """Put settings back: those that are named, or all.

    Args:
        session: The session; in the past it forks, once for all of them.
        then: Is called with what was put back, and to what.
        names: Names of settings; empty: all that have been changed.

    Raises:
        BadInput: If it turns out at once that one can only be put back with others.
    """
    wanted = frozenset(names)
    session.work_on("putting settings back", lambda run: _resetting(run, wanted), then)


def _resetting(run: Run, wanted: frozenset[str]) -> Generator[float, None, dict[str, str]]:
    """Put settings back one by one.

    A dialect goes first, for it takes along what came with it; of two settings that bound each
    other the one goes first that can.
    """
    before = changed(run)
    left = [name for name in before if not wanted or name in wanted]
    left.sort(key=lambda name: name != DIALECT)
    many = len(left)
    while left:
        problem = None
        waiting = []
        for index, name in enumerate(left):
            value = changed(run).get(name)
            if value is None:
                continue
            try:
                run.do(Set(name, value))
            except BadInput as refused:
                problem = refused
                waiting.append(name)
            yield 1 - (len(left) - index - 1 + len(waiting)) / many
        if problem is not None and len(waiting) == len(left):
            raise problem
        left = waiting
    after = changed(run)
    return {name: value for name, value in before.items() if name not in after}
