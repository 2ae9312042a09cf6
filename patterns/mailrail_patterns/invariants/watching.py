"""What a supervisor promises: that what has expired is noticed, and what is given up is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .. import orders
from ..kernel import events as kind
from ..kernel.events import Event
from ..orders import Lease, Order, attempt_id
from ..records import Row
from .outages import track_outage
from .rules import Breach, Guarantee, Handler, Rule

NOTICED = Guarantee(
    "expired-rows-noticed",
    "A live supervisor that can lead deals with an expired row within a scan period.",
    source="A10 (1)",
)
ONE_ALERT = Guarantee(
    "one-alert",
    "An order that is given up raises one alert, no more and no less.",
    source="A10 (1)",
)
SILENT = Guarantee(
    "silent-past-complete-by",
    "An agent past the complete-by of its claim does not reply.",
    source="A10 rule 2",
)
NO_ROT = Guarantee(
    "no-row-rots",
    "No expired row waits for longer than a scan period.",
    source="A10 rule 4",
    hope=True,
)
DUST = 1e-6
"""Instants are on a grid of microseconds, in seconds."""
NEVER = float("inf")
TROUBLE = frozenset({"store-down", "broker-down", "clock-skew"})
"""Faults during which a supervisor cannot look, or takes what has expired for what has not."""


class Watching(Rule):
    """Keeps time for every row that somebody should look at."""

    guarantees = (NOTICED, ONE_ALERT, SILENT, NO_ROT)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._expiring: dict[str, float] = {}
        self._rotten: dict[str, float] = {}
        self._untold: dict[str, float] = {}
        self._told: set[str] = set()
        self._watching: dict[str, float] = {}
        self._ends: dict[str, float] = {}
        self._heard: dict[str, float] = {}
        self._lease = Lease()
        self._led = 0.0
        self._trouble: set[tuple[str, str]] = set()
        self._steady = 0.0
        self._period = 0.0

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of rows, replies and alerts, and of everything a scan depends on."""
        comes = (kind.SPAWNED, kind.RESTARTED, kind.RESUMED)
        goes = (kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED, kind.BLOCKED)
        lost = (kind.DROPPED, kind.REJECTED)
        return {
            kind.STATE: self._written,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.NOTED: self._look,
            kind.SAID: self._look,
            kind.INJECTED: self._troubled,
            kind.HEALED: self._troubled,
            kind.CHANGED: self._changed,
            **dict.fromkeys(comes, self._comes),
            **dict.fromkeys(goes, self._goes),
            **dict.fromkeys(lost, self._lost),
        }

    # --- who could look -------------------------------------------------------------------

    def _comes(self, event: Event) -> None:
        self._look(event)
        self._heard[event.actor] = event.t
        if event.text.startswith("supervisor "):
            self._watching[event.actor] = event.t

    def _goes(self, event: Event) -> None:
        self._look(event)
        self._watching.pop(event.actor, None)

    def _troubled(self, event: Event) -> None:
        self._look(event)
        if event.message in TROUBLE:
            self._steady = event.t
            track_outage(self._trouble, event, TROUBLE)

    def _changed(self, event: Event) -> None:
        self._look(event)
        self._steady = event.t

    def _limit(self, since: float) -> float:
        """Return until when something that has waited since then must have been seen to."""
        settings = self._settings()
        self._period = max(self._period, settings.scan_every)
        if self._trouble or not settings.supervisor or settings.latency or settings.loss:
            return NEVER
        limits = [
            max(since, alive, self._steady, self._may_lead(name))
            for name, alive in self._watching.items()
        ]
        return min(limits, default=NEVER) + self._period + DUST

    def _may_lead(self, name: str) -> float:
        """Return since when a supervisor leads, or from when on it could."""
        if not self._settings().leader_election:
            return 0.0
        return self._led if name == self._lease.holder else self._lease.until

    # --- what is to be looked at ------------------------------------------------------------

    def _look(self, event: Event) -> None:
        for guarantee, key, what in self._overdue(event.t):
            self.breach(guarantee, event, what)
            (self._untold if guarantee == ONE_ALERT.name else self._expiring).pop(key, None)
        for key, what in self._rotting(event.t):
            self._rotten[key] = NEVER
            self.breach(NO_ROT.name, event, what)

    def _overdue(self, now: float) -> list[tuple[str, str, str]]:
        found = [
            (NOTICED.name, key, f"{key} expired at {end:.1f} s and nobody looks")
            for key, end in self._expiring.items()
            if end < now and now > self._limit(end)
        ]
        return found + [
            (ONE_ALERT.name, key, f"{key} was given up at {since:.1f} s and nobody was told")
            for key, since in self._untold.items()
            if now > self._limit(since)
        ]

    def _rotting(self, now: float) -> list[tuple[str, str]]:
        period = self._settings().scan_every
        return [
            (key, f"{key} expired {now - end:.1f} s ago and nobody looks")
            for key, end in self._rotten.items()
            if now > end + period + DUST
        ]

    def _written(self, event: Event) -> None:
        # A row is judged by its own write first: dealing with it in time ends its wait.
        if event.queue == orders.LEASES:
            lease = Row(event.message, event.text).fields(Lease)
            if lease.holder != self._lease.holder:
                self._led = event.t
            self._lease = lease
        if event.queue != orders.TABLE:
            return
        key, order = event.message, Row(event.message, event.text).fields(Order)
        self._look(event)
        self._expiring.pop(key, None)
        self._rotten.pop(key, None)
        name = attempt_id(key, order.attempt)
        if event.group == orders.PROCESSING:
            self._expiring[key] = self._rotten[key] = order.complete_by
            self._ends[name] = order.complete_by
        elif event.group == orders.ERROR and name not in self._told:
            self._untold[name] = event.t
        elif event.group in {orders.PROCESSED, orders.PENDING}:
            self._untold.pop(name, None)

    def _delivered(self, event: Event) -> None:
        self._heard[event.actor] = event.t

    def _sent(self, event: Event) -> None:
        name, _, word = event.message.partition("~")[0].rpartition("-")
        if word == "alert":
            if name in self._told:
                self.breach(ONE_ALERT.name, event, f"a second alert for {name}")
            self._told.add(name)
            self._untold.pop(name, None)
        elif word == "reply" and name in self._ends:
            late = self._heard.get(event.actor, 0.0) - self._ends[name]
            if late > DUST:
                self.breach(SILENT.name, event, f"{event.actor} replied {late:.1f} s too late")

    def _lost(self, event: Event) -> None:
        name, _, word = event.message.partition("~")[0].rpartition("-")
        if word == "alert" and name in self._untold:
            self._untold[name] = event.t  # the next scan makes up for it

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report what is still waiting for somebody to look."""
        found = [Breach(guarantee, 0, now, what) for guarantee, _, what in self._overdue(now)]
        return [*found, *(Breach(NO_ROT.name, 0, now, what) for _, what in self._rotting(now))]
