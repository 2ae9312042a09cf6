"""The way between a participant and the broker: latency, bandwidth, loss, outage, duplication."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator
from typing import Any, Final

from ..kernel.agenda import Agenda
from ..kernel.chance import Chance
from ..kernel.process import Process, State
from ..pending import Pending

LOSE_SEND: Final = "lose-send"
LOSE_ACK: Final = "lose-ack"
DUPLICATE: Final = "duplicate"
REORDER: Final = "reorder"
ON_THE_WAY: Final = frozenset({LOSE_SEND, LOSE_ACK, DUPLICATE, REORDER})
"""Faults that wait for the next send, or the next settlement."""


class Network:
    """Zero latency and no loss unless told otherwise.

    Attributes:
        clear: True while nothing at all is wrong; the hot path looks at this alone.
        latency: One way, in seconds.
        bandwidth: Bytes a second; 0: without limit.
        loss: Probability that one transmission is lost, from 0 to 1.
        down: True while the broker cannot be reached; calls wait until it can.
        pending: Faults that wait, among them for the next send or settlement.
        resend_after: When a message arrives a second time, in seconds after the first.
        cut: Names of the actors that cannot reach the broker, nor it them.
    """

    def __init__(self, agenda: Agenda, chance: Chance, pending: Pending) -> None:
        self._agenda = agenda
        self._chance = chance
        self.pending = pending
        self._waiting: list[Process] = []
        self._parcels: list[tuple[Process, Callable[[Any], None]]] = []
        self.latency = 0.0
        self.bandwidth = 0.0
        self.loss = 0.0
        self.down = False
        self.resend_after = 0.0
        self.cut: set[str] = set()
        self.clear = True

    def changed(self) -> None:
        """Take notice of new values; lets waiting calls go on once the broker is back."""
        self.clear = not (
            self.down
            or self.latency
            or self.bandwidth
            or self.loss
            or self.cut
            or self.pending.holds(ON_THE_WAY)
        )
        if not self.down:
            waiting, self._waiting = self._waiting, []
            for process in waiting:
                process.wake(None)
            parcels, self._parcels = self._parcels, []
            for process, action in parcels:
                self.carry(process, action)

    def take_notice(self, fault: str) -> None:
        """Take notice that a fault waits, or waits no longer, if it is one on this way."""
        if fault in ON_THE_WAY:
            self.changed()

    @types.coroutine
    def cross(self, process: Process, size: int = 0) -> Generator[None, Any, None]:
        """Take one way with so many bytes: wait out an outage, then as long as it takes."""
        yield from self.reach(process)
        yield from self.travel(process, self.takes(size))

    def takes(self, size: int = 0) -> float:
        """Return how long so many bytes are under way, in seconds."""
        return self.latency + (size / self.bandwidth if self.bandwidth else 0.0)

    @types.coroutine
    def travel(self, process: Process, seconds: float) -> Generator[None, Any, None]:
        """Be under way so long, whatever the weather."""
        if seconds:
            self._agenda.at(self._agenda.now + seconds, process.step)
            yield

    def carry(self, process: Process, action: Callable[[Any], None]) -> None:
        """Do something at the other end for a process that does not wait for it."""
        if self.down or process.cut_off:
            self._parcels.append((process, action))
        elif self.latency:
            self._agenda.at(self._agenda.now + self.latency, action)
        else:
            action(None)

    def resend(self, process: Process, action: Callable[[Any], None]) -> None:
        """Let what a process has sent arrive again after a while; who was made to go sends nothing.

        Who has sent all there was to send has not left before that was confirmed.
        """

        def sets_out(_: Any) -> None:
            if process.state is State.STOPPED and not process.stopping:
                self.carry(process, action)
            else:
                process.when_awake(lambda _: self.carry(process, action))

        process.alarm(self.resend_after, sets_out)

    @types.coroutine
    def reach(self, process: Process) -> Generator[None, Any, None]:
        """Wait out an outage, or a partition that has cut this process off."""
        while self.down or process.cut_off:
            self._waiting.append(process)
            yield

    def loses_send(self, process: Process, message: str) -> bool:
        """Say whether this send gets lost."""
        return self._strikes(LOSE_SEND, process, message) or self._lost(process)

    def loses_ack(self, process: Process, message: str) -> bool:
        """Say whether this settlement gets lost."""
        return self._strikes(LOSE_ACK, process, message) or self._lost(process)

    def duplicates(self, process: Process, message: str) -> bool:
        """Say whether this send arrives twice."""
        return self._strikes(DUPLICATE, process, message)

    def reorders(self, process: Process, message: str) -> bool:
        """Say whether this send overtakes the others."""
        return self._strikes(REORDER, process, message)

    def _strikes(self, fault: str, process: Process, message: str) -> bool:
        if not self.pending.strike(fault, ("",), process.name, message, process.cause):
            return False
        self.changed()
        return True

    def _lost(self, process: Process) -> bool:
        if not self.loss:
            return False
        return self._chance.stream(f"network/{process.name}").random() < self.loss
