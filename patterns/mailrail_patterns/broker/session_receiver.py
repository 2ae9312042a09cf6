"""A consumer's end of a queue with sessions: it renews the lock while it lives, and closes."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator
from typing import Any

from ..kernel.process import Process
from ..messages import RENEW_AT
from .leases import IDLING, RENEWAL, Session
from .network import Network
from .receiver import InMemoryDelivery, InMemoryReceiver
from .sessions import SessionQueue


class SessionReceiver(InMemoryReceiver):
    """Receives lane by lane on behalf of one process.

    It is the client library: it renews the lock of its session in the background, when four
    fifths of it are over, as long as the process runs and reaches the broker and no longer than
    it is told to, whatever the process is busy with; and it closes a session whose lane is empty.

    Attributes:
        session: The session it holds, as far as the broker is concerned; None: none.
    """

    def __init__(
        self, queue: SessionQueue, process: Process, network: Network, prefetch: int
    ) -> None:
        super().__init__(queue, process, network, prefetch)
        self.session: Session | None = None
        self._lanes = queue

    @types.coroutine
    def next(
        self, timeout: float | None = None, *, routine: bool = False
    ) -> Generator[None, Any, InMemoryDelivery | None]:
        """Wait for a message; whoever was asked to stop closes its session."""
        found = yield from super().next(timeout, routine=routine)
        session = self.session
        if found is None and session is not None and self.process.stopping:
            self._lanes.close_session(session)
        return found

    def accepted(self, session: Session) -> None:
        """Look after the lock of a lane from now on."""
        self._later(session, RENEWAL, self._lanes.spec.lock * RENEW_AT, self._renew)

    def idles(self, session: Session, seconds: float) -> None:
        """Close a session unless a message comes within ``seconds``."""
        self._later(session, IDLING, seconds, self._close)

    def _later(
        self, session: Session, errand: str, seconds: float, act: Callable[[Session], None]
    ) -> None:
        process = self.process

        def arrives(_: Any) -> None:
            if session.open and process.can_act:
                act(session)

        def sets_out(_: Any) -> None:
            self.network.carry(process, arrives)

        before = session.errands.get(errand)
        if before is not None:
            process.cancel(before)
        session.errands[errand] = process.alarm(seconds, lambda _: process.when_awake(sets_out))

    def _renew(self, session: Session) -> None:
        spec = self._lanes.spec
        sessions, longest = spec.sessions, spec.longest_renewal
        over = 0 < longest < self.process.now - session.since
        if sessions is not None and sessions.renewal and not over:
            self._lanes.renew_session(session)
        self.accepted(session)

    def _close(self, session: Session) -> None:
        if session.entry is None:
            self._lanes.close_session(session)
