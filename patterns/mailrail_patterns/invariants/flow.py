"""U8 and U10: what can drain does drain, and the flow obeys Little's law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..kernel import events as kind
from ..kernel.events import Event
from .outages import track_outage
from .rules import Breach, Guarantee, Handler, Rule

DRAINS = Guarantee(
    "drains",
    "When nothing is left to happen but routine (two rounds of it), and a consumer is there, no "
    "message is ready or locked.",
    True,
    "U8",
)
TIME_MOVES = Guarantee(
    "time-moves", "Every instant comes to an end: nothing goes in circles.", True, "U8"
)
SOUND_CODE = Guarantee(
    "sound-code", "No participant's own code fails with an exception.", True, "U4"
)
LITTLES_LAW = Guarantee(
    "littles-law",
    "Over a window that starts and ends empty, messages in the system = rate x time in it.",
    True,
    "U10",
)


class Flow(Rule):
    """Integrates the number in the system and compares with the times messages spent there.

    The sum of the times is the sum of the departures less the sum of the arrivals; over a
    window that starts and ends empty the two must be the same to rounding.
    """

    guarantees = (DRAINS, TIME_MOVES, SOUND_CODE, LITTLES_LAW)

    def __init__(self, left_over: Callable[[], Iterable[tuple[str, str]]]) -> None:
        """Judge the flow; ``left_over`` names queue and message of all that is ready or locked."""
        super().__init__()
        self._left_over = left_over
        self._inside = 0
        self._came_at = self._went_at = 0.0
        self._area = 0.0
        self._last = 0.0
        self._serving: dict[str, str] = {}
        self._cut_off: set[str] = set()
        self._blocked: set[str] = set()
        self._outages: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers for coming and going."""
        return {
            kind.SENT: self._came,
            kind.REDRIVEN: self._came,
            kind.COMPLETED: self._went,
            kind.DEAD_LETTERED: self._went,
            kind.SHELVED: self._went,
            kind.EXPIRED: self._ended,
            kind.DROPPED: self._ended,
            kind.SPAWNED: self._spawned,
            kind.SUBSCRIBED: self._subscribed,
            kind.RESTARTED: self._spawned,
            kind.CRASHED: self._left,
            kind.STOPPING: self._left,
            kind.STOPPED: self._left,
            kind.PAUSED: self._left,
            kind.RESUMED: self._spawned,
            kind.BLOCKED: self._blocks,
            kind.STALLED: self._stalled,
            kind.INJECTED: self._switched,
            kind.HEALED: self._switched,
        }

    def _switched(self, event: Event) -> None:
        track_outage(self._outages, event)
        if event.message == "partition" and event.kind == kind.INJECTED:
            for actor in [event.actor] if event.actor else list(self._serving):
                self._cut_off.add(actor)
                self._serving.pop(actor, None)

    def _came(self, event: Event) -> None:
        if self._blocked:
            self._blocked.discard(event.actor)
        now, inside = event.t, self._inside
        self._area += inside * (now - self._last)
        self._last = now
        self._inside = inside + 1
        self._came_at += now

    def _ended(self, event: Event) -> None:
        if not event.text or event.text in kind.LEAVES:
            self._went(event)

    def _went(self, event: Event) -> None:
        now, inside = event.t, self._inside
        self._area += inside * (now - self._last)
        self._last = now
        self._inside = inside - 1
        self._went_at += now
        if inside <= 1:
            sojourns = self._went_at - self._came_at
            if inside < 1 or abs(self._area - sojourns) > 1e-6 * max(1.0, self._went_at):
                what = f"area {self._area:g} message-seconds, sum of times {sojourns:g}"
                self.breach("littles-law", event, what)
            self._area = self._came_at = self._went_at = 0.0

    def _stalled(self, event: Event) -> None:
        self.breach("time-moves", event, event.text)

    def _blocks(self, event: Event) -> None:
        self._blocked.add(event.actor)

    def _spawned(self, event: Event) -> None:
        if event.queue and event.text.endswith(" consumer"):
            self._serving[event.actor] = event.queue

    def _subscribed(self, event: Event) -> None:
        if event.actor and event.actor not in self._cut_off:
            self._serving[event.actor] = event.message

    def _left(self, event: Event) -> None:
        if event.kind == kind.CRASHED and event.text.startswith("bug: "):
            self.breach("sound-code", event, f"{event.actor}: {event.text.removeprefix('bug: ')}")
        self._serving.pop(event.actor, None)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report messages that nobody will ever fetch although a consumer waits."""
        if not quiet or self._outages:
            return ()
        served = {queue for actor, queue in self._serving.items() if actor not in self._blocked}
        left = [name for queue, name in self._left_over() if queue in served]
        if not left:
            return ()
        some = ", ".join(left[:5])
        return (Breach("drains", 0, now, f"{len(left)} left behind: {some}"),)
