"""Who hears whom: the one table that nobody in a choreography has, read off what happens."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping

import msgspec

from ..actor_names import role_of
from ..kernel import events as kind
from ..kernel.events import Event
from .measures import Handler

EVERYTHING = ("#", "")
"""Filters that match every event: who hears all is coupled to none."""


class ServiceView(msgspec.Struct, frozen=True):
    """What somebody subscribes to.

    Attributes:
        name: The subscriber.
        hears: The events.
        since: When it began to, in seconds.
    """

    name: str
    hears: tuple[str, ...]
    since: float


class HeardView(msgspec.Struct, frozen=True):
    """One event, and whom it couples.

    Attributes:
        event: Its subject.
        told_by: The services that have told it so far.
        heard_by: Those that subscribe to it; who hears everything is not listed.
    """

    event: str
    told_by: tuple[str, ...]
    heard_by: tuple[str, ...]


class Coupling:
    """Follows subscriptions, and who tells what.

    Attributes:
        wires: For each subscriber what it hears.
    """

    def __init__(self) -> None:
        self.wires: dict[str, ServiceView] = {}
        self._tellers: dict[str, tuple[str, ...]] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of subscriptions and of what is told."""
        return {
            kind.SUBSCRIBED: self._subscribed,
            kind.UNSUBSCRIBED: self._unsubscribed,
            **dict.fromkeys((kind.PUBLISHED, kind.UNROUTED), self._told),
        }

    def _subscribed(self, event: Event) -> None:
        heard = tuple(event.text.split(","))
        self.wires[event.message] = ServiceView(event.message, heard, event.t)

    def _unsubscribed(self, event: Event) -> None:
        self.wires.pop(event.message, None)

    def _told(self, event: Event) -> None:
        known, teller = self._tellers.get(event.text, ()), role_of(event.actor)
        if teller not in known:
            self._tellers[event.text] = (*known, teller)

    def counts(self) -> Mapping[str, int]:
        """Return how many subscriptions hear each event that anybody asked for."""
        return Counter(
            event for wire in self.wires.values() for event in wire.hears if event not in EVERYTHING
        )

    def table(self) -> tuple[HeardView, ...]:
        """Return every event that somebody hears or has told, by its name."""
        return tuple(
            HeardView(
                event, self._tellers.get(event, ()),
                tuple(wire.name for wire in self.wires.values() if event in wire.hears),
            )
            for event in sorted({*self.counts(), *self._tellers})
        )  # fmt: skip

    def copy(self) -> Coupling:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin.wires, twin._tellers = dict(self.wires), dict(self._tellers)
        return twin
