"""The queues and topics of a run: those the pattern declares, and those participants add."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from msgspec.structs import replace

from .broker.queue import Queue
from .broker.rebalancing import PartitionedQueue
from .broker.topic import Topic
from .broker_rules import PLAIN
from .declaration import AnyPattern
from .kernel.agenda import Agenda
from .kernel.chance import Chance
from .kernel.process import Process
from .port import QueueSpec, Subscription, TopicSpec


class Topology:
    """What can be sent to and received from.

    Attributes:
        queues: Every queue, by name; those of subscriptions included.
        topics: Every topic, by name.
    """

    def __init__(self, agenda: Agenda, chance: Chance) -> None:
        self.queues: dict[str, Queue] = {}
        self.topics: dict[str, Topic] = {}
        self._agenda = agenda
        self._chance = chance
        self._standing: set[tuple[str, str]] = set()
        self._rules = PLAIN

    def follow(self, pattern: AnyPattern, settings: Any) -> None:
        """Declare what follows from the settings; a subscription they leave out ends.

        A broker has one set of rules, for all its queues.
        """
        self._rules = settings.rules()
        for spec in pattern.queues(settings):
            self.declare(spec)
        for topic in pattern.topics(settings):
            self.topic(topic)
        standing = set()
        for subscription in pattern.subscriptions(settings):
            self.subscribe(subscription)
            standing.add((subscription.topic, subscription.queue.name))
        for over, name in self._standing - standing:
            self.topic(over).unsubscribe(name, "", 0)
        self._standing = standing
        own = {spec.name for spec in pattern.queues(settings)} | {name for _, name in standing}
        for name in [name for name in self.queues if name not in own]:
            spec = replace(self.queues[name].spec, rules=PLAIN)
            self.declare(pattern.retune(settings, spec))

    def declare(self, spec: QueueSpec) -> Queue:
        """Declare a queue, or change its properties; rules of its own go before the broker's."""
        if spec.rules == PLAIN and self._rules != PLAIN:
            spec = replace(spec, rules=self._rules)
        queue = self.queues.get(spec.name)
        if queue is None:
            made = Queue if spec.sessions is None else PartitionedQueue
            queue = self.queues[spec.name] = made(spec, self._agenda)
        elif queue.spec != spec:
            queue.declare(spec)
        if spec.unhidden:
            queue.draw = self._chance.stream(f"hides/{spec.name}").random
        return queue

    def topic(self, topic: str | TopicSpec) -> Topic:
        """Return a topic by its name or declaration, made on first mention.

        How it is declared may change; what is subscribed keeps its filter as it was read.
        """
        spec = TopicSpec(topic) if isinstance(topic, str) else topic
        found = self.topics.get(spec.name)
        if found is None:
            found = self.topics[spec.name] = Topic(spec, self._agenda)
        elif spec is topic:
            found.spec = spec
        return found

    def subscribe(
        self,
        subscription: Subscription,
        actor: str = "",
        cause: int = 0,
        process: Process | None = None,
    ) -> None:
        """Begin to keep a copy of every matching message of a topic.

        Raises:
            BadInput: If its filter cannot be read.
        """
        topic = self.topic(subscription.topic)
        queue = self.declare(subscription.queue)
        topic.subscribe(subscription, queue, actor, cause, process)

    def serve(self) -> None:
        """Hand over what waits for receivers, and let in senders, that could not be reached."""
        for queue in self.queues.values():
            queue.serve()
            queue.let_in()

    def census(self, queue: str) -> tuple[Sized, Sized]:
        """Return the broker's own collections of a queue's messages: the live, the dead."""
        found = self.queues[queue]
        return found.entries, found.dead
