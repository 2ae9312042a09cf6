"""Events as lines of a sheet: what happened, what it followed from and what followed from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from mailrail.frames import LedgerRow
from mailrail.selection import Kind, Selection
from mailrail.sheet import Entry
from mailrail.wording import columns
from mailrail_patterns.invariants.judge import chain
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

from .threads import Threads

Tell = Callable[[Event], LedgerRow | None]
"""Tells an event; None for the few that are not worth a line."""

CAUSES: Final = 12
"""Links of a causal chain that are told; the earlier ones are counted."""

DEEP: Final = 4
"""Steps from an event within which consequences are told."""

CONSEQUENCES: Final = 40
"""Consequences that are told."""


def told(event: Event, tell: Tell, *, upto: int, depth: int = 0) -> Entry:
    """Return an event as a line; what lies beyond event ``upto`` has not happened yet."""
    row = tell(event)
    text = event.kind.replace("_", " ") if row is None else row.text
    if event.kind == kind.STATE:
        text = _written(event)
    tone = "plain" if row is None else row.tone
    if event.n > upto:
        tone, text = "faint", f"{text} (later)"
    return Entry(
        text, f"{event.t:.2f}", tone, Selection(Kind.EVENT, str(event.n)), depth=depth
    )  # fmt: skip


def _written(event: Event) -> str:
    """Tell that a row was written; the whole of it stands on its own sheet."""
    entry = dict(columns(event.text)).get("entry", "")
    said = ": " + " · ".join(filter(None, (event.group, entry))) if event.group or entry else ""
    return f"{event.actor or 'the broker'} writes {event.queue}/{event.message}{said}"


def happened(events: Iterable[Event], tell: Tell, upto: int) -> tuple[Entry, ...]:
    """Return events as lines, oldest first."""
    return tuple(told(event, tell, upto=upto) for event in events)


def causes(events: Sequence[Event], number: int, tell: Tell) -> tuple[Entry, ...]:
    """Return the chain of events that led to event ``number``, the root first, it not included."""
    numbers = chain(events, number)[:-1]
    shown = numbers if len(numbers) <= CAUSES else numbers[1 - CAUSES :]
    lines = [told(events[n - 1], tell, upto=number) for n in shown]
    if len(shown) < len(numbers):
        root = told(events[numbers[0] - 1], tell, upto=number)
        left = len(numbers) - len(shown) - 1
        lines = [root, *((Entry(f"{left} more between", "", "faint"),) if left else ()), *lines]
    return tuple(lines)


def consequences(
    threads: Threads, begun: Iterable[Event], tell: Tell, upto: int, without: str = ""
) -> tuple[Entry, ...]:
    """Return what followed from events, each line below what it followed from.

    Args:
        threads: The threads of the run.
        begun: The events it is to have followed from.
        tell: Tells an event.
        upto: Number of the last event that has happened.
        without: A message whose own events are no consequence of it, at the first step.
    """
    following = (each for event in begun for each in _following(threads, event, without))
    found = [
        told(event, tell, upto=upto, depth=depth)
        for event, depth in islice(following, CONSEQUENCES)
    ]
    if len(found) >= CONSEQUENCES:
        found.append(Entry("and more", "", "faint"))
    return tuple(found)


def _following(
    threads: Threads, event: Event, without: str, depth: int = 0
) -> Iterator[tuple[Event, int]]:
    for child in threads.followed(event.n, CONSEQUENCES):
        if without and child.message == without and child.kind != kind.STATE and not depth:
            continue
        yield child, depth
        if depth + 1 < DEEP:
            yield from _following(threads, child, without, depth + 1)
