"""A message as its queue keeps it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

import msgspec

from ..kernel.agenda import Timer
from ..port import Message

if TYPE_CHECKING:
    from .receiver import InMemoryReceiver


class Stage(enum.Enum):
    """Where a message is in its life; the states of the lifecycle every pattern shares."""

    SCHEDULED = "scheduled"
    READY = "ready"
    LOCKED = "locked"
    DEFERRED = "deferred"
    COMPLETED = "completed"
    DEAD = "dead"
    EXPIRED = "expired"
    SHELVED = "shelved"


SCHEDULED: Final = Stage.SCHEDULED
READY: Final = Stage.READY
LOCKED: Final = Stage.LOCKED
DEFERRED: Final = Stage.DEFERRED
COMPLETED: Final = Stage.COMPLETED
DEAD: Final = Stage.DEAD
EXPIRED: Final = Stage.EXPIRED
SHELVED: Final = Stage.SHELVED
"""The stages by themselves: looking a member up on its class costs ten times as much."""


class Entry(msgspec.Struct, eq=False):
    """One message on one queue.

    Attributes:
        name: Unique in the queue; the message id, or ``id~2`` for a second copy.
        message: What was sent.
        since: When it was accepted, in seconds.
        stage: Where it is in its life.
        deliveries: How often it has been delivered.
        returns: How often it has come back.
        failures: How often it has come back because handling it had failed for sure.
        token: Token of the latest lock; an older one is stale.
        until: When that lock runs out, in seconds.
        expires: When its time to live ends, in seconds; 0: never.
        cause: Number of the event that brought it where it is.
        holder: The receiver that holds the lock.
        timer: What will happen to it next: lock expiry or due time.
        lifetime: The end of its time to live.
        place: Where it stands among all ranks of a line that has several.
        fence: Token of the session it was last delivered in; 0: in none.
    """

    message: Message
    name: str
    since: float = 0.0
    stage: Stage = READY
    deliveries: int = 0
    returns: int = 0
    failures: int = 0
    token: int = 0
    until: float = 0.0
    expires: float = 0.0
    cause: int = 0
    holder: InMemoryReceiver | None = None
    timer: Timer | None = None
    lifetime: Timer | None = None
    place: int = 0
    fence: int = 0
