"""Messages in lanes, one a group: within a lane first come, first served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..partitioning import lane_of
from .entry import Entry
from .lines import Fifo

if TYPE_CHECKING:
    from .leases import Session


class Lane:
    """The messages of one group, or of all groups that share a partition.

    Attributes:
        key: The group, or the partition.
        line: Its ready messages.
        session: The session that holds it; None: nobody does.
        awaited: Messages that must not be overtaken and are not here: given back and not due
            yet, or under a lock of their own from before there were lanes.
    """

    __slots__ = ("awaited", "key", "line", "session")

    def __init__(self, key: str) -> None:
        self.key = key
        self.line = Fifo()
        self.session: Session | None = None
        self.awaited: set[str] = set()

    @property
    def open(self) -> bool:
        """Whether somebody could accept it now."""
        return self.session is None and not self.awaited and self.line.peek() is not None

    @property
    def idle(self) -> bool:
        """Whether there is nothing in it and nobody holds it."""
        return self.session is None and not self.awaited and self.line.peek() is None


class Lanes:
    """The lanes of a queue; a :class:`~mailrail_patterns.broker.lines.Line`.

    A lane that nobody holds and that has a message waits to be accepted; lanes are accepted in
    the order in which they began to wait.
    """

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions
        self._lanes: dict[str, Lane] = {}
        self._waiting: dict[str, Lane] = {}
        self._first = self._last = 0

    def lane(self, entry: Entry) -> Lane:
        """Return the lane of a message, made on first mention."""
        key = lane_of(entry.message.group, self._partitions)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = Lane(key)
        return found

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message at the tail, or at the head, of its lane."""
        if head:
            self._first -= 1
            entry.place = self._first
        else:
            self._last += 1
            entry.place = self._last
        lane = self.lane(entry)
        lane.line.put(entry, head=head)
        self.look(lane)

    def look(self, lane: Lane) -> None:
        """Take notice of what has changed about a lane: it may wait from now on, or no longer."""
        if lane.open:
            self._waiting.setdefault(lane.key, lane)
            return
        self._waiting.pop(lane.key, None)
        if lane.idle:
            self._lanes.pop(lane.key, None)

    def next(self) -> Lane | None:
        """Return the lane that has waited longest to be accepted; None if none waits."""
        while self._waiting:
            lane = next(iter(self._waiting.values()))
            if lane.open:
                return lane
            self.look(lane)  # what was in it has expired
        return None

    def held(self) -> list[Session]:
        """Return the sessions that are open, in the order in which their lanes began."""
        return [lane.session for lane in self._lanes.values() if lane.session is not None]

    def take(self) -> Entry | None:
        """Take the message that is at the head of all lanes; None if there is none."""
        heads = [entry for lane in self._lanes.values() if (entry := lane.line.peek())]
        if not heads:
            return None
        lane = self.lane(min(heads, key=_place))
        entry = lane.line.take()
        self.look(lane)
        return entry

    def leave(self) -> Sequence[Entry]:
        """Return all messages in the order in which they came, whatever their lanes."""
        found = [entry for lane in self._lanes.values() for entry in lane.line.leave()]
        return sorted(found, key=_place)


def _place(entry: Entry) -> int:
    return entry.place
