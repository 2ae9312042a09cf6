"""A message as its queue keeps it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

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


class Entry:
    """One message on one queue.

    Attributes:
        name: Unique in the queue; the message id, or ``id~2`` for a second copy.
        stage: Where it is in its life.
        deliveries: The delivery count.
        token: Token of the latest lock; an older one is stale.
        until: When that lock runs out, in seconds.
        expires: When its time to live ends, in seconds; 0: never.
        cause: Number of the event that brought it where it is.
        holder: The receiver that holds the lock.
        timer: What will happen to it next: lock expiry or due time.
    """

    __slots__ = (
        "cause", "deliveries", "expires", "holder", "lifetime", "message", "name", "since",
        "stage", "timer", "token", "until",
    )  # fmt: skip

    def __init__(self, message: Message, name: str) -> None:
        self.message = message
        self.name = name
        self.stage = Stage.READY
        self.deliveries = 0
        self.token = 0
        self.until = 0.0
        self.since = 0.0
        self.expires = 0.0
        self.cause = 0
        self.holder: InMemoryReceiver | None = None
        self.timer: Timer | None = None
        self.lifetime: Timer | None = None
