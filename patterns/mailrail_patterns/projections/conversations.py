"""Conversations as their events tell them: what followed from what, and who has taken it."""

from __future__ import annotations

import copy

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import COMMAND, Lineage, Told
from .measures import Handler

KEPT = 48
"""Conversations that are remembered for the picture; the oldest are forgotten first."""

WAITING, HANDLED, TAKEN, DEAD, GONE = "waiting", "working", "done", "dead", "gone"
LATER = "later"
_DEATHS = (kind.DEAD_LETTERED, kind.SHELVED)


class TakenView(msgspec.Struct, frozen=True, gc=False):
    """What has become of one copy of an event.

    Attributes:
        queue: The queue it was put on, which is the subscriber's name.
        state: ``waiting later working done dead gone``.
        reason: Why it is dead.
        due: When what comes later comes, in seconds; 0: it does not.
    """

    queue: str
    state: str
    reason: str = ""
    due: float = 0.0


class EventView(msgspec.Struct, frozen=True, gc=False):
    """One event of a conversation, or one message sent to a queue.

    Attributes:
        id: Its business id.
        subject: What it tells; for a message sent to a queue, the last word of its id.
        sender: The actor that sent it.
        parent: What it follows from; empty: from nothing in this conversation.
        hop: How many events lie between it and the command; -1: it is the command.
        since: When, in seconds.
        after: Time since what it follows from, in seconds.
        taken: Its copies.
    """

    id: str
    subject: str
    sender: str
    parent: str
    hop: int
    since: float
    after: float
    taken: tuple[TakenView, ...]


class ConversationView(msgspec.Struct, frozen=True, gc=False):
    """What belongs together as far as the messages themselves say.

    Attributes:
        id: Its id.
        since: When it began, in seconds.
        events: Its events, in the order in which they were told.
    """

    id: str
    since: float
    events: tuple[EventView, ...]


class Node:
    """One event in the making."""

    __slots__ = ("copies", "dues", "reasons", "told")

    def __init__(self, told: Told) -> None:
        self.told = told
        self.copies: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.dues: dict[str, float] = {}


class Conversations:
    """Folds events into conversations.

    Attributes:
        lineage: What follows from what.
    """

    def __init__(self) -> None:
        self.lineage = Lineage()
        self._nodes: dict[str, dict[str, Node]] = {}
        self._views: dict[str, ConversationView] = {}  # of those that have not changed since

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of everything that is told and taken."""
        ends = (kind.COMPLETED, kind.EXPIRED, *_DEATHS, kind.DROPPED)
        back = (kind.ABANDONED, kind.LOCK_EXPIRED, kind.REDRIVEN)
        return {
            kind.DELIVERED: self.lineage.received,
            kind.WORKING: self._working,
            kind.EFFECT_SKIPPED: self.lineage.begins,
            **dict.fromkeys((kind.PUBLISHED, kind.UNROUTED), self._published),
            kind.SENT: self._sent,
            **dict.fromkeys(ends, self._ended),
            **dict.fromkeys(back, self._returned),
            kind.DUE: self._due,
            **dict.fromkeys((kind.LOCK_LOST, kind.CRASHED), self.lineage.lets_go),
        }

    def _keep(self, told: Told) -> Node:
        nodes = self._nodes.setdefault(told.conversation, {})
        self._views.pop(told.conversation, None)
        node = nodes.get(told.id)
        if node is None:
            node = nodes[told.id] = Node(told)
            if len(self._nodes) > KEPT:
                oldest = next(iter(self._nodes))
                del self._nodes[oldest]
                self._views.pop(oldest, None)
        return node

    def _node(self, event: Event) -> Node | None:
        told = self.lineage.of(event.queue, event.message)
        if told is None:
            return None
        return self._nodes.get(told.conversation, {}).get(told.id)

    def _published(self, event: Event) -> None:
        self._keep(self.lineage.published(event))

    def _sent(self, event: Event) -> None:
        told = self.lineage.sent(event)
        if event.until and not told.subject:
            return  # an alarm somebody sets itself tells nobody anything
        self._keep(told).copies[event.queue] = WAITING
        self._put_off(event)

    def _working(self, event: Event) -> None:
        self.lineage.begins(event)
        self._mark(event, HANDLED)

    def _returned(self, event: Event) -> None:
        if event.actor:
            self.lineage.lets_go(event)
        self._mark(event, WAITING)
        self._put_off(event)

    def _put_off(self, event: Event) -> None:
        """Remember when a copy that is ready only later is."""
        node = self._node(event)
        if event.until and node is not None and event.queue in node.copies:
            node.copies[event.queue] = LATER
            node.dues[event.queue] = event.until

    def _due(self, event: Event) -> None:
        self._mark(event, WAITING)

    def _ended(self, event: Event) -> None:
        if event.kind == kind.DROPPED and event.text not in kind.LEAVES:
            return
        state = {kind.COMPLETED: TAKEN, **dict.fromkeys(_DEATHS, DEAD)}.get(event.kind, GONE)
        self._mark(event, state, event.text if state == DEAD else "")
        if event.kind == kind.COMPLETED:
            self.lineage.settled(event)
        elif event.actor:
            self.lineage.lets_go(event)
        if state != DEAD and not (event.kind == kind.EXPIRED and event.text):
            self.lineage.ends(event)

    def _mark(self, event: Event, state: str, reason: str = "") -> None:
        node = self._node(event)
        if node is not None and event.queue in node.copies:
            self._views.pop(node.told.conversation, None)
            node.copies[event.queue] = state
            node.reasons[event.queue] = reason

    def views(self) -> tuple[ConversationView, ...]:
        """Return the conversations that are remembered, oldest first."""
        found = []
        for name, nodes in self._nodes.items():
            view = self._views.get(name)
            if view is None:
                events = tuple(_view(node, nodes) for node in nodes.values())
                view = self._views[name] = ConversationView(name, events[0].since, events)
            found.append(view)
        return tuple(found)

    def copy(self) -> Conversations:
        """Return an independent copy."""
        twin = Conversations()
        twin.lineage = self.lineage.copy()
        twin._nodes = {
            name: {key: _copied(node) for key, node in nodes.items()}
            for name, nodes in self._nodes.items()
        }
        twin._views = dict(self._views)
        return twin


def _copied(node: Node) -> Node:
    twin = copy.copy(node)
    twin.copies, twin.reasons = dict(node.copies), dict(node.reasons)
    twin.dues = dict(node.dues)
    return twin


def _view(node: Node, nodes: dict[str, Node]) -> EventView:
    told = node.told
    parent = nodes.get(told.parent)
    subject = told.subject
    if not subject:
        subject = told.id.rpartition("-")[2] if told.hop > COMMAND else "command"
    return EventView(
        told.id, subject, told.sender, told.parent if parent else "", told.hop, told.since,
        told.since - parent.told.since if parent else 0.0,
        tuple(
            TakenView(
                queue, state, node.reasons.get(queue, ""),
                node.dues.get(queue, 0.0) if state == LATER else 0.0,
            )
            for queue, state in node.copies.items()
        ),
    )  # fmt: skip


__all__ = ["ConversationView", "Conversations", "EventView", "TakenView"]
