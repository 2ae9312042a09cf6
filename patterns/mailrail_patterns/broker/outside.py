"""The world outside that handlers change, the inbox and the outbox committed with it."""

from __future__ import annotations

from ..records import Outgoing


class Outside:
    """What handlers did to the world, and the markers committed with it.

    A marker is written in the transaction of the effect, under a unique constraint on queue and
    message id (insert if absent, never check then set), and is kept for the whole run. So are
    the messages that follow, where handlers have an outbox.

    Attributes:
        inbox: Queue and message id of what was applied with a marker.
        outbox: For each of those that asked for it, the messages not sent yet.
    """

    def __init__(self) -> None:
        self.inbox: set[tuple[str, str]] = set()
        self.outbox: dict[tuple[str, str], tuple[Outgoing, ...]] = {}

    def apply(self, queue: str, message: str, *, once: bool) -> bool:
        """Apply the effect of a message; with ``once``, only if there is no marker."""
        if once:
            if (queue, message) in self.inbox:
                return False
            self.inbox.add((queue, message))
        return True
