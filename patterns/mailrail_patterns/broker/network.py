"""The way between a participant and the broker: latency, bandwidth, loss, outage, duplication."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator
from typing import Any

from ..kernel.agenda import Agenda
from ..kernel.chance import Chance
from ..kernel.process import Process


class Network:
    """Zero latency and no loss unless told otherwise.

    Attributes:
        clear: True while nothing at all is wrong; the hot path looks at this alone.
        latency: One way, in seconds.
        bandwidth: Bytes a second; 0: without limit.
        loss: Probability that one transmission is lost, from 0 to 1.
        down: True while the broker cannot be reached; calls wait until it can.
        lose_sends: So many of the next sends get lost on their way.
        lose_acks: So many of the next settlements get lost on their way.
        duplicate_sends: So many of the next sends arrive twice.
        resend_after: When a message arrives a second time, in seconds after the first.
        reorder_sends: So many of the next sends overtake everything that waits.
        cut: Names of the actors that cannot reach the broker, nor it them.
    """

    def __init__(self, agenda: Agenda, chance: Chance) -> None:
        self._agenda = agenda
        self._chance = chance
        self._waiting: list[Process] = []
        self._parcels: list[tuple[Process, Callable[[Any], None]]] = []
        self.latency = 0.0
        self.bandwidth = 0.0
        self.loss = 0.0
        self.down = False
        self.lose_sends = 0
        self.lose_acks = 0
        self.duplicate_sends = 0
        self.resend_after = 0.0
        self.reorder_sends = 0
        self.cut: set[str] = set()
        self.clear = True

    def changed(self) -> None:
        """Take notice of new values; lets waiting calls go on once the broker is back."""
        self.clear = not (
            self.down
            or self.latency
            or self.bandwidth
            or self.loss
            or self.lose_sends
            or self.lose_acks
            or self.duplicate_sends
            or self.reorder_sends
            or self.cut
        )
        if not self.down:
            waiting, self._waiting = self._waiting, []
            for process in waiting:
                process.wake(None)
            parcels, self._parcels = self._parcels, []
            for process, action in parcels:
                self.carry(process, action)

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

    @types.coroutine
    def reach(self, process: Process) -> Generator[None, Any, None]:
        """Wait out an outage, or a partition that has cut this process off."""
        while self.down or process.cut_off:
            self._waiting.append(process)
            yield

    def loses_send(self, process: Process) -> bool:
        """Say whether this send gets lost."""
        if self.lose_sends:
            self.lose_sends -= 1
            self.changed()
            return True
        return self._lost(process)

    def loses_ack(self, process: Process) -> bool:
        """Say whether this settlement gets lost."""
        if self.lose_acks:
            self.lose_acks -= 1
            self.changed()
            return True
        return self._lost(process)

    def duplicates(self) -> bool:
        """Say whether this send arrives twice."""
        if self.duplicate_sends:
            self.duplicate_sends -= 1
            self.changed()
            return True
        return False

    def reorders(self) -> bool:
        """Say whether this send overtakes the others."""
        if self.reorder_sends:
            self.reorder_sends -= 1
            self.changed()
            return True
        return False

    def _lost(self, process: Process) -> bool:
        if not self.loss:
            return False
        return self._chance.stream(f"network/{process.name}").random() < self.loss
