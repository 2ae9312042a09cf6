"""What was told because of what: the causation tree of every command, read off the events."""

from __future__ import annotations

import msgspec

from .kernel.events import Event

COMMAND = -1
"""Hops of a command; the event it leads to has taken none yet."""


class Told(msgspec.Struct, frozen=True):
    """A message and what it follows from.

    Attributes:
        id: Its business id.
        root: Id of the command everything began with.
        parent: Id of the message its sender was handling; empty: none.
        hop: Events between the command and this one.
        conversation: The conversation it says it belongs to.
        subject: What it tells; empty for what is sent to one queue.
        sender: Who sent it.
        since: When, in seconds.
    """

    id: str
    root: str
    parent: str
    hop: int
    conversation: str
    subject: str
    sender: str
    since: float


class Lineage:
    """Follows every message to the one its sender was handling when it sent it.

    Feed it what is handed over, what begins and ends a handling, and what is sent, in order.

    Attributes:
        handling: For each actor at work the message it handles, finished meanwhile or not.
    """

    def __init__(self) -> None:
        self.handling: dict[str, Told] = {}
        self._hands: dict[str, dict[tuple[str, int], Told]] = {}
        self._carried: dict[tuple[str, str], Told] = {}
        self._published: dict[str, tuple[int, Told]] = {}
        self._early: dict[str, dict[tuple[str, int], bool]] = {}

    def received(self, event: Event) -> None:
        """Take notice that an actor was handed a message; whatever becomes of it, it has it."""
        told = self._carried.get((event.queue, event.message))
        if told is not None:
            self._hands.setdefault(event.actor, {})[event.queue, event.token] = told

    def begins(self, event: Event) -> None:
        """Take notice that an actor handles a message (again)."""
        hands, key = self._hands.get(event.actor, {}), (event.queue, event.token)
        told = hands.get(key)
        if told is None:
            return
        self.handling[event.actor] = told
        early = self._early.get(event.actor)
        if early:
            for each in [each for each, begun in early.items() if begun and each != key]:
                del early[each]  # that is over, and was settled before it had begun
                hands.pop(each, None)
            if key in early:
                early[key] = True

    def settled(self, event: Event) -> bool:
        """Take notice that an actor settled a message; False: it has not begun to handle it.

        Then the message was deleted on receipt: it stays in hand until another one is begun.
        """
        told = self._hands.get(event.actor, {}).get((event.queue, event.token))
        if told is not None and self.handling.get(event.actor) is not told:
            self._early.setdefault(event.actor, {})[event.queue, event.token] = False
            return False
        self.lets_go(event)
        return True

    def has(self, actor: str, queue: str, token: int) -> bool:
        """Say whether an actor has a message in hand, by the lock it was handed over with."""
        return (queue, token) in self._hands.get(actor, {})

    def lets_go(self, event: Event) -> None:
        """Take notice that an actor no longer handles what it did; of a dead one, for good."""
        self.handling.pop(event.actor, None)
        if event.message:
            self._hands.get(event.actor, {}).pop((event.queue, event.token), None)
        else:
            self._hands.pop(event.actor, None)
            self._early.pop(event.actor, None)

    def ends(self, event: Event) -> None:
        """Take notice that a message is finished for good."""
        self._carried.pop((event.queue, event.message), None)

    def latest(self, actor: str) -> int:
        """Return the hops of what an actor published last."""
        _, told = self._published.get(actor, (0, None))
        return COMMAND if told is None else told.hop

    def of(self, queue: str, name: str) -> Told | None:
        """Return a message that is not finished, by its queue and its name there."""
        return self._carried.get((queue, name))

    def published(self, event: Event) -> Told:
        """Return what a topic was told."""
        told = self._told(event, event.text)
        self._published[event.actor] = event.n, told
        return told

    def sent(self, event: Event) -> Told:
        """Return what a queue accepted: a copy of what was published, or a message by itself."""
        number, told = self._published.get(event.actor, (0, None))
        if told is None or number != event.cause:
            told = self._told(event, "")
        self._carried[event.queue, event.message] = told
        return told

    def _told(self, event: Event, subject: str) -> Told:
        name = event.message.partition("~")[0]
        parent = self.handling.get(event.actor)
        if parent is None:
            return Told(
                name, name, "", COMMAND, event.conversation, subject, event.actor, event.t
            )  # fmt: skip
        return Told(
            name, parent.root, parent.id, parent.hop + 1, event.conversation, subject,
            event.actor, event.t,
        )  # fmt: skip

    def copy(self) -> Lineage:
        """Return an independent copy."""
        twin = Lineage()
        twin.handling = dict(self.handling)
        twin._hands = {actor: dict(held) for actor, held in self._hands.items()}
        twin._carried = dict(self._carried)
        twin._published = dict(self._published)
        twin._early = {actor: dict(held) for actor, held in self._early.items()}
        return twin
