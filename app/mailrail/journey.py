"""The journey of a message: what happened to it and because of it, from place to place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

from .narration import NAMES_A_FAULT, narrate

DEAD: Final = "dead letters"
"""The place of what is dead."""

TO_QUEUE: Final = frozenset(
    {kind.SENT, kind.COMPLETED, kind.ABANDONED, kind.RENEWED, kind.DEFERRED, kind.LOCK_LOST,
     kind.PUBLISHED, kind.UNROUTED, kind.REJECTED, kind.DROPPED, kind.STATE}
)  # fmt: skip
"""What an actor does to a queue, a topic or a table."""

MOST: Final = 400
"""Steps that are told; of a longer journey the first ones."""


class Step(msgspec.Struct, frozen=True):
    """One event of a journey.

    Attributes:
        n: Number of the event.
        t: When, in seconds.
        source: Where it comes from.
        target: Where it goes to; the same place if it stays.
        message: The message.
        label: One or two words.
        text: The whole sentence.
        tone: ``plain good warn bad note``.
    """

    n: int
    t: float
    source: str
    target: str
    message: str
    label: str
    text: str
    tone: str


class Journey(msgspec.Struct, frozen=True):
    """A journey.

    Attributes:
        message: The message it is about.
        places: The actors, queues, topics and tables it touches, in order of first mention.
        steps: What happened.
        related: Names of the other messages of its conversation.
    """

    message: str
    places: tuple[str, ...]
    steps: tuple[Step, ...]
    related: tuple[str, ...]


def journey(events: Sequence[Event], message: str) -> Journey:
    """Return the journey of a message and of what it has led to, as far as ``events`` tell.

    A message belongs to it if it has been caused by an event of the message, or is of the
    conversation that the message began.
    """
    names = {message}
    numbers: set[int] = set()
    found: list[Event] = []
    for event in events:
        caused = event.cause in numbers and bool(event.message)
        if event.message in names or caused or (event.conversation == message and event.message):
            found.append(event)
            numbers.add(event.n)
            if event.kind in (kind.SENT, kind.PUBLISHED):
                names.add(event.message)
    steps = tuple(step for event in found[:MOST] if (step := _step(event)) is not None)
    return Journey(message, _places(steps), steps, tuple(sorted(names - {message})))


def _places(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for step in steps for place in (step.source, step.target)))


def _step(event: Event) -> Step | None:
    row = narrate(event)
    if row is None or event.kind in NAMES_A_FAULT or event.kind == kind.CHANGED:
        return None
    source, target = _way(event)
    label = event.kind.replace("_", " ")
    if event.kind == kind.DELIVERED:
        label = f"#{event.delivery}"
    elif event.kind == kind.STATE and event.group:
        label = event.group
    return Step(event.n, event.t, source, target, event.message, label, row.text, row.tone)


def _way(event: Event) -> tuple[str, str]:
    actor, queue = event.actor, event.queue
    if event.kind == kind.DEAD_LETTERED:
        return actor or queue, DEAD
    if event.kind == kind.REDRIVEN:
        return DEAD, queue
    if event.kind == kind.DELIVERED:
        return queue, actor
    if event.kind in TO_QUEUE and actor and queue:
        return actor, queue
    if event.kind == kind.LOCK_EXPIRED and event.text:
        return event.text, queue
    here = actor or queue
    return here, here


__all__ = ["Journey", "Step", "journey"]
