"""What the lock on a lane promises: to whom it belongs, how long, and who may wait for it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..broker_rules import Late, read_declared
from ..kernel import events as kind
from ..kernel.events import Event
from ..partitioning import lane_of, partitions_of
from .outages import UNREACHABLE, track_outage
from .rules import Breach, Guarantee, Handler, Rule

EXCLUSIVE = Guarantee(
    "session-exclusive",
    "A lane has one holder at most, nobody else receives from it, and its lock ends when it must.",
    source="A11 rule 1",
)
KEPT = Guarantee(
    "session-kept",
    "The lock on a lane does not run out under a holder that runs and reaches the broker, for as "
    "long as locks are renewed at all.",
    source="A11 rule 1",
)


class Lease(msgspec.Struct):
    """What the rule knows of one session."""

    holder: str
    token: int
    until: float
    excused: bool
    since: float
    dead: bool = False


class Leases(Rule):
    """Follows every session from its acceptance to its end."""

    guarantees = (EXCLUSIVE, KEPT)

    def __init__(self) -> None:
        super().__init__()
        self._partitions: int | None = None
        self._leases: dict[str, Lease] = {}
        self._asleep: set[str] = set()
        self._outages: set[tuple[str, str]] = set()
        self._forced = self._closes = False
        self._renewing = 0.0

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of sessions, and of what excuses their holders."""
        return {
            kind.DECLARED: self._declared,
            kind.DELIVERED: self._delivered,
            kind.LOCK_LOST: self._lock_lost,
            kind.SESSION_ACCEPTED: self._accepted,
            kind.SESSION_RENEWED: self._renewed,
            kind.SESSION_EXPIRED: self._expired,
            kind.SESSION_CLOSED: self._closed,
            kind.CRASHED: self._crashed,
            kind.PAUSED: self._paused,
            kind.RESUMED: self._resumed,
            kind.INJECTED: self._switched,
            kind.HEALED: self._switched,
        }

    def _declared(self, event: Event) -> None:
        self._partitions = partitions_of(event.group)
        declared = read_declared(event.text)
        self._closes = declared.rules.late is Late.CHANNEL_ERROR
        if declared.renewing != self._renewing:  # whoever holds a lane began under other terms
            for lease in self._leases.values():
                lease.excused = True
        self._renewing = declared.renewing

    def _lock_lost(self, event: Event) -> None:
        """Where a settlement that is too late closes the channel, what else was held goes too."""
        for lease in self._leases.values() if self._closes else ():
            lease.excused = lease.excused or lease.holder == event.actor

    def _out_of_reach(self, actor: str) -> bool:
        return actor in self._asleep or any(who in ("", actor) for _, who in self._outages)

    def _accepted(self, event: Event) -> None:
        lease = self._leases.get(event.group)
        if lease is not None:
            what = f"{event.actor} accepted {event.group}, which {lease.holder} holds"
            self.breach("session-exclusive", event, what)
        excused = self._out_of_reach(event.actor)
        self._leases[event.group] = Lease(event.actor, event.token, event.until, excused, event.t)

    def _delivered(self, event: Event) -> None:
        if self._partitions is None or not event.group:
            return
        lease = self._leases.get(lane_of(event.group, self._partitions))
        if lease is None or lease.holder != event.actor:
            holder = "nobody" if lease is None else lease.holder
            what = f"{event.actor} received {event.message}, but {holder} holds {event.group}"
            self.breach("session-exclusive", event, what)
        elif event.t > lease.until:
            what = f"the lock on {event.group} ended at {lease.until:g}s"
            self.breach("session-exclusive", event, what)

    def _renewed(self, event: Event) -> None:
        lease = self._leases.get(event.group)
        if lease is None or lease.token != event.token or event.t > lease.until or lease.dead:
            what = f"{event.actor} renewed a lock on {event.group} that it does not have"
            self.breach("session-exclusive", event, what)
            return
        lease.until = event.until
        lease.excused = self._out_of_reach(event.actor)

    def _expired(self, event: Event) -> None:
        lease = self._leases.pop(event.group, None)
        forced, self._forced = self._forced, False
        beyond = lease is not None and 0 < self._renewing < event.t - lease.since
        if lease is not None and not (lease.excused or forced or beyond):
            what = f"{lease.holder} runs, and lost {event.group}"
            self.breach("session-kept", event, what)

    def _closed(self, event: Event) -> None:
        self._leases.pop(event.group, None)

    def _crashed(self, event: Event) -> None:
        for lease in self._leases.values():
            if lease.holder == event.actor:
                lease.excused = lease.dead = True
        self._asleep.discard(event.actor)

    def _paused(self, event: Event) -> None:
        self._asleep.add(event.actor)
        self._excuse()

    def _resumed(self, event: Event) -> None:
        self._asleep.discard(event.actor)

    def _switched(self, event: Event) -> None:
        if event.kind == kind.INJECTED:
            self._forced = event.message == "expire-lock"
        if event.message in UNREACHABLE:
            track_outage(self._outages, event)
            self._excuse()

    def _excuse(self) -> None:
        for lease in self._leases.values():
            lease.excused = lease.excused or self._out_of_reach(lease.holder)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report locks that should have ended."""
        return [
            Breach("session-exclusive", 0, now, f"the lock on {lane} ended at {lease.until:g}s")
            for lane, lease in self._leases.items()
            if lease.until < now
        ]
