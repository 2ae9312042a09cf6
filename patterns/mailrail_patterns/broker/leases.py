"""The lock on a lane: a lease that covers every message in it, and that is renewed or runs out."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import msgspec

from ..kernel import events as kind
from ..kernel.agenda import Agenda, Timer
from ..port import QueueSpec
from .entry import Entry
from .lanes import Lane, Lanes
from .queue import Queue

if TYPE_CHECKING:
    from .receiver import InMemoryReceiver
    from .session_receiver import SessionReceiver

CLOSED = "session closed"
RENEWAL, IDLING = "renewal", "idling"
"""What the holder of a session means to do about it later."""


class Session(msgspec.Struct, eq=False):
    """A lease on a lane.

    Attributes:
        lane: The lane.
        receiver: Who holds it.
        token: Proof that it is held; every later session has a higher one.
        since: When it was accepted, in seconds.
        cause: Number of the latest event about it.
        until: When it runs out, in seconds.
        open: Whether it has not ended yet.
        waits: Whether its holder waits for a message in it.
        entry: The message that is being processed in it.
        expiry: The end of the lease.
        errands: What its holder means to do about it later: renew it, close it.
    """

    lane: Lane
    receiver: SessionReceiver
    token: int
    since: float
    cause: int = 0
    until: float = 0.0
    open: bool = True
    waits: bool = False
    entry: Entry | None = None
    expiry: Timer | None = None
    errands: dict[str, Timer] = {}


class Leases(Queue):
    """Lends lanes, and takes them back.

    A lease ends when its holder closes it, which counts for nothing, or when it runs out: then
    the message in process counts as delivered. That message has no lock of its own.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self._sessions: dict[str, Session] = {}
        super().__init__(spec, agenda)

    @property
    def lanes(self) -> Lanes | None:
        """The lanes; None while sessions are switched off."""
        line = self._line
        return line if isinstance(line, Lanes) else None

    def lease(self, entry: Entry, receiver: InMemoryReceiver) -> float:
        """Begin the lease of a message: that of its session, or its own."""
        session = self._sessions.get(entry.name)
        if session is not None:
            return session.until
        entry.fence = 0
        return super().lease(entry, receiver)

    def renew(self, entry: Entry, owner: str, cause: int) -> int:
        """Extend the lock of a message: in a session there is but one for all of them."""
        session = self._sessions.get(entry.name)
        if session is None:
            return super().renew(entry, owner, cause)
        self.renew_session(session)
        return entry.cause

    def renew_session(self, session: Session) -> None:
        """Make the lock of a session last a full lock length from now."""
        before, owner = session.until, session.receiver.process.name
        self._lend(session)
        if session.until == before:
            return
        session.cause = self._tell(session, kind.SESSION_RENEWED, owner, session.cause)
        entry = session.entry
        if entry is not None:
            entry.until = session.until
            self.log(kind.RENEWED, entry, owner, session.cause, session.until)

    def close_session(self, session: Session) -> None:
        """End a session at its holder's word, and let others have its lane."""
        self._let_go(session)
        self.serve()

    def _let_go(self, session: Session, text: str = "") -> None:
        """End a session in good order; what was locked goes back, and does not count.

        Where the broker knows no closing, it stays locked, and nothing of its lane overtakes it.
        """
        entry, owner, until = session.entry, session.receiver.process.name, session.until
        n = self._end(session, kind.SESSION_CLOSED, owner, text)
        if entry is not None and not self.spec.rules.close_returns:
            entry.timer = self._agenda.at(until, self._lock_ran_out, entry)
            self.keep_back(entry)
        elif entry is not None:
            entry.deliveries -= 1
            entry.holder = None
            self.log(kind.ABANDONED, entry, owner, n, text=CLOSED)
            self.make_ready(entry, head=True)
        if session.waits:
            self._waiting.append(session.receiver)

    @abstractmethod
    def keep_back(self, entry: Entry) -> None:
        """Let nothing of its lane overtake a message that is away."""

    def expire_lock(self, entry: Entry) -> None:
        """Let a lock run out now (a fault); in a session that is the lock on the whole lane."""
        session = self._sessions.get(entry.name)
        if session is None:
            super().expire_lock(entry)
        else:
            self._ran_out(session)

    def _ran_out(self, session: Session, *, lost: bool = False) -> None:
        entry, holder, waited = session.entry, session.receiver.process.name, session.waits
        n = self._end(session, kind.SESSION_EXPIRED, "", holder)
        if waited:
            self._waiting.append(session.receiver)
        if entry is not None:
            entry.holder = None
            entry.returns += 1
            entry.failures += lost
            self.log(kind.LOCK_EXPIRED, entry, "", n, text=holder, value=float(lost))
            self._return(entry, 0.0)
        self.serve()

    def _open_session(self, lane: Lane, receiver: SessionReceiver) -> Session:
        first, process = lane.line.peek(), receiver.process
        self._tokens += 1
        session = Session(lane, receiver, self._tokens, self._journal.now, errands={})
        lane.session = receiver.session = session
        self._lend(session)
        session.cause = self._tell(
            session, kind.SESSION_ACCEPTED, process.name, first.cause if first else process.cause
        )
        if self.lanes is not None:
            self.lanes.look(lane)
        receiver.accepted(session)
        return session

    def _lend(self, session: Session) -> None:
        if session.expiry is not None:
            self._agenda.cancel(session.expiry)
        until = self.spec.ends(self._journal.now, self.spec.lock)
        session.expiry = self._agenda.at(until, self._ran_out, session)
        session.until = session.expiry.time

    def _end(self, session: Session, what: str, actor: str, text: str = "") -> int:
        n = self._tell(session, what, actor, session.cause, text)
        session.open = False
        for timer in (session.expiry, *session.errands.values()):
            if timer is not None:
                self._agenda.cancel(timer)
        if session.entry is not None:
            del self._sessions[session.entry.name]
            session.entry = None
        session.lane.session = None
        if session.receiver.session is session:
            session.receiver.session = None
        lanes = self.lanes
        if lanes is not None:
            lanes.look(session.lane)
        return n

    def _tell(self, session: Session, what: str, actor: str, cause: int, text: str = "") -> int:
        ends = what in (kind.SESSION_CLOSED, kind.SESSION_EXPIRED)
        return self._journal.emit(
            what, actor, self.spec.name, "", 0, cause, session.token,
            0.0 if ends else session.until, 0.0, text, session.lane.key,
        )  # fmt: skip

    # --- settled by its consumer ----------------------------------------------------------

    def complete(self, entry: Entry, owner: str, cause: int) -> int:
        """Settle a message for good; the next of its lane may follow."""
        n = super().complete(entry, owner, cause)
        self._settled(entry)
        return n

    def _release(self, entry: Entry) -> None:
        super()._release(entry)
        session = self._sessions.pop(entry.name, None)
        if session is not None:
            session.entry = None

    def defer(self, entry: Entry, owner: str, cause: int) -> int:
        """Set a message aside; the next of its lane may follow."""
        n = super().defer(entry, owner, cause)
        self._settled(entry)
        return n

    def _settled(self, entry: Entry) -> None:
        session = self._sessions.pop(entry.name, None)
        if session is not None:
            session.entry = None
