"""U8 and U10: what can drain does drain, and the figures obey Little's law."""

from __future__ import annotations

from collections.abc import Sequence

from ..kernel import events as kind
from ..kernel.events import Event
from .rules import Breach, Guarantee, Handler, Rule

DRAINS = Guarantee(
    "drains",
    "When nothing is left to happen and a consumer is there, no message is ready or locked.",
    True,
    "U8",
)
LITTLES_LAW = Guarantee(
    "littles-law",
    "Over a window that starts and ends empty, messages in the system = rate x time in it.",
    True,
    "U10",
)


class Flow(Rule):
    """Integrates the number in the system, and sums the time each message spent there."""

    guarantees = (DRAINS, LITTLES_LAW)

    def __init__(self) -> None:
        super().__init__()
        self._since: dict[tuple[str, str], float] = {}
        self._area = 0.0
        self._sojourns = 0.0
        self._last = 0.0
        self._served: set[str] = set()
        self._gone: set[str] = set()
        self._serving: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers for coming and going."""
        return {
            kind.SENT: self._came,
            kind.REDRIVEN: self._came,
            kind.COMPLETED: self._went,
            kind.DEAD_LETTERED: self._went,
            kind.EXPIRED: self._went,
            kind.DROPPED: self._went,
            kind.SPAWNED: self._spawned,
            kind.RESTARTED: self._spawned,
            kind.CRASHED: self._left,
            kind.STOPPING: self._left,
            kind.STOPPED: self._left,
            kind.PAUSED: self._left,
            kind.RESUMED: self._spawned,
        }

    def _came(self, event: Event) -> None:
        now = event.t
        since = self._since
        self._area += len(since) * (now - self._last)
        self._last = now
        since[event.queue, event.message] = now

    def _went(self, event: Event) -> None:
        since = self._since
        start = since.get((event.queue, event.message))
        if start is None:
            return
        now = event.t
        self._area += len(since) * (now - self._last)
        self._last = now
        self._sojourns += now - start
        del since[event.queue, event.message]
        if not since:
            if abs(self._area - self._sojourns) > 1e-6 * max(1.0, self._area):
                self.breach(
                    "littles-law",
                    event,
                    f"area {self._area:g} message-seconds, sum of times {self._sojourns:g}",
                )
            self._area = self._sojourns = 0.0

    def _spawned(self, event: Event) -> None:
        if event.queue:
            self._serving[event.actor] = event.queue

    def _left(self, event: Event) -> None:
        self._serving.pop(event.actor, None)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report messages that nobody will ever fetch although a consumer waits."""
        if not quiet:
            return ()
        served = set(self._serving.values())
        left = [name for queue, name in self._since if queue in served]
        if not left:
            return ()
        some = ", ".join(left[:5])
        return (Breach("drains", 0, now, f"{len(left)} left behind: {some}"),)
