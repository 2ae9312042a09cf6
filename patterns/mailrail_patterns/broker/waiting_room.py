"""Senders that wait until a full queue has room, first come first served.

Whoever the broker cannot reach at that moment is passed over and keeps its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf

import msgspec

from ..kernel import events as kind
from ..kernel.agenda import Agenda, Timer
from ..kernel.process import Process
from ..port import Delivery, Message, Outcome
from ..quantities import on_grid
from .network import Network

Refuse = Callable[[Message, str, int, str], Outcome]
"""Refuses a message of a sender, with the event that made it send and the reason."""


class Sender(msgspec.Struct, eq=False):
    """Who waits for room.

    Attributes:
        process: The sender.
        network: Its way to the broker.
        message: What it sends; None: it sees for itself once it is woken.
        follows: What the message was made from, if it is refused once that is over.
        timer: The end of its waiting.
    """

    process: Process
    network: Network
    message: Message | None = None
    follows: Delivery | None = None
    timer: Timer | None = None

    @property
    def reachable(self) -> bool:
        """Whether it can be let in; who sees for itself waits an outage out by itself."""
        return self.message is None or not (self.network.down or self.process.cut_off)


class WaitingRoom(deque[Sender]):
    """The senders that wait before one queue."""

    __slots__ = ("_agenda", "_refuse")

    def __init__(self, agenda: Agenda, refuse: Refuse) -> None:
        super().__init__()
        self._agenda = agenda
        self._refuse = refuse

    def enter(self, sender: Sender) -> None:
        """Let a sender wait, until it is let in or what it follows from is over."""
        self.append(sender)
        self._wait_on(sender)

    def leave(self) -> Sender | None:
        """Return who of the reachable has waited longest, and waits no longer; None: nobody."""
        for sender in self:
            if sender.reachable:
                self.remove(sender)
                if sender.timer is not None:
                    self._agenda.cancel(sender.timer)
                return sender
        return None

    def _wait_on(self, sender: Sender) -> None:
        follows = sender.follows
        if follows is not None and follows.over < inf:
            sender.timer = self._agenda.at(follows.over, self._turn_away, sender)

    def _turn_away(self, sender: Sender) -> None:
        sender.timer = None
        process, message, follows = sender.process, sender.message, sender.follows
        if follows is not None and on_grid(follows.over) > self._agenda.now:
            self._wait_on(sender)  # its lock has been renewed
            return
        self.remove(sender)
        if message is not None and process.can_act:
            process.wake(self._refuse(message, process.name, process.cause, kind.INPUT_GONE))
