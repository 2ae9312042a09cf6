"""A queue with sessions: whoever holds a lane gets its messages one by one, and nobody else does.

The lock of a session is a lease like any other. It covers every message that is in the lane or
will be; the message in process has no lock of its own. When the lease runs out, that message
goes back to the head of its lane and counts as delivered; when the holder closes the session
instead, it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..partitioning import lanes_of, scan_of
from ..port import Outcome, QueueSpec
from .entry import DEFERRED, LOCKED, READY, SCHEDULED, Entry
from .lanes import Lane, Lanes
from .leases import IDLING, Leases, Session
from .lines import Fifo
from .ranked import line_for

if TYPE_CHECKING:
    from ..kernel.process import Process
    from ..port import Message
    from .receiver import InMemoryReceiver
    from .session_receiver import SessionReceiver

GROUP_PARKED = "GroupParked"
NO_GROUP = "NoGroup"
REARRANGED = "lanes rearranged"


class SessionQueue(Leases):
    """A queue that can hand over whole lanes instead of single messages.

    While its declaration has sessions switched off, it is a queue like any other.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self._parked: set[str] = set()
        self._awaited: dict[str, Lane] = {}
        self._sighted = False
        super().__init__(spec, agenda)

    def declare(self, spec: QueueSpec) -> None:
        """Declare the queue, or change its properties; what is locked keeps its lock.

        When lanes come, go or are shared anew, every session ends; the message in process
        keeps what is left of the lease, and its new lane waits for it.
        """
        rearranged = lanes_of(spec) != lanes_of(self.spec)
        scanned = scan_of(spec) != scan_of(self.spec)
        if rearranged:
            self._rearrange(spec)
        if spec.sessions is None or not (spec.sessions.on and spec.sessions.park):
            self._parked.clear()
        super().declare(spec)
        if self.lanes is not None and (scanned or (rearranged and scan_of(spec))):
            names = (e.name for e in self.entries.values() if _takes_up_a_place(e))
            self.lanes.look_through(scan_of(spec), names)
        if rearranged or scanned:
            self.serve()

    def _rearrange(self, spec: QueueSpec) -> None:
        for session in self.lanes.held() if self.lanes else ():
            entry, until = session.entry, session.until
            self._end(session, kind.SESSION_CLOSED, "", REARRANGED)
            if entry is not None:
                entry.timer = self._agenda.at(until, self._lock_ran_out, entry)
            if session.waits:
                self._waiting.append(session.receiver)
        self._awaited.clear()
        line = line_for(spec, self._journal)
        for entry in (*self._returns.leave(), *self._line.leave()):
            line.put(entry, head=False)
        self._returns = Fifo()
        self._line, self.spec = line, spec
        if self.lanes is not None:
            for entry in self.entries.values():
                if entry.stage is LOCKED or (entry.stage is SCHEDULED and entry.deliveries):
                    self.keep_back(entry)

    # --- arriving and coming back ---------------------------------------------------------

    def offer(
        self, message: Message, sender: str, cause: int, head: bool = False, topic: str = ""
    ) -> Outcome | None:
        """Accept or refuse a message; one without a group has no lane to go to."""
        if not message.group and self.lanes is not None:
            return self.refuse(message, sender, cause, NO_GROUP)
        return super().offer(message, sender, cause, head=head, topic=topic)

    def make_ready(self, entry: Entry, head: bool, returned: bool = False) -> None:
        """Put a message into its lane; one that has been delivered before goes to the head."""
        lanes = self.lanes
        if lanes is None:
            super().make_ready(entry, head=head, returned=returned)
            return
        lane = self._arrived(entry, lanes)
        if entry.expires and entry.expires <= self._journal.now:
            self.expire(entry)
        elif entry.message.group in self._parked:
            self.turn_down(entry, "", entry.cause, GROUP_PARKED)
        else:
            entry.stage = READY
            self.depth += 1
            lanes.put(entry, head=head or entry.deliveries > 0)
            self._attend(lane)
            return
        lanes.look(lane)
        self.serve()

    def _return(self, entry: Entry, until: float) -> None:
        if until and self.lanes is not None and not self.spent(entry):
            self.keep_back(entry)
        super()._return(entry, until)

    def expire(self, entry: Entry) -> None:
        """End a message that is older than its time to live; its lane waits for it no longer."""
        super().expire(entry)
        self._clear(entry)

    def _bury(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        n = super()._bury(entry, owner, cause, reason)
        sessions, group = self.spec.sessions, entry.message.group
        if sessions is not None and sessions.park and reason != GROUP_PARKED and self.lanes:
            self._park(group, n)
        self._clear(entry)
        return n

    def _drop(self, entry: Entry, owner: str, cause: int, why: str) -> int:
        n = super()._drop(entry, owner, cause, why)
        self._clear(entry)
        return n

    def _shelve(self, entry: Entry, owner: str, cause: int, why: str) -> int:
        self._moves_up(entry)
        n = super()._shelve(entry, owner, cause, why)
        self._clear(entry)
        return n

    def over(self, entry: Entry) -> None:
        """Let others of its lane go on: a message was settled late."""
        self._clear(entry)

    def forget(self, entry: Entry) -> None:
        """Strike a message off the list; what stood behind those that can be seen moves up."""
        super().forget(entry)
        self._moves_up(entry)

    def complete(self, entry: Entry, owner: str, cause: int) -> int:
        """Settle a message for good; the next of its lane may follow."""
        self._moves_up(entry)
        return super().complete(entry, owner, cause)

    def _moves_up(self, settled: Entry) -> None:
        """Let one message more be seen instead of one that is settled."""
        lanes = self.lanes
        if lanes is not None and lanes.window is not None:
            up = self.entries.get(lanes.window.leave(settled.name))
            if up is not None:
                self._sighted = True
                lanes.look(lanes.lane(up))

    def _drop_oldest(self, capacity: int) -> None:
        super()._drop_oldest(capacity)
        self._serve_sighted()

    def _serve_sighted(self) -> None:
        """Hand over what can be seen only now."""
        if self._sighted:
            self._sighted = False
            self.serve()

    def connection_lost(self, process: Process, cause: int) -> None:
        """Take back what a process holds, whole lanes first, where a lock is bound to its life."""
        if self.spec.rules.connection_bound:
            for session in self.lanes.held() if self.lanes else ():
                if session.receiver.process is process:
                    self._ran_out(session, lost=True)
        super().connection_lost(process, cause)

    def _park(self, group: str, cause: int) -> None:
        """Dead-letter what waits in a group, or is set aside, one of whose messages is dead."""
        self._parked.add(group)
        for entry in [e for e in self.entries.values() if e.message.group == group]:
            if entry.stage in (READY, DEFERRED):
                self.depth -= entry.stage is READY
                super()._bury(entry, "", cause, GROUP_PARKED)
        self.room_made()

    def redrive(self, cause: int) -> int:
        """Return every dead letter to the tail of its lane; no group is parked any more."""
        self._parked.clear()
        return super().redrive(cause)

    def keep_back(self, entry: Entry) -> None:
        """Let nothing of its lane overtake a message that is away."""
        lanes = self.lanes
        if lanes is not None:
            self._awaited[entry.name] = lane = lanes.lane(entry)
            lane.awaited.add(entry.name)
            lanes.look(lane)

    def _arrived(self, entry: Entry, lanes: Lanes) -> Lane:
        """Let its lane no longer wait for a message; return the lane."""
        if entry.name in self._awaited:
            self._awaited.pop(entry.name).awaited.discard(entry.name)
        return lanes.lane(entry)

    def _clear(self, entry: Entry) -> None:
        """Let others of its lane go on: a message is over that they may have waited for."""
        lanes = self.lanes
        if lanes is not None:
            lanes.look(self._arrived(entry, lanes))
            self._sighted = False
            self.serve()

    # --- handing over ---------------------------------------------------------------------

    def wait(self, receiver: InMemoryReceiver) -> Entry | None:
        """Hand over the next message of the receiver's lane, or of the next lane it can have."""
        lanes = self.lanes
        if lanes is None:
            return super().wait(receiver)
        holder: SessionReceiver = receiver  # type: ignore[assignment]
        session = holder.session
        if session is not None:
            entry = self._next_in(session)
            if entry is not None:
                return entry
            if self.spec.sessions is not None and self.spec.sessions.idle:
                session.waits = True
                if IDLING not in session.errands:  # it may have waited before, and asks again
                    holder.idles(session, self.spec.sessions.idle)
                return None
            self.close_session(session)
        lane = lanes.next()
        if lane is None:
            self._waiting.append(receiver)
            return None
        return self._accept_lane(lane, holder)

    def stop_waiting(self, receiver: InMemoryReceiver) -> None:
        """Forget a receiver that no longer waits; its session stays open as long as it idles."""
        super().stop_waiting(receiver)
        session = getattr(receiver, "session", None)
        if session is not None:
            session.waits = False

    def top_up(self, receiver: InMemoryReceiver) -> None:
        """Let a receiver prefetch; never from a lane, which is worked on message by message."""
        if self.lanes is None:
            super().top_up(receiver)

    def _someone_waits(self) -> bool:
        # Who waits cannot have every lane, so what is full is full.
        return self.lanes is None and super()._someone_waits()

    def _next_in(self, session: Session) -> Entry | None:
        """Lock the next message of a lane for its holder, once the one before is settled."""
        lane = session.lane
        if session.entry is not None or lane.awaited or lane.head() is None:
            return None
        entry = lane.line.take()
        if entry is None:
            return None
        self.depth -= 1
        self._give(session, entry)
        self.room_made()
        return entry

    def _give(self, session: Session, entry: Entry) -> None:
        session.waits = False
        idling = session.errands.pop(IDLING, None)
        if idling is not None:
            self._agenda.cancel(idling)
        session.entry = entry
        entry.fence = session.token
        self._sessions[entry.name] = session
        self.lock(entry, session.receiver)
        if entry.stage is not LOCKED:
            self._settled(entry)  # deleted on receipt

    def accept(self, group: str, receiver: InMemoryReceiver) -> bool:
        """Lock the lane of a group for a receiver, if nobody else holds it."""
        lanes = self.lanes
        if lanes is None:
            return True
        holder: SessionReceiver = receiver  # type: ignore[assignment]
        session = holder.session
        if session is not None and session.entry is not None:
            return False
        if session is not None and session.lane is not lanes.lane_for(group):
            self.close_session(session)
        lane = lanes.lane_for(group)
        if lane.session is None and not lane.awaited:
            self._open_session(lane, holder)
        lanes.look(lane)
        return lane.session is not None and lane.session.receiver is receiver

    def peek(self, receiver: InMemoryReceiver) -> Message | None:
        """Return what is next in the lane that a receiver holds."""
        session: Session | None = getattr(receiver, "session", None)
        entry = None if session is None else session.lane.line.peek()
        return None if entry is None else entry.message

    def take_deferred(self, name: str, receiver: InMemoryReceiver) -> Entry | None:
        """Lock a deferred message for a receiver that holds its lane and asks for it by name."""
        lanes, entry = self.lanes, self.entries.get(name)
        if lanes is None:
            return super().take_deferred(name, receiver)
        session: Session | None = getattr(receiver, "session", None)
        if entry is None or entry.stage is not DEFERRED or session is None:
            return None
        if session.entry is not None or session.lane is not lanes.lane(entry):
            return None
        self._give(session, entry)
        return entry

    def _accept_lane(self, lane: Lane, receiver: SessionReceiver) -> Entry | None:
        return self._next_in(self._open_session(lane, receiver))

    def _attend(self, lane: Lane) -> None:
        """Give a lane's next message to its holder if it waits, or the lane to who waits."""
        session = lane.session
        if session is None:
            self.serve()
        elif session.waits and session.receiver.reachable:
            entry = self._next_in(session)
            if entry is not None:
                session.receiver.push(entry)

    def serve(self) -> None:
        """Let receivers that wait have the lanes, or the messages, that can be had."""
        lanes = self.lanes
        if lanes is None:
            super().serve()
            return
        if self.spec.sessions is not None and self.spec.sessions.idle:
            for session in lanes.held():
                self._attend(session.lane)  # who waits in it may have found its way back
        while (lane := lanes.next()) is not None:
            receiver: SessionReceiver | None = self._waiting.next()  # type: ignore[assignment]
            if receiver is None:
                return
            entry = self._accept_lane(lane, receiver)
            if entry is not None:
                receiver.push(entry)

    def close(self, cause: int) -> None:
        """End every session, and drop everything that is not dead."""
        for session in self.lanes.held() if self.lanes else ():
            self._end(session, kind.SESSION_CLOSED, "", kind.SUBSCRIPTION_ENDED)
            if session.waits:
                self._waiting.append(session.receiver)
        super().close(cause)

    def _settled(self, entry: Entry) -> None:
        super()._settled(entry)
        if entry.name in self._awaited:
            self._clear(entry)
        else:
            self._serve_sighted()


def _takes_up_a_place(entry: Entry) -> bool:
    """Say whether a message counts among those looked through: it has come, and is not over."""
    return entry.stage in (READY, LOCKED, DEFERRED) or (
        entry.stage is SCHEDULED and entry.deliveries > 0
    )
