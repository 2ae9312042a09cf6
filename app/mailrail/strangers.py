"""Messages that a fault was to strike, and that never came."""

from __future__ import annotations

from collections.abc import Iterator

from mailrail_patterns.commands import ANYBODY, Inject
from mailrail_patterns.faults import declared
from mailrail_patterns.names import suggest
from mailrail_patterns.run import Run


def strangers(run: Run) -> list[str]:
    """Return what to say of messages that faults wait for and that have not come so far.

    A message that is yet to come may have any name, so a slip of the pen cannot be refused; but
    the fault then strikes nobody, and the run looks as if the pattern had borne it.
    """
    awaited = list(dict.fromkeys(_awaited(run)))
    if not awaited:
        return []
    come = {event.message: None for event in run.events if event.actor and event.message}
    return [
        f"{fault} was for {name}, which never came; {suggest(name, come)}"
        for fault, name in awaited
        if name not in come
    ]


def _awaited(run: Run) -> Iterator[tuple[str, str]]:
    """Yield faults, and the messages they were injected for, by the scenario or by hand."""
    for timed in (*run.scenario.steps, *run.commands):
        match timed.command:
            case Inject(fault, target) if target not in ("", ANYBODY) and timed.at <= run.now:
                if declared(run.pattern, fault).target == "message":
                    yield fault, target
            case _:
                pass
