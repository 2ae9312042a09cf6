"""Messages in lanes, one a group: within a lane first come, first served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..partitioning import lane_of
from ..window import Window
from .entry import Entry
from .lines import Fifo
from .places import Places, in_order, place

if TYPE_CHECKING:
    from .leases import Session


class Lane:
    """The messages of one group, or of all groups that share a partition.

    Attributes:
        key: The group, or the partition.
        line: Its ready messages.
        window: The messages of the queue that can be seen; None: all.
        session: The session that holds it; None: nobody does.
        awaited: Messages that must not be overtaken and are not here: given back and not due
            yet, or under a lock of their own from before there were lanes.
    """

    __slots__ = ("awaited", "key", "line", "session", "window")

    def __init__(self, key: str, window: Window | None = None) -> None:
        self.key = key
        self.window = window
        self.line = Fifo()
        self.session: Session | None = None
        self.awaited: set[str] = set()

    @property
    def open(self) -> bool:
        """Whether somebody could accept it now."""
        return self.session is None and not self.awaited and self.head() is not None

    @property
    def idle(self) -> bool:
        """Whether there is nothing in it and nobody holds it."""
        return self.session is None and not self.awaited and self.line.peek() is None

    def head(self) -> Entry | None:
        """Return the message that is next, if there is one and it can be seen."""
        entry, window = self.line.peek(), self.window
        if entry is None or window is None or window.sees(entry.name):
            return entry
        return None


class Lanes:
    """The lanes of a queue; a :class:`~mailrail_patterns.broker.lines.Line`.

    A lane that nobody holds and that has a message waits to be accepted; lanes are accepted in
    the order in which they began to wait. One whose next message is too far back in the queue
    to be seen does not wait yet.

    Attributes:
        window: The messages of the queue that can be seen; None: all.
        held_back: Whether no lane is handed out at present.
    """

    def __init__(self, partitions: int, scan: int = 0) -> None:
        self.window = Window(scan) if scan else None
        self._partitions = partitions
        self._lanes: dict[str, Lane] = {}
        self._waiting: dict[str, Lane] = {}
        self.held_back = False
        self._places = Places()

    def lane(self, entry: Entry) -> Lane:
        """Return the lane of a message, made on first mention."""
        return self.lane_for(entry.message.group)

    def lane_for(self, group: str) -> Lane:
        """Return the lane of a group, made on first mention."""
        key = lane_of(group, self._partitions)
        found = self._lanes.get(key)
        if found is None:
            found = self._lanes[key] = Lane(key, self.window)
        return found

    def put(self, entry: Entry, *, head: bool) -> None:
        """Add a message at the tail, or at the head, of its lane."""
        self._places.give(entry, head=head)
        if self.window is not None:
            self.window.enter(entry.name, first=head)
        lane = self.lane(entry)
        lane.line.put(entry, head=head)
        self.look(lane)

    def look_through(self, scan: int, names: Iterable[str]) -> None:
        """Let so many of the messages ``names``, first come first, be seen; 0: all of them."""
        self.window = window = Window(scan) if scan else None
        if window is not None:
            for name in names:
                window.enter(name)
        for lane in list(self._lanes.values()):
            lane.window = window
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
        while self._waiting and not self.held_back:
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
        entry = _at_head(self._lanes.values())
        if entry is None:
            return None
        lane = self.lane(entry)
        entry = lane.line.take()
        self.look(lane)
        return entry

    def peek(self) -> Entry | None:
        """Return the head of the lane that is accepted next; None if all are held or empty."""
        return next((lane.head() for lane in self._waiting.values() if lane.open), None)

    def shed(self) -> Entry | None:
        """Take the message that is at the head of all lanes; None if there is none."""
        return self.take()

    def leave(self) -> Sequence[Entry]:
        """Return all messages in the order in which they came, whatever their lanes."""
        found = [entry for lane in self._lanes.values() for entry in lane.line.leave()]
        return in_order(found)


def _at_head(lanes: Iterable[Lane]) -> Entry | None:
    """Return the message that came first of those at the head of a lane."""
    return min((entry for lane in lanes if (entry := lane.line.peek())), key=place, default=None)
