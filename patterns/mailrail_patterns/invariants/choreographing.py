"""What a choreography promises of its events: a forest of causes, one conversation, few hops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage, Told
from .independent import Independence, Passivity
from .late import Blame
from .reacting import Balances, Deadlines, Joins, Newest
from .rules import Guarantee, Handler, Rule

HOPS = 8
"""Most hops of an event where the settings name no limit."""

FOREST = Guarantee(
    "causes-are-a-forest",
    "Every event follows from one message, always the same, and in the end from a command.",
    source="A3 (1)",
)
CONVERSATION = Guarantee(
    "one-conversation",
    "An event belongs to the conversation of what it follows from.",
    source="A3 rule 4",
)
BOUNDED = Guarantee(
    "hops-bounded",
    "No event is more hops from its command than the limit (8, where there is none).",
    source="A3 rule 7",
)
ACCOUNTED = Guarantee(
    "no-workflow-vanishes",
    "While an order is under way there is a message for it, or one of its messages was lost, "
    "expired, dead or refused.",
    source="A3 (1)",
)


class Causation(Rule):
    """Follows every event back to its command."""

    guarantees = (FOREST, CONVERSATION, BOUNDED, ACCOUNTED)

    def __init__(
        self, settings: Callable[[], Any], services: Sequence[str], lineage: Lineage
    ) -> None:
        """Judge; ``lineage`` is fed here, for whoever comes after."""
        super().__init__()
        self._settings = settings
        self._services = frozenset((*services, "orchestrator"))
        self._lineage = lineage
        self._parents: dict[str, dict[str, str]] = {}
        self._alive: dict[str, int] = {}
        self._excused: set[str] = set()
        self._rows: dict[str, dict[str, str]] = {}
        self._in_hand: dict[str, dict[tuple[str, int], str]] = {}
        self._at: dict[str, tuple[str, int]] = {}
        self._decided: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything that is sent, handled and finished."""
        lineage = self._lineage
        return {
            kind.DELIVERED: lineage.received,
            **dict.fromkeys((kind.WORKING, kind.EFFECT_SKIPPED), self._begins),
            **dict.fromkeys((kind.ABANDONED, kind.LOCK_LOST), lineage.lets_go),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._leaves),
            **dict.fromkeys((kind.PUBLISHED, kind.UNROUTED), self._published),
            kind.SENT: self._sent,
            **dict.fromkeys((kind.COMPLETED, kind.EXPIRED), self._ended),
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED, kind.REJECTED), self._excuse),
            kind.DROPPED: self._dropped,
            kind.STATE: self._state,
            kind.NOTED: self._noted,
        }

    def _published(self, event: Event) -> None:
        told = self._lineage.published(event)
        if not told.parent:
            self.breach("causes-are-a-forest", event, f"{told.id} follows from nothing")
            return
        parent = self._parents.setdefault(told.root, {}).setdefault(told.id, told.parent)
        if parent != told.parent:
            what = f"{told.id} follows from {told.parent}, and from {parent} before"
            self.breach("causes-are-a-forest", event, what)
        self._converse(event, told)
        limit = self._settings().hop_limit or HOPS
        if told.hop > limit:
            what = f"{told.id} is {told.hop} hops from {told.root}, limit {limit}"
            self.breach("hops-bounded", event, what)

    def _converse(self, event: Event, told: Told) -> None:
        before = self._lineage.handling[event.actor].conversation
        if told.conversation != before:
            what = f"{told.id} is in {told.conversation}, and follows from something in {before}"
            self.breach("one-conversation", event, what)

    def _sent(self, event: Event) -> None:
        told = self._lineage.sent(event)
        if event.queue in self._services:
            self._alive[told.root] = self._alive.get(told.root, 0) + 1

    def _ended(self, event: Event) -> None:
        if event.kind == kind.EXPIRED and event.text:
            return  # its dead-lettering comes next
        told = self._lineage.of(event.queue, event.message)
        self._lineage.ends(event)
        begun = event.kind != kind.COMPLETED or self._lineage.settled(event)
        if told is None or event.queue not in self._services:
            return
        if event.kind == kind.EXPIRED:
            self._excused.add(told.root)
        if begun:
            self._one_less(event, told.root)
        else:
            self._in_hand.setdefault(event.actor, {})[event.queue, event.token] = told.root

    def _one_less(self, event: Event, order: str) -> None:
        alive = self._alive[order] = self._alive.get(order, 0) - 1
        if not alive:
            self._nothing_left(event, order)

    # --- what was deleted on receipt: it is over once its handler goes on to something else -----

    def _begins(self, event: Event) -> None:
        self._lineage.begins(event)
        held = self._in_hand.get(event.actor)
        if not held:
            return
        key = event.queue, event.token
        before = self._at.get(event.actor, key)
        self._at[event.actor] = key
        if before != key and before in held:
            order = held.pop(before)
            if event.actor not in self._decided:
                self._excused.add(order)  # nothing came of it, and it will not come back
            self._one_less(event, order)
        self._decided.discard(event.actor)

    def _noted(self, event: Event) -> None:
        self._decided.add(event.actor)

    def _leaves(self, event: Event) -> None:
        self._lineage.lets_go(event)
        self._at.pop(event.actor, None)
        for order in self._in_hand.pop(event.actor, {}).values():
            if event.kind == kind.CRASHED:
                self._excused.add(order)
            self._one_less(event, order)

    # --- how an order ends ---------------------------------------------------------------------

    def _nothing_left(self, event: Event, order: str) -> None:
        """Nothing is under way for an order any more: it must be over, or something befell it."""
        del self._alive[order]
        if self._over(order):
            self._parents.pop(order, None)
        elif order not in self._excused:
            self._excused.add(order)
            told = ", ".join(
                f"{table} {state}" for table, state in self._rows.get(order, {}).items()
            )
            what = f"nothing is under way for {order} any more: {told}"
            self.breach("no-workflow-vanishes", event, what)

    def _over(self, order: str) -> bool:
        rows = self._rows.get(order, {})
        if rows.get("orders") == "Completed":
            return True
        kept = {"Authorised", "Reserved", "Packed", "Booked"}
        return rows.get("orders") == "Cancelled" and not kept & set(rows.values())

    def _excuse(self, event: Event) -> None:
        told = self._lineage.of(event.queue, event.message)
        if told is None:
            told = self._lineage.handling.get(event.actor)
        if told is not None:
            self._excused.add(told.root)
        if event.kind in (kind.DEAD_LETTERED, kind.SHELVED) and event.actor:
            self._lineage.lets_go(event)

    def _dropped(self, event: Event) -> None:
        if event.text == "acknowledgement lost":
            self._lineage.lets_go(event)
            return
        self._excuse(event)
        if event.text in kind.LEAVES:
            self._ended(event)

    def _state(self, event: Event) -> None:
        self._decided.add(event.actor)
        if event.queue in BOOKS:
            self._rows.setdefault(event.message, {})[event.queue] = event.group


BOOKS = frozenset({"orders", "payments", "stock", "parcels", "couriers"})
"""The tables of the services that take part in a workflow."""


def choreography_rules(settings: Callable[[], Any], services: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of services that react to each other's events."""
    lineage = Lineage()
    return (
        Causation(settings, services, lineage), Independence(settings, lineage), Joins(settings),
        Balances(), Newest(), Deadlines(settings), Blame(settings, lineage), Passivity(),
    )  # fmt: skip
