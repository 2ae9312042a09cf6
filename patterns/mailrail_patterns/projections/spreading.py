"""Metrics of a topic: how far events are spread, who lags, and who misses what."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..items import item_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..schemas import MISMATCH, UNKNOWN_FIELD
from .fanout import FanOut, Matrix
from .feed import Line
from .measures import Handler, Measure, Meter, Number, joined, tidy

ROLES: Final = ("audit", "billing", "eu", "dash", "search", "subscriber")
"""The kinds of subscriber that are measured each by itself."""


class Spreading(Meter):
    """Copies a publish, and for each kind of subscriber what it got, kept waiting and lost.

    Of a kind with several subscriptions, backlog and lag are those of the one that is worst off.
    """

    measures = (
        Measure("published", "events published", "messages"),
        Measure("copies", "copies put on subscriptions", "messages"),
        Measure("fan_out", "copies made of an event, on average"),
        Measure("filtered_percent", "events that filters kept from subscriptions", "%"),
        Measure("unrouted", "events nobody subscribed to", "messages", 1),
        Measure("missed", "events that subscribers missed while they were away", "messages", 1),
        Measure("policy_drops", "copies that full or ended subscriptions cost", "messages", 1),
        Measure("cut_off", "subscriptions ended for being slow", "", 1),
        Measure("filter_errors", "events a filter could not be applied to", "messages", 1),
        Measure("dead_of_schema", "dead letters of events nobody can read", "messages", 1),
        Measure("invoices", "invoices that billing has issued", "messages"),
        Measure("doubled", "events handled twice by one kind of subscriber", "messages", 1),
        Measure("publisher_blocked", "time publishers waited for subscriptions", "s", 1),
        *(
            measure
            for role in ROLES
            for measure in (
                Measure(f"{role}_received", f"copies {role} has dealt with", "messages", -1),
                Measure(f"{role}_backlog", f"copies waiting now for {role}", "messages", 1),
                Measure(f"{role}_backlog_max", f"most copies waiting for {role}", "messages", 1),
                Measure(f"{role}_lag", f"age of the oldest copy {role} still has to do", "s", 1),
                Measure(f"{role}_lag_max", f"longest a copy has waited for {role}", "s", 1),
                Measure(f"{role}_kept", f"copies kept for {role} while offline", "messages"),
                Measure(f"{role}_missed", f"events {role} missed while away", "messages", 1),
                Measure(f"{role}_dropped", f"copies {role} lost by its policy", "messages", 1),
                Measure(f"{role}_redelivered", f"copies {role} got once more", "messages", 1),
                Measure(f"{role}_dead", f"dead letters of {role}'s own", "messages", 1),
            )
        ),
    )

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._matrix = Matrix(settings)
        self._role: dict[str, str] = {}
        self._role_of: dict[str, str] = {}
        self._handled: dict[tuple[str, str], str] = {}
        self._invoices = self._doubled = 0
        self._cut_off = self._errors = self._unread = 0

    def handlers(self) -> dict[str, Handler]:
        """Return the matrix's handlers, and those of what it does not keep."""
        own: dict[str, Handler] = {
            kind.SPAWNED: self._spawned,
            kind.SUBSCRIBED: self._subscribed,
            kind.UNSUBSCRIBED: self._unsubscribed,
            kind.EFFECT: self._effect,
            kind.STATE: self._written,
            kind.REJECTED: self._refused,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._refused),
        }
        return joined(own, self._matrix.handlers())

    def _spawned(self, event: Event) -> None:
        self._role[event.actor] = event.text.partition(" ")[0]

    def _subscribed(self, event: Event) -> None:
        self._role_of.setdefault(event.message, self._role.get(event.actor, ""))

    def _unsubscribed(self, event: Event) -> None:
        self._cut_off += event.text == "slow consumer"

    def _written(self, event: Event) -> None:
        self._invoices += event.queue == "invoices"

    def _refused(self, event: Event) -> None:
        self._errors += event.text.endswith("FilterError")
        self._unread += event.text.endswith((MISMATCH, UNKNOWN_FIELD))

    def _effect(self, event: Event) -> None:
        role = self._role.get(event.actor, "")
        name = item_of(event.message)
        if role and role != "subscriber" and (role, name) not in self._handled:
            self._handled[role, name] = event.queue
        elif self._handled.get((role, name), event.queue) not in ("", event.queue):
            self._handled[role, name] = ""  # counted once, however many more handle it
            self._doubled += 1

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        matrix = self._matrix
        matrix.settle(now)
        lines = list(matrix.lines.values())
        copies, filtered = sum(n.sent for n in lines), sum(n.filtered for n in lines)
        dropped = sum(line.dropped for line in lines)
        looked = copies + filtered
        values: dict[str, Number] = {
            "published": matrix.published,
            "copies": copies,
            "fan_out": tidy(copies / matrix.published) if matrix.published else None,
            "filtered_percent": tidy(100 * filtered / looked) if looked else None,
            "unrouted": matrix.unrouted,
            "missed": sum(line.missed for line in lines),
            "policy_drops": dropped,
            "cut_off": self._cut_off,
            "filter_errors": self._errors,
            "dead_of_schema": self._unread,
            "invoices": self._invoices,
            "doubled": self._doubled,
            "publisher_blocked": tidy(matrix.blocked_until(now)),
        }
        for role in ROLES:
            values.update(self._of(role, now))
        return values

    def _of(self, role: str, now: float) -> Iterator[tuple[str, Number]]:
        lines: list[Line] = [
            line for name, line in self._matrix.lines.items() if self._role_of.get(name) == role
        ]
        yield f"{role}_received", sum(line.received for line in lines)
        yield f"{role}_backlog", max((len(line.ready) for line in lines), default=0)
        deepest = max((max(line.depth_max, len(line.ready)) for line in lines), default=0)
        yield f"{role}_backlog_max", deepest
        oldest = min((line.oldest(now) for line in lines), default=now)
        yield f"{role}_lag", tidy(now - oldest)
        yield f"{role}_lag_max", tidy(max((line.longest(now) for line in lines), default=0.0))
        yield f"{role}_kept", sum(line.kept for line in lines)
        yield f"{role}_missed", sum(line.missed for line in lines)
        yield f"{role}_dropped", sum(line.dropped for line in lines)
        yield f"{role}_redelivered", sum(line.redelivered for line in lines)
        yield f"{role}_dead", sum(line.dead for line in lines)

    def scene(self, now: float) -> FanOut:
        """Return the matrix."""
        return self._matrix.view()

    def copy(self) -> Spreading:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._matrix = self._matrix.copy()
        twin._role, twin._role_of = dict(self._role), dict(self._role_of)
        twin._handled = dict(self._handled)
        return twin
