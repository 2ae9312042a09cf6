"""Putting settings back to what a run started with, by commands like any other change."""

from __future__ import annotations

from collections.abc import Iterable

from mailrail_patterns.commands import Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.settings import DIALECT

from .session import Session


def changed(run: Run) -> dict[str, str]:
    """Return the settings that are not at the playhead what they were at the start, and that."""
    now = dict(run.view().settings)
    return {name: text for name, text in run.started_with().items() if now[name] != text}


def reset(session: Session, names: Iterable[str] = ()) -> dict[str, str]:
    """Put settings back: those that are named, or all.

    A dialect goes first, for it takes along what came with it; of two settings that bound each
    other the one goes first that can.

    Returns:
        What was put back, and to what.

    Raises:
        BadInput: If one can only be put back with others.
    """
    wanted = list(names)
    before = changed(session.run)
    left = [name for name in before if not wanted or name in wanted]
    left.sort(key=lambda name: name != DIALECT)
    while left:
        problem = None
        waiting = []
        for name in left:
            value = changed(session.run).get(name)
            if value is None:
                continue
            try:
                session.do(Set(name, value))
                session.finish()  # the next one may depend on it
            except BadInput as refused:
                problem = refused
                waiting.append(name)
        if problem is not None and len(waiting) == len(left):
            raise problem
        left = waiting
    after = changed(session.run)
    return {name: value for name, value in before.items() if name not in after}
