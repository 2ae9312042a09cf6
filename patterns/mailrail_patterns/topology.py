"""The queues and topics of a run: those the pattern declares, and those participants add."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from msgspec.structs import replace

from .broker.queue import Queue
from .broker.topic import Topic
from .broker_rules import PLAIN
from .kernel.agenda import Agenda
from .pattern import AnyPattern
from .port import QueueSpec, Subscription


class Topology:
    """What can be sent to and received from.

    Attributes:
        queues: Every queue, by name; those of subscriptions included.
        topics: Every topic, by name.
    """

    def __init__(self, agenda: Agenda) -> None:
        self.queues: dict[str, Queue] = {}
        self.topics: dict[str, Topic] = {}
        self._agenda = agenda
        self._standing: set[tuple[str, str]] = set()
        self._rules = PLAIN

    def follow(self, pattern: AnyPattern, settings: Any) -> None:
        """Declare what follows from the settings; a subscription they leave out ends.

        A broker has one set of rules, for all its queues.
        """
        before, self._rules = self._rules, settings.rules()
        for spec in pattern.queues(settings):
            self.declare(spec)
        for name in pattern.topics(settings):
            self.topic(name)
        standing = set()
        for subscription in pattern.subscriptions(settings):
            self.subscribe(subscription)
            standing.add((subscription.topic, subscription.queue.name))
        for topic, name in self._standing - standing:
            self.topic(topic).unsubscribe(name, "", 0)
        self._standing = standing
        if self._rules != before:
            for queue in self.queues.values():
                self.declare(replace(queue.spec, rules=PLAIN))

    def declare(self, spec: QueueSpec) -> Queue:
        """Declare a queue, or change its properties; rules of its own go before the broker's."""
        if spec.rules == PLAIN and self._rules != PLAIN:
            spec = replace(spec, rules=self._rules)
        queue = self.queues.get(spec.name)
        if queue is None:
            queue = self.queues[spec.name] = Queue(spec, self._agenda)
        elif queue.spec != spec:
            queue.declare(spec)
        return queue

    def topic(self, name: str) -> Topic:
        """Return a topic, made on first mention."""
        found = self.topics.get(name)
        if found is None:
            found = self.topics[name] = Topic(name, self._agenda.journal)
        return found

    def subscribe(self, subscription: Subscription, actor: str = "", cause: int = 0) -> None:
        """Begin to keep a copy of every matching message of a topic."""
        queue = self.declare(subscription.queue)
        self.topic(subscription.topic).subscribe(subscription, queue, actor, cause)

    def census(self, queue: str) -> tuple[Sized, Sized]:
        """Return the broker's own collections of a queue's messages: the live, the dead."""
        found = self.queues[queue]
        return found.entries, found.dead
