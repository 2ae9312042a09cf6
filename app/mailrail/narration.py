"""What happened, in plain English: one line an event, in the field's terms.

Every line is told from its event alone, so that live, rewound and reloaded runs read the same.
"""

from __future__ import annotations

from typing import Final

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.views import MarkView

from .frames import LedgerRow
from .lecture import shown
from .tellings import TELLERS
from .wording import clock, columns, places, readable, seconds


def narrate(event: Event, *, answers: bool = True) -> LedgerRow | None:
    """Tell one event; None for the few that are not worth a line.

    Args:
        event: The event.
        answers: Whether a question is told with its answer: where a key can show it, it is not.

    Returns:
        The row, with a tone of ``plain good warn bad note``.
    """
    teller = TELLERS[event.kind]
    if teller is None:
        return None
    tone, text = teller(event)
    if event.kind in (kind.SAID, kind.WAITED):
        text = shown(text, answered=answers)
    return LedgerRow(
        event.n, event.t, event.kind, readable(text), tone, event.actor, _message(event)
    )


def mark(event: Event) -> MarkView | None:
    """Return the mark an event leaves on the timeline; None for most."""
    sort = _MARKS.get(event.kind)
    if event.kind == kind.DROPPED and event.text == kind.LIMIT:
        sort = "dead"
    if sort is None or (event.kind == kind.SPAWNED and event.t == 0.0):
        return None
    row = narrate(event, answers=False)
    return None if row is None else MarkView(event.n, event.t, sort, row.text)


def _message(event: Event) -> str:
    """Settings and faults are named in the field that holds a message in all other events."""
    if event.kind == kind.CHANGED:
        return ""
    return event.group if event.kind in NAMES_A_FAULT else event.message


NAMES_A_FAULT: Final = frozenset(
    {kind.INJECTED, kind.HEALED, kind.ARMED, kind.DISARMED, kind.STRUCK}
)
"""Kinds of event that hold the name of a fault where all others hold a message's."""

_MARKS: Final[dict[str, str]] = {
    kind.CRASHED: "fault",
    kind.PAUSED: "fault",
    kind.HALTED: "fault",
    kind.INJECTED: "fault",
    kind.ARMED: "fault",
    kind.STRUCK: "fault",
    kind.DISARMED: "heal",
    kind.STALLED: "fault",
    kind.HEALED: "heal",
    kind.RESTARTED: "heal",
    kind.RESUMED: "heal",
    kind.CHANGED: "command",
    kind.SPAWNED: "command",
    kind.STOPPING: "command",
    kind.REDRIVEN: "command",
    kind.REBALANCING: "fault",
    kind.REBALANCED: "heal",
    kind.PEEKED: "command",
    kind.IGNORED: "command",
    kind.VIOLATED: "violation",
    kind.SAID: "caption",
    kind.WAITED: "caption",
    kind.DEAD_LETTERED: "dead",
    kind.SHELVED: "dead",
}

__all__ = ["NAMES_A_FAULT", "clock", "columns", "mark", "narrate", "places", "readable", "seconds"]
