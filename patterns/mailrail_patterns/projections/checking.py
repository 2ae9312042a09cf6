"""Metrics of claim checks: what the bus is spared, what the store holds, and what goes missing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..claims import ENVELOPE
from ..kernel import events as kind
from ..kernel.events import Event
from .cloakroom import Cloakroom, RefusalView, cloakroom
from .lockers import Lockers
from .measures import Handler, Measure, Meter, Number, joined, tidy
from .samples import Sampled, Samples
from .tickets import Tickets, message_of

MB = 1_000_000
REASONS = {
    "get: PayloadNotFound": "not_found",
    "get: PayloadForbidden": "forbidden",
    "get: StoreUnavailable": "get_failed",
    "put: StoreUnavailable": "put_failed",
}


class Checking(Meter):
    """What travels, what is stored, and whether the two fit together."""

    slim = True
    measures = (
        Measure("inline", "images that travelled inside their message", "messages"),
        Measure("checked", "images whose ticket travelled instead", "messages"),
        Measure("too_large", "messages the bus refused for their size", "messages", 1),
        Measure("bus_bytes", "bytes carried by the bus, each copy counted", "B", 1),
        Measure("saved_ratio", "bytes the bus would have carried, for each it did", "", -1),
        Measure("stored", "payloads put into the store", "messages"),
        Measure("fetched", "payloads read", "messages"),
        Measure("lockers", "payloads in the store now", "messages"),
        Measure("store_bytes", "bytes in the store now", "B", 1),
        Measure("store_bytes_max", "most bytes in the store at a time", "B", 1),
        Measure("store_cost", "megabyte-seconds stored so far", "MB s", 1),
        Measure("put_p50", "median time a sender takes to put and send", "s", 1),
        Measure("get_p50", "median time from delivery until the payload is there", "s", 1),
        Measure("image_p50", "median time from sender to effect", "s", 1),
        Measure("image_max", "longest time from sender to effect", "s", 1),
        Measure("orphans", "payloads no ticket ever pointed to", "messages", 1),
        Measure("orphan_age", "age of the oldest of them", "s", 1),
        Measure("leftovers", "payloads whose tickets are all settled", "messages", 1),
        Measure("dangling", "tickets somebody waits for whose payload is gone", "messages", 1),
        Measure("swept", "payloads the sweeper deleted", "messages"),
        Measure("lapsed", "payloads that outlived their time to live", "messages"),
        Measure("altered", "payloads altered in the store", "messages", 1),
        Measure("not_found", "reads that found no payload", "", 1),
        Measure("forbidden", "reads that were refused", "", 1),
        Measure("get_failed", "reads while the store was down", "", 1),
        Measure("put_failed", "images refused because the store was down", "messages", 1),
    )

    def __init__(self, settings: Callable[[], Any], tickets: Tickets | None = None) -> None:
        """Measure claim checks; ``tickets`` may know more than what is on the bus."""
        self._settings = settings
        self._tickets = tickets or Tickets()
        self._lockers = Lockers(self._tickets)
        self._counts = dict.fromkeys(
            ("too_large", "stored", "fetched", "swept", "lapsed", "altered", *REASONS.values()), 0
        )
        self._sizes: dict[str, int] = {}
        self._ways: dict[str, str] = {}
        self._begun: dict[str, float] = {}
        self._bus = self._spared = 0
        self._most = 0
        self._refusal: RefusalView | None = None
        self._turned = 0
        self._cost = 0.0
        self._last = 0.0
        self._handled = 0
        self._puts, self._gets, self._images = Samples(), Samples(), Samples()
        self._collect()

    def _collect(self) -> None:
        own: dict[str, Handler] = {
            kind.SENT: self._sent,
            kind.REJECTED: self._rejected,
            kind.STORED: self._stored,
            kind.FETCHED: self._fetched,
            kind.REFUSED: self._refused,
            kind.REMOVED: self._removed,
            kind.LAPSED: self._lapsed,
            kind.ALTERED: self._altered,
            kind.EFFECT: self._effect,
        }
        self._all = joined(self._tickets.handlers(), self._lockers.handlers(), own)

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of tickets, payloads and effects."""
        return dict.fromkeys(self._all, self._fold)

    def _fold(self, event: Event) -> None:
        self._pass(event.t)
        self._all[event.kind](event)
        self._most = max(self._most, self._lockers.size)

    def _pass(self, now: float) -> None:
        if now > self._last:
            self._cost += (now - self._last) * self._lockers.size / MB
            self._last = now

    def _sent(self, event: Event) -> None:
        message, size = message_of(event.message), event.size
        ticket = size <= ENVELOPE
        if event.queue not in self._tickets.relays:
            self._bus += size
            self._spared += self._sizes.get(message, 0) if ticket else max(0, size - ENVELOPE)
        if message not in self._ways:
            self._ways[message] = "checked" if ticket else "inline"
            self._begun[message] = event.value if event.value >= 0 else event.t
            if ticket:
                self._puts.append(tidy(event.t - self._begun[message]))

    def _rejected(self, event: Event) -> None:
        self._counts["too_large"] += event.text == "MessageTooLarge"
        self._turn_away(event, event.text, int(event.value))

    def _stored(self, event: Event) -> None:
        self._counts["stored"] += 1
        self._sizes[event.message] = int(event.value)

    def _fetched(self, event: Event) -> None:
        self._counts["fetched"] += 1
        for ticket in self._tickets.of(event.message):
            if ticket.holder == event.actor:
                self._gets.append(tidy(event.t - ticket.taken))

    def _refused(self, event: Event) -> None:
        name = REASONS.get(event.text)
        if name is not None:
            self._counts[name] += 1
        call, _, why = event.text.partition(": ")
        if call == "put":
            self._turn_away(event, why, 0)

    def _turn_away(self, event: Event, why: str, size: int) -> None:
        self._turned += 1
        self._refusal = RefusalView(event.message, event.actor, why, size, event.t, self._turned)

    def _removed(self, event: Event) -> None:
        self._counts["swept"] += event.text == "swept"

    def _lapsed(self, event: Event) -> None:
        self._counts["lapsed"] += 1

    def _altered(self, event: Event) -> None:
        self._counts["altered"] += 1

    def _effect(self, event: Event) -> None:
        self._handled += 1
        began = self._begun.get(message_of(event.message))
        if began is not None:
            self._images.append(tidy(event.t - began))

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        self._pass(now)
        free = self._lockers.free()
        orphans = [each for each in free if not each.ticketed]
        ways = list(self._ways.values())
        values: dict[str, Number] = {
            **self._counts,
            "inline": ways.count("inline"),
            "checked": ways.count("checked"),
            "bus_bytes": self._bus,
            "saved_ratio": tidy(self._spared / self._bus) if self._bus else None,
            "lockers": len(self._lockers.stored),
            "store_bytes": self._lockers.size,
            "store_bytes_max": self._most,
            "store_cost": tidy(self._cost),
            "put_p50": self._puts.percentile(0.5),
            "get_p50": self._gets.percentile(0.5),
            "image_p50": self._images.percentile(0.5),
            "image_max": self._images.longest,
            "orphans": len(orphans),
            "orphan_age": tidy(max((now - each.since for each in orphans), default=0.0)),
            "leftovers": len(free) - len(orphans),
            "dangling": len(self._lockers.dangling()),
        }
        return {measure.name: values[measure.name] for measure in self.measures}

    def sampled(self) -> Iterable[Sampled]:
        """Return how long it took to store, to read and to handle what was checked in."""
        checked = sum(1 for way in self._ways.values() if way == "checked")
        return (
            Sampled("put", self._puts.length, checked, "messages with a ticket"),
            Sampled("get", self._gets.length, self._counts["fetched"], "payloads read"),
            Sampled("image", self._images.length, self._handled, "effects"),
        )

    def scene(self, now: float) -> Cloakroom:
        """Return the wall of lockers."""
        return cloakroom(self._lockers, self._bus, self._spared, self._refusal)

    def copy(self) -> Checking:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._tickets = self._tickets.copy()
        twin._lockers = self._lockers.copy_onto(twin._tickets)
        twin._counts = dict(self._counts)
        twin._sizes, twin._ways = dict(self._sizes), dict(self._ways)
        twin._begun = dict(self._begun)
        twin._puts, twin._gets = self._puts.copy(), self._gets.copy()
        twin._images = self._images.copy()
        twin._collect()
        return twin
