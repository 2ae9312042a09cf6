"""What the payload store promises: honest counts, deletions in order, orphans found in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..projections.lockers import Lockers
from ..projections.tickets import Tickets
from .rules import Breach, Guarantee, Handler, Rule

DELETED_LAST = Guarantee(
    "deleted-last",
    "With reference counting a payload is released only once every subscriber has settled.",
    source="A2 (1)",
)
ACCOUNTED = Guarantee(
    "store-accounted",
    "Payloads stored = payloads with a ticket + payloads without one.",
    source="A2 (1)",
)
GRACE = Guarantee(
    "grace-kept",
    "The sweeper deletes nothing younger than the grace, and nothing a ticket points to.",
    source="A2 (1)",
)
SWEPT = Guarantee(
    "orphans-swept",
    "A payload without a ticket is gone within a sweep period and the grace.",
    source="A2 (1)",
)


class Wall(Rule):
    """Counts payloads and watches who deletes them."""

    guarantees = (DELETED_LAST, ACCOUNTED, GRACE)

    def __init__(self, settings: Callable[[], Any], tickets: Tickets, lockers: Lockers) -> None:
        super().__init__()
        self._settings = settings
        self._tickets = tickets
        self._lockers = lockers
        self._since: dict[str, float] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that fills or empties a locker."""
        return {
            kind.STORED: self._stored,
            kind.REMOVED: self._removed,
            kind.LAPSED: self._counted,
        }

    def _stored(self, event: Event) -> None:
        self._since[event.group] = event.t
        self._counted(event)

    def _counted(self, event: Event) -> None:
        found = len(self._lockers.stored)
        if found != event.delivery:
            what = f"the store holds {event.delivery} payloads, events say {found}"
            self.breach("store-accounted", event, what)

    def _removed(self, event: Event) -> None:
        self._counted(event)
        message = event.message
        if event.text == "released by all":
            owed = {ticket.queue for ticket in self._tickets.owed(message)}
            if owed:
                waiting = ", ".join(sorted(owed))
                self.breach("deleted-last", event, f"{message} is still owed to {waiting}")
        elif event.text == "swept":
            age = event.t - self._stored_at(event)
            grace: float = self._settings().grace
            if age < grace - 1e-6:
                self.breach("grace-kept", event, f"{message} was swept {age:g}s old")
            late = [t for t in self._tickets.of(message) if t.since < event.t]
            if late and self._tickets.in_time(
                message, late[0].since, self._stored_at(event), grace
            ):
                self.breach("grace-kept", event, f"{message} was swept; a ticket points to it")

    def _stored_at(self, event: Event) -> float:
        return self._since.get(event.group, 0.0)


class Sweeping(Rule):
    """Watches how long payloads without a ticket stay while a sweeper could do its rounds."""

    guarantees = (SWEPT,)

    def __init__(self, settings: Callable[[], Any], lockers: Lockers) -> None:
        super().__init__()
        self._settings = settings
        self._lockers = lockers
        self._able: set[str] = set()
        self._ever = False
        self._down = False
        self._unsure = False
        self._since = 0.0
        self._not_before = 0.0
        self._told: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of sweepers, and of everything after which time has passed."""
        moves = (kind.STORED, kind.SENT, kind.DELIVERED, kind.COMPLETED, kind.REMOVED)
        gone = (kind.CRASHED, kind.PAUSED, kind.STOPPING, kind.STOPPED)
        back = (kind.SPAWNED, kind.RESTARTED)
        return {
            **dict.fromkeys(moves, self._look),
            **dict.fromkeys(gone, self._left),
            **dict.fromkeys(back, self._came),
            kind.RESUMED: self._came,
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
            kind.CHANGED: self._changed,
            kind.NOTED: self._noted,
        }

    def _came(self, event: Event) -> None:
        if event.text.startswith("sweeper "):
            self._look(event)
            self._able.add(event.actor)
            self._ever, self._since = True, event.t

    def _left(self, event: Event) -> None:
        if event.actor in self._able:
            self._look(event)
            self._able.discard(event.actor)

    def _injected(self, event: Event) -> None:
        self._look(event)
        if event.message in ("store-down", "broker-down"):
            self._down = True

    def _healed(self, event: Event) -> None:
        if event.message in ("store-down", "broker-down"):
            self._down, self._since = False, event.t

    def _changed(self, event: Event) -> None:
        self._not_before = event.t
        if event.message in ("sweep_every", "grace"):
            self._unsure = True  # the round it sleeps for was fixed before

    def _noted(self, event: Event) -> None:
        self._not_before = event.t  # a ticket that turns out to be forged never pointed to it
        if event.text.startswith("swept:"):
            if self._unsure:
                self._unsure, self._since = False, event.t
            self._look(event)

    def _overdue(self, now: float) -> list[str]:
        idle = self._ever and not self._able
        if now < self._not_before or idle or self._down or self._unsure:
            return []
        settings = self._settings()
        calls = 12 + len(self._lockers.stored)
        slack = calls * (settings.store_latency + 2 * settings.latency) + 1e-6
        limit = settings.sweep_every + settings.grace + slack
        free = [each for each in self._lockers.free() if each.token not in self._told]
        found = [each.message for each in free if now > max(each.free, self._since) + limit]
        # What is not free by now will not be overdue sooner than what is freed at this instant.
        oldest = min((each.free for each in free), default=now)
        self._not_before = max(oldest, self._since) + settings.sweep_every + settings.grace
        return found

    def _look(self, event: Event) -> None:
        found = self._overdue(event.t)
        if found:
            self._told |= {each.token for each in self._lockers.free()}
            self.breach("orphans-swept", event, f"nobody empties the locker of {found[0]}")

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report payloads that have been without a ticket for too long by now."""
        found = self._overdue(now)
        if not found:
            return ()
        what = f"nobody empties the locker of {found[0]}"
        return (Breach("orphans-swept", 0, now, what),)
