"""A topic: it keeps nothing itself, and puts a copy on the queue of each subscription."""

from __future__ import annotations

from ..kernel import events as kind
from ..kernel.journal import Journal
from ..port import Message, Subscription
from .queue import Queue
from .routing import Matcher, compile_filter


class Topic:
    """One topic and its subscriptions.

    Attributes:
        name: The topic's name.
        subscriptions: What is subscribed, by name, in the order in which it was.
    """

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self.subscriptions: dict[str, Subscription] = {}
        self._journal = journal
        self._queues: dict[str, tuple[Matcher, Queue]] = {}

    def subscribe(self, subscription: Subscription, queue: Queue, actor: str, cause: int) -> None:
        """Begin to copy matching messages to a queue; a filter may be replaced.

        Raises:
            BadInput: If the filter cannot be read.
        """
        name = subscription.queue.name
        before = self.subscriptions.get(name)
        self._queues[name] = (compile_filter(subscription.filter), queue)
        self.subscriptions[name] = subscription
        if before is None or before.filter != subscription.filter:
            self._journal.emit(
                kind.SUBSCRIBED, actor, self.name, name, cause=cause, text=subscription.filter
            )

    def unsubscribe(self, name: str, actor: str, cause: int) -> None:
        """Stop copying; what is on the queue stays there."""
        if self.subscriptions.pop(name, None) is not None:
            del self._queues[name]
            self._journal.emit(kind.UNSUBSCRIBED, actor, self.name, name, cause=cause)

    def refuses(self, message: Message, sender: str, cause: int) -> bool:
        """Refuse, and record, a message that is too large for a queue it would be copied to."""
        for matches, queue in self._queues.values():
            if queue.too_large(message) and matches(message.subject):
                queue.refuse_size(self.name, message, sender, cause)
                return True
        return False

    def publish(self, message: Message, sender: str, cause: int) -> tuple[int, list[Queue]]:
        """Record a message and say who gets a copy.

        Returns:
            Number of the event, and the queues.
        """
        subject = message.subject
        queues = [queue for matches, queue in self._queues.values() if matches(subject)]
        n = self._journal.emit(
            kind.PUBLISHED if queues else kind.UNROUTED, sender, self.name, message.id, 0, cause,
            0, 0.0, len(queues), subject, message.group, message.conversation or message.id,
        )  # fmt: skip
        return n, queues
