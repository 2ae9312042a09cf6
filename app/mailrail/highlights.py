"""Which events of a run a person wants to read, and what is said of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event

from .frames import LedgerRow
from .narration import narrate

MOST: Final = 40
"""Lines a report spends on what happened; a few more if very different things happened."""

_WORTH_A_LINE: Final = 6
"""Uneventful messages that are passed over without a word, at most."""

_UNEVENTFUL: Final = frozenset(
    {
        kind.SENT,
        kind.PUBLISHED,
        kind.WORKING,
        kind.STORED,
        kind.FETCHED,
        kind.RELEASED,
        kind.EFFECT,
        kind.STATE,
        kind.RENEWED,
        kind.SESSION_ACCEPTED,
        kind.SESSION_RENEWED,
        kind.SESSION_CLOSED,
        kind.DUE,
        kind.DECLARED,
    }
)
_TROUBLE: Final = frozenset(
    {
        kind.ABANDONED, kind.LOCK_EXPIRED, kind.LOCK_LOST, kind.DEAD_LETTERED, kind.SHELVED,
        kind.HALTED, kind.VIOLATED,
    }
)  # fmt: skip
_ASKED_FOR: Final = frozenset(
    {
        kind.SAID, kind.WAITED, kind.CHANGED, kind.INJECTED, kind.HEALED, kind.ARMED,
        kind.DISARMED, kind.STRUCK, kind.CRASHED, kind.PAUSED, kind.RESUMED,
        kind.RESTARTED, kind.STOPPING, kind.IGNORED, kind.STALLED,
    }
)  # fmt: skip
_STEPS: Final = (4, 3, 2, 1)
"""How many events of each kind are told when there is not room for all of them."""

_COUNTED: Final[dict[str, str]] = {
    kind.SENT: "sent",
    kind.DELIVERED: "received",
    kind.COMPLETED: "completed",
    kind.RENEWED: "locks renewed",
    kind.REJECTED: "refused",
    kind.BLOCKED: "made to wait",
    kind.CONTENDED: "waits for the database",
    kind.ABANDONED: "given back",
    kind.LOCK_EXPIRED: "locks run out",
    kind.LOCK_LOST: "settled too late",
    kind.SESSION_ACCEPTED: "lanes locked",
    kind.SESSION_EXPIRED: "lanes lost",
    kind.REBALANCING: "rebalances",
    kind.REBALANCED: "rebalances over",
    kind.DEAD_LETTERED: "dead-lettered",
    kind.SHELVED: "delivered no more",
    kind.EXPIRED: "expired",
    kind.DROPPED: "lost",
    kind.DUPLICATED: "duplicated",
    kind.REDRIVEN: "redriven",
    kind.RANKED: "compared",
    kind.PEEKED: "looks at a queue",
    kind.DEFERRED: "set aside",
    kind.EFFECT_SKIPPED: "effects skipped",
    kind.RESENT: "asked again",
    kind.LATE: "finished too late",
    kind.PUBLISHED: "published",
    kind.UNROUTED: "unrouted",
    kind.STATE: "rows written",
    kind.NOTED: "notes",
    kind.SUBSCRIBED: "subscriptions",
    kind.UNSUBSCRIBED: "subscriptions ended",
    kind.STORED: "payloads stored",
    kind.FETCHED: "payloads read",
    kind.RELEASED: "payloads released",
    kind.REMOVED: "payloads deleted",
    kind.LAPSED: "payloads lapsed",
    kind.ALTERED: "payloads altered",
    kind.REFUSED: "calls of the store refused",
    kind.SPAWNED: "started",
    kind.CRASHED: "crashes",
    kind.PAUSED: "pauses",
    kind.RESUMED: "resumed",
    kind.RESTARTED: "restarts",
    kind.STOPPED: "left",
    kind.HALTED: "halted",
    kind.IGNORED: "commands ignored",
    kind.CHANGED: "settings changed",
    kind.SAID: "captions",
    kind.VIOLATED: "more breaches",
}
"""What a number of events of a kind is called; kinds left out are not counted in words."""

_SINGLE: Final[dict[str, str]] = {
    kind.RENEWED: "lock renewed",
    kind.LOCK_EXPIRED: "lock runs out",
    kind.SESSION_ACCEPTED: "lane locked",
    kind.SESSION_EXPIRED: "lane lost",
    kind.EFFECT_SKIPPED: "effect skipped",
    kind.CRASHED: "crash",
    kind.PAUSED: "pause",
    kind.RESTARTED: "restart",
    kind.IGNORED: "command ignored",
    kind.CHANGED: "setting changed",
    kind.SAID: "caption",
    kind.VIOLATED: "more breach",
}
"""What a single one is called where that differs."""


class Gap(msgspec.Struct, frozen=True):
    """Events between two lines that are only counted.

    Attributes:
        count: How many.
        text: What they were, as counts.
        eventful: Whether some of them would have deserved a line of their own.
    """

    count: int
    text: str
    eventful: bool


def uneventful(event: Event) -> bool:
    """Say whether an event is what happens to every message when all is well."""
    if event.kind in _UNEVENTFUL:
        return True
    if event.kind in (kind.DELIVERED, kind.COMPLETED):
        return event.delivery <= 1
    if event.kind == kind.REMOVED:
        return event.text != "swept"
    return event.kind == kind.SPAWNED and event.t == 0.0


def story(
    events: Sequence[Event], most: int = MOST, *, everything: bool = False
) -> list[LedgerRow | Gap]:
    """Return what happened in order: about ``most`` lines, whatever the length of the run.

    Commands, faults and everything that went wrong are told; if that is too much, of each
    kind of event the first ones are told and the last one, and the others are counted.

    Args:
        events: What happened.
        most: How many lines, about.
        everything: Tell the uneventful too.
    """
    chosen = {event.n for event in events} if everything else _choose(events, most)
    lines: list[LedgerRow | Gap] = []
    passed: list[Event] = []
    for event in events:
        row = narrate(event) if event.n in chosen else None
        if row is None:
            passed.append(event)
            continue
        gap = summary(passed)
        if gap is not None:
            lines.append(gap)
        passed = []
        lines.append(row)
    gap = summary(passed)
    return lines if gap is None else [*lines, gap]


def summary(events: Iterable[Event]) -> Gap | None:
    """Return what is said of events that get no line; None if they are not worth mentioning."""
    counts: Counter[str] = Counter()
    eventful = False
    for event in events:
        if event.kind == kind.SPAWNED and event.t == 0.0:
            continue
        counts[event.kind] += 1
        eventful = eventful or not uneventful(event)
    told = [
        f"{counts[each]} {_SINGLE.get(each, word) if counts[each] == 1 else word}"
        for each, word in _COUNTED.items()
        if counts[each]
    ]
    worth = eventful or sum(counts[each] for each in _COUNTED) >= _WORTH_A_LINE
    return Gap(counts.total(), ", ".join(told), eventful) if told and worth else None


def _choose(events: Sequence[Event], most: int) -> set[int]:
    sorts: dict[str, list[int]] = {}
    asked: list[int] = []
    troubled: set[str] = set()
    for event in events:
        if uneventful(event):
            continue
        if event.kind in _ASKED_FOR:
            asked.append(event.n)
        else:
            sorts.setdefault(_sort(event), []).append(event.n)
        if event.kind in _TROUBLE:
            troubled.add(event.message)
    chosen = {*asked, *(n for numbers in sorts.values() for n in numbers)}
    if len(chosen) > most:
        kept = _ends(asked, most // 2)
        for step in _STEPS:
            chosen = {*kept, *(n for numbers in sorts.values() for n in _ends(numbers, step))}
            if len(chosen) <= most:
                break
        return chosen
    first = {
        event.n
        for event in events
        if event.kind == kind.DELIVERED and event.delivery == 1 and event.message in troubled
    }
    return chosen | first if len(chosen) + len(first) <= most else chosen


def _sort(event: Event) -> str:
    """Return what makes events alike: their kind, and for a breach the guarantee that broke."""
    if event.kind == kind.VIOLATED:
        return event.text.partition(":")[0]
    return event.kind


def _ends(numbers: list[int], step: int) -> list[int]:
    """Return the first ``step`` numbers, the last of them replaced by the very last there is."""
    if len(numbers) <= step:
        return numbers
    return [*numbers[: step - 1], numbers[-1]] if step > 1 else numbers[:1]
