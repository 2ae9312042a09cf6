"""The world outside that handlers change, the inbox and the outbox committed with it."""

from __future__ import annotations

from ..records import Outgoing
from ..retention import lapsed, purge


class Outside:
    """What handlers did to the world, and the markers committed with it.

    A marker is written in the transaction of the effect, under a unique constraint on queue and
    message id (insert if absent, never check then set): a queue has one kind of consumer, so
    several kinds can share the store. It is kept for as long as the retention says. The messages
    that follow are committed as well, where handlers have an outbox.

    Attributes:
        retention: How long a marker is kept, in seconds; 0: for ever.
        inbox: Queue and message id of what was applied with a marker, and when, in seconds.
        outbox: For each of those that asked for it, the messages not sent yet.
        fences: For each queue and group the latest session that changed something for it.
    """

    def __init__(self) -> None:
        self.retention = 0.0
        self.inbox: dict[tuple[str, str], float] = {}
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

    def keep_for(self, seconds: float, now: float) -> None:
        """Keep markers for so long; those that are gone by now stay gone."""
        if seconds != self.retention:
            purge(self.inbox, self.retention, now)
            self.retention = seconds

    def marked(self, queue: str, message: str, now: float) -> bool:
        """Say whether the marker of a message is there at this instant, in seconds."""
        since = self.inbox.get((queue, message))
        if since is None:
            return False
        return not lapsed(since, self.retention, now)

    def mark(self, queue: str, message: str, now: float) -> bool:
        """Write the marker of a message; False if it is there already."""
        if self.marked(queue, message, now):
            return False
        self.inbox[queue, message] = now
        return True
