"""What a consumer is doing: progress, lock, and what is about to go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.views import ActorView, MessageView, QueueView

from . import figures

FROZEN = frozenset({"crashed", "paused", "halted"})
"""States in which a consumer holds messages and does nothing with them."""

LOCKING = "peek-lock"
"""The mode in which a message is received under a lock."""

MODES = frozenset({LOCKING, "receive-and-delete"})
"""The modes in which messages can be received."""

OUTLIVES = "outlives its lock"
"""Said of work that will take longer than its lock lasts."""

LOST = "its lock ran out"
"""Said of work on a message that has gone back to the queue meanwhile."""


class Rules(NamedTuple):
    """What of the settings the picture depends on.

    Attributes:
        locks: Whether messages are received under a lock.
        renews: Whether a consumer at work renews its lock.
    """

    locks: bool
    renews: bool


class Work(NamedTuple):
    """What one consumer is doing.

    Attributes:
        actor: The consumer.
        message: What it works on or holds, with its delivery count; empty: nothing.
        began: When the work began, in seconds.
        elapsed: Seconds it has worked on it.
        share: How much of the work is done, 0 to 1.
        lock_left: Seconds its lock has left; 0: none.
        lock_share: How much of the lock is left, 0 to 1.
        more: Further messages it holds.
        hidden: Whether its message is hidden under a lock that nobody uses.
        warning: What is about to go wrong, in words; empty: nothing.
        badges: What has been done to it, in words.
    """

    actor: ActorView
    message: str
    began: float
    elapsed: float
    share: float
    lock_left: float
    lock_share: float
    more: int
    hidden: bool
    warning: str
    badges: tuple[str, ...]


def rules_of(frame: LabFrame) -> Rules:
    """Read the settings that matter here."""
    settings = dict(frame.view.settings)
    return Rules(settings.get("mode", LOCKING) == LOCKING, settings.get("renewal", "off") == "on")


def holders(queue: QueueView) -> Mapping[str, Sequence[MessageView]]:
    """Return the messages under a lock by who holds it."""
    found: dict[str, list[MessageView]] = {}
    for message in queue.locked:
        found.setdefault(message.owner, []).append(message)
    return found


def work_of(
    actor: ActorView, held: Sequence[MessageView], queue: QueueView, rules: Rules, now: float
) -> Work:
    """Work out what a consumer is doing at ``now`` seconds."""
    frozen = actor.state in FROZEN
    first = held[0] if held else None
    name, delivery, until = actor.message, actor.delivery, actor.until
    if frozen:
        mine = next((m for m in held if m.name == name), first)
        name, delivery, until = (mine.name, mine.delivery, mine.until) if mine else ("", 0, 0.0)
    elif not name and first is not None:
        name, delivery, until = first.name, first.delivery, first.until
    useless = frozen or (first is not None and left_over(actor, first))
    left = max(0.0, until - now)
    working = bool(actor.message) and not frozen and actor.state != "stopped"
    elapsed = min(max(0.0, now - actor.began), actor.takes) if working else 0.0
    return Work(
        actor,
        f"{name} #{delivery}" if name and delivery else name,
        actor.began,
        elapsed,
        elapsed / actor.takes if actor.takes > 0 else 0.0,
        left,
        left / queue.lock if queue.lock > 0 else 0.0,
        max(0, len(held) - 1),
        useless and bool(name) and left > 0,
        _warning(actor, working, rules.locks, rules.renews and queue.renewable, now),
        _badges(actor),
    )


def left_over(actor: ActorView, held: MessageView) -> bool:
    """Return whether a message is locked for a life of a consumer that is over, and idle now."""
    idle = actor.state == "idle" and not actor.message
    return idle and actor.incarnation > 1 and held.moved < actor.since


def _warning(actor: ActorView, working: bool, locks: bool, renews: bool, now: float) -> str:
    if not working or not locks:
        return ""
    if actor.until <= 0:
        return LOST
    ends = actor.began + actor.takes
    if not renews and ends > actor.until + 1e-6 and ends > now:
        return OUTLIVES
    return ""


def _badges(actor: ActorView) -> tuple[str, ...]:
    found = []
    if actor.slow != 1:
        found.append(f"slow {figures.times(actor.slow)}")
    if actor.armed:
        found.append(f"dies at {actor.armed}")
    return tuple(found)


def census(actors: Sequence[ActorView]) -> list[tuple[str, int]]:
    """Return how many actors are in each state, the most telling states first."""
    order = ("crashed", "halted", "paused", "blocked", "stopping", "working", "idle", "stopped")
    counts: dict[str, int] = {}
    for actor in actors:
        counts[actor.state] = counts.get(actor.state, 0) + 1
    return [(state, counts[state]) for state in order if state in counts]
