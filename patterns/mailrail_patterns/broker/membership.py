"""Who is connected to a subscription that lives only as long as somebody is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from ..kernel.agenda import Agenda, Timer
from ..kernel.process import Process, State

CLOSED: Final = "connection closed"
LOST: Final = "connection lost"
NO_HEARTBEAT: Final = "no heartbeat"


class Membership:
    """The connections of one non-durable subscription.

    A process that dies or leaves closes its connection at once. One that is frozen or cut off
    keeps it: the broker hears nothing and waits, as long as its keep-alive says.
    """

    def __init__(self, agenda: Agenda, keepalive: float, empty: Callable[[str, str], None]) -> None:
        """Call ``empty`` with the last member and the reason once nobody is left."""
        self._agenda = agenda
        self._keepalive = keepalive
        self._empty = empty
        self._members: dict[Process, Timer | None] = {}

    def join(self, process: Process) -> bool:
        """Take a process in; False if it is in already."""
        if process in self._members:
            return False
        self._members[process] = None
        process.watchers.append(self._changed)
        return True

    def disband(self) -> None:
        """Forget everybody; nobody is told."""
        for timer in self._members.values():
            if timer is not None:
                self._agenda.cancel(timer)
        self._members.clear()

    def _changed(self, process: Process) -> None:
        if process not in self._members:
            return
        timer = self._members[process]
        if process.silent and process.can_act:
            if timer is None and self._keepalive:
                due, give_up = self._agenda.now + self._keepalive, partial(self._leave, process)
                self._members[process] = self._agenda.at(due, give_up, NO_HEARTBEAT)
            return
        if timer is not None:
            self._agenda.cancel(timer)
            self._members[process] = None
        if not process.can_act:
            self._leave(process, LOST if process.state is State.CRASHED else CLOSED)

    def _leave(self, process: Process, why: str) -> None:
        del self._members[process]
        if not self._members:
            self._empty(process.name, why)
