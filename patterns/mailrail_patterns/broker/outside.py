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
        fences: For each queue and group the latest session that changed something for it.
    """

    def __init__(self) -> None:
        self.inbox: set[tuple[str, str]] = set()
        self.outbox: dict[tuple[str, str], tuple[Outgoing, ...]] = {}
        self.fences: dict[tuple[str, str], int] = {}

    def admits(self, queue: str, group: str, fence: int) -> bool:
        """Let a session change something for its group, unless a later one has done so.

        A session that was overtaken while it slept does not know it; the resource does, if it
        remembers the highest token it was ever shown.
        """
        if fence < self.fences.get((queue, group), 0):
            return False
        self.fences[queue, group] = fence
        return True

    def mark(self, queue: str, message: str) -> bool:
        """Write the marker of a message; False if it is there already."""
        if (queue, message) in self.inbox:
            return False
        self.inbox.add((queue, message))
        return True
