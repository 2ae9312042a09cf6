"""What users hope of a topic, and a typo, a slow subscriber or a lost group name takes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..items import item_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..subscribed import Wish, wish_of
from .mistyped import Mistyped
from .publishing import Publishing
from .rules import Guarantee, Handler, Rule

LISTENED = Guarantee(
    "somebody-listens", "Every event finds a subscription that matches it.",
    source="A7 (2)", hope=True,
)  # fmt: skip
NOT_MISSED = Guarantee(
    "nothing-missed", "Every subscriber gets every event that its filter matches.",
    source="A7 (2)", hope=True,
)  # fmt: skip
ONE_PER_ROLE = Guarantee(
    "once-per-role", "An event is handled by one instance of each kind of subscriber.",
    source="A7 (2)", hope=True,
)  # fmt: skip
NOBODY_WAITS = Guarantee(
    "publisher-free", "No publisher ever waits for a subscriber.", source="A7 rule 4", hope=True
)
IN_ORDER = Guarantee(
    "handled-in-order",
    "A subscription handles the events of one publisher in the order in which they were published.",
    source="A7 rule 5", hope=True,
)  # fmt: skip


class Hearing(Rule):
    """Reports, once for each absence and each full queue, who does not get what it asked for."""

    guarantees = (LISTENED, NOT_MISSED, ONE_PER_ROLE, NOBODY_WAITS, IN_ORDER)

    def __init__(self, settings: Callable[[], Any], roles: Sequence[str]) -> None:
        """Judge; no event is to be handled twice by any one of ``roles``."""
        super().__init__()
        self._settings = settings
        self._roles = frozenset(roles)
        self._role: dict[str, str] = {}
        self._active: dict[str, Wish] = {}
        self._away: dict[str, Wish] = {}
        self._short: set[str] = set()
        self._handled: dict[tuple[str, str], str] = {}
        self._wants: dict[str, Wish] = {}
        self._about: dict[str, str] = {}
        self._place: dict[str, tuple[str, int]] = {}
        self._latest: dict[tuple[str, str], tuple[int, str]] = {}
        self._done: set[tuple[str, str]] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of what is published, missed, dropped and handled."""
        return {
            kind.SPAWNED: self._spawned,
            kind.SUBSCRIBED: self._subscribed,
            kind.UNSUBSCRIBED: self._unsubscribed,
            kind.NOTED: self._noted,
            kind.PUBLISHED: self._published,
            kind.UNROUTED: self._unrouted,
            kind.REJECTED: self._dropped,
            kind.DROPPED: self._dropped,
            kind.EXPIRED: self._dropped,
            kind.BLOCKED: self._blocked,
            kind.EFFECT: self._effect,
            kind.COMPLETED: self._completed,
        }

    def _spawned(self, event: Event) -> None:
        self._role[event.actor] = event.text.partition(" ")[0]

    def _subscribed(self, event: Event) -> None:
        self._active[event.message] = wish_of(event)
        self._away.pop(event.message, None)

    def _unsubscribed(self, event: Event) -> None:
        wish = self._active.pop(event.message, None)
        if wish is not None and event.text:
            self._away[event.message] = wish

    def _noted(self, event: Event) -> None:
        code, _, wanted = event.text.partition(": wants ")
        if code == "shares":
            self._wants[event.actor] = Wish(wanted)

    def _published(self, event: Event) -> None:
        self._place.setdefault(event.message, (event.actor, event.n))
        if self._wants:
            self._about[event.message] = event.text
        if not self._away:
            return
        grammar = self._settings().grammar
        for name in [n for n, wish in self._away.items() if wish.matches(event.text, grammar)]:
            self.breach("nothing-missed", event, f"{name} is not connected and misses {event.text}")
            del self._away[name]

    def _unrouted(self, event: Event) -> None:
        self.breach("somebody-listens", event, f"nobody subscribes to {event.text or 'no subject'}")
        self._published(event)

    def _dropped(self, event: Event) -> None:
        gone = event.kind == kind.REJECTED or event.text in kind.LEAVES
        gone = gone or (event.kind == kind.EXPIRED and not event.text)
        if gone and event.queue in {*self._active, *self._away} and event.queue not in self._short:
            self._short.add(event.queue)
            self.breach("nothing-missed", event, f"{event.queue} loses {event.message}")

    def _blocked(self, event: Event) -> None:
        if event.queue in self._active:
            self.breach("publisher-free", event, f"{event.actor} waits for {event.queue}")

    def _effect(self, event: Event) -> None:
        self._order(event)
        role = self._role.get(event.actor, "")
        if role in self._roles:
            name = item_of(event.message)
            before = self._handled.setdefault((role, name), event.queue)
            if before != event.queue:
                what = f"{name} was handled by {before} and by {event.queue}, both {role}"
                self.breach("once-per-role", event, what)

    def _order(self, event: Event) -> None:
        """Compare an event that is handled for the first time with the latest one before it."""
        queue, name = event.queue, item_of(event.message)
        publisher, number = self._place.get(name, ("", 0))
        if not number or (queue, name) in self._done:
            return
        self._done.add((queue, name))
        latest, before = self._latest.get((queue, publisher), (0, ""))
        if number < latest:
            self.breach("handled-in-order", event, f"{queue} handles {name} after {before}")
        else:
            self._latest[queue, publisher] = number, name

    def _completed(self, event: Event) -> None:
        """Where everybody shares one subscription, what one has completed is gone for the rest."""
        if event.actor not in self._wants:
            return
        about, grammar = self._about.get(item_of(event.message), ""), self._settings().grammar
        mine = self._role.get(event.actor)
        for actor, wish in self._wants.items():
            if self._role.get(actor) != mine and wish.matches(about, grammar):
                self.breach("nothing-missed", event, f"{event.actor} took what {actor} wanted")
                return


def publishing_rules(settings: Callable[[], Any], roles: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of a topic; no event is to be handled twice by any one of ``roles``."""
    return (Publishing(settings), Hearing(settings, roles), Mistyped(settings))
