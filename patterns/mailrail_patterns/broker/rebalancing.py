"""A queue whose partitions are assigned anew whenever who takes from it changes.

As a Kafka consumer group does it. Eagerly, by the first protocol: everybody gives up all its
partitions, the members wait for each other, and only then is anything handed out again. Or
cooperatively (KIP-429): who has a partition keeps it and works on, and only what nobody has is
handed out late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..kernel import events as kind
from ..kernel.agenda import Agenda, Timer
from ..port import QueueSpec, Rebalance
from .entry import Entry
from .leases import Session
from .sessions import SessionQueue

if TYPE_CHECKING:
    from ..kernel.process import Process
    from .lanes import Lane
    from .receiver import InMemoryReceiver
    from .session_receiver import SessionReceiver

REVOKED = "revoked: rebalance"


class PartitionedQueue(SessionQueue):
    """Holds its lanes back while a rebalance goes on.

    An eager one ends so long after the last member has settled what it had in hand; a cooperative
    one so long after it began. A member that joins or leaves meanwhile begins it anew. That a
    member has died is known when its lock on a lane runs out.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self._established = False
        self._began: float | None = None
        self._cause = 0
        self._ends: Timer | None = None
        super().__init__(spec, agenda)

    @property
    def rebalancing(self) -> bool:
        """Whether lanes are held back."""
        return self._began is not None

    @property
    def _eager(self) -> bool:
        sessions = self.spec.sessions
        return self.rebalancing and sessions is not None and sessions.rebalance is Rebalance.EAGER

    def declare(self, spec: QueueSpec) -> None:
        """Declare the queue, or change its properties; without partitions there is no rebalance."""
        super().declare(spec)
        sessions = spec.sessions
        if self.rebalancing and (self.lanes is None or sessions is None or not sessions.rebalances):
            self._assigned()
        elif self.lanes is not None:
            self.lanes.held_back = self.rebalancing
            self._wait_for_all()  # lanes that were rearranged are in nobody's hands

    def rebalance(self, why: str, cause: int) -> None:
        """Assign the lanes anew, if the queue is declared to."""
        sessions, lanes = self.spec.sessions, self.lanes
        if sessions is None or lanes is None or not sessions.rebalances:
            return
        if self._began is None:
            self._began = self._journal.now
        self._stop_timer()
        lanes.held_back = True
        self._cause = self._journal.emit(
            kind.REBALANCING, queue=self.spec.name, cause=cause, value=sessions.rebalance_time,
            text=f"{sessions.rebalance.value}: {why}",
        )  # fmt: skip
        for session in lanes.held() if self._eager else ():
            if session.entry is None:
                self._let_go(session, REVOKED)
        self._wait_for_all()

    def opened(self, receiver: InMemoryReceiver) -> None:
        """Take notice of a member; the first ones find a group that has assigned nothing yet."""
        super().opened(receiver)
        if self._established:
            self.rebalance(f"{receiver.process.name} joins", receiver.process.cause)

    def departed(self, process: Process, cause: int) -> None:
        """Take notice of a member that has left in good order."""
        if any(receiver.process is process for receiver in self._open):
            self.rebalance(f"{process.name} leaves", cause)

    def _wait_for_all(self) -> None:
        """Let the rebalance end in due time, once nobody has anything in hand."""
        sessions, lanes = self.spec.sessions, self.lanes
        if self._began is None or self._ends is not None or sessions is None or lanes is None:
            return
        if self._eager and any(session.entry is not None for session in lanes.held()):
            return
        ends = self._journal.now + sessions.rebalance_time
        self._ends = self._agenda.at(ends, self._assigned)

    def _assigned(self, _: object = None) -> None:
        began, self._began = self._began, None
        self._stop_timer()
        if self.lanes is not None:
            self.lanes.held_back = False
        paused = self._journal.now - (self._journal.now if began is None else began)
        self._journal.emit(kind.REBALANCED, queue=self.spec.name, cause=self._cause, value=paused)
        self.serve()

    def _stop_timer(self) -> None:
        if self._ends is not None:
            self._agenda.cancel(self._ends)
            self._ends = None

    # --- what a rebalance holds back ------------------------------------------------------

    def wait(self, receiver: InMemoryReceiver) -> Entry | None:
        """Hand over the next message; in an eager rebalance, take the receiver's lane back."""
        holder: SessionReceiver = receiver  # type: ignore[assignment]
        if self._eager and holder.session is not None:
            self._let_go(holder.session, REVOKED)
            self._wait_for_all()  # its last word on a message may have been lost
        return super().wait(receiver)

    def accept(self, group: str, receiver: InMemoryReceiver) -> bool:
        """Lock the lane of a group for a receiver; not while lanes are held back."""
        session = getattr(receiver, "session", None)
        lanes = self.lanes
        if lanes is not None and lanes.held_back:
            return session is not None and session.lane is lanes.lane_for(group)
        return super().accept(group, receiver)

    def _open_session(self, lane: Lane, receiver: SessionReceiver) -> Session:
        self._established = True
        return super()._open_session(lane, receiver)

    def _settled(self, entry: Entry) -> None:
        super()._settled(entry)
        self._wait_for_all()

    def _release(self, entry: Entry) -> None:
        super()._release(entry)
        self._wait_for_all()

    def _ran_out(self, session: Session, *, lost: bool = False) -> None:
        process = session.receiver.process
        super()._ran_out(session, lost=lost)
        if not process.can_act:
            self.rebalance(f"{process.name} is gone", session.cause)
        self._wait_for_all()
