"""A topic: it puts a copy on the queue of each subscription, and may keep a log for latecomers."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from msgspec.structs import replace

from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..kernel.process import Process
from ..port import Message, Overflow, Subscription, TopicSpec
from ..subjects import told
from .membership import Membership
from .queue import Queue
from .routing import COPY, FILTER_ERROR, FILTERED, Route, Verdict

SLOW_CONSUMER = "slow consumer"

Copies = Sequence[tuple[Route, Verdict]]
"""What each subscription that does not filter a message out makes of it."""


class Topic:
    """One topic and its subscriptions.

    Attributes:
        spec: How it is declared.
        subscriptions: What is subscribed, by name, in the order in which it was.
    """

    def __init__(self, spec: TopicSpec, agenda: Agenda) -> None:
        self.spec = spec
        self.subscriptions: dict[str, Subscription] = {}
        self._agenda = agenda
        self._emit = agenda.journal.emit
        self._routes: dict[str, Route] = {}
        self._members: dict[str, Membership] = {}
        self._looks_at: tuple[str, ...] = ()
        self._log: deque[Message] = deque()
        self._logged = 0

    @property
    def name(self) -> str:
        """The topic's name."""
        return self.spec.name

    # --- subscribing ----------------------------------------------------------------------

    def subscribe(
        self,
        subscription: Subscription,
        queue: Queue,
        actor: str = "",
        cause: int = 0,
        process: Process | None = None,
    ) -> None:
        """Begin to copy matching messages to a queue; a filter may be replaced.

        Args:
            subscription: What is asked for; that it is there already is no harm.
            queue: Its queue.
            actor: Who asks; empty: it stands by the settings.
            cause: Number of the event that made it ask.
            process: Who must be connected for a subscription that is not durable to live.

        Raises:
            BadInput: If the filter cannot be read.
        """
        name = subscription.queue.name
        before = self.subscriptions.get(name)
        if before is not None and actor:  # who joins a group does not change how it lives
            subscription = replace(subscription, durable=before.durable)
        route = Route(subscription, queue, self.spec.grammar)
        self._routes[name], self.subscriptions[name] = route, subscription
        self._look()
        n = cause
        if actor or before is None or before.filter != subscription.filter:
            n = self._emit(
                kind.SUBSCRIBED, actor, self.name, name, cause=cause,
                text=told(subscription.filter, subscription.content), group=_way(subscription),
            )  # fmt: skip
        if process is not None and not subscription.durable:
            self._connect(subscription, process)
        if before is None and subscription.replay is not None:
            self._replay(route, subscription.replay, n)

    def _connect(self, subscription: Subscription, process: Process) -> None:
        name = subscription.queue.name
        members = self._members.get(name)
        if members is None:

            def empty(actor: str, why: str) -> None:
                self.end(name, actor, 0, why)

            members = Membership(self._agenda, subscription.keepalive, empty)
            self._members[name] = members
        members.join(process)

    def unsubscribe(self, name: str, actor: str, cause: int, why: str = "") -> int:
        """Stop copying; what is on the queue stays there.

        Returns:
            Number of the event; 0 if there was no such subscription.
        """
        if self.subscriptions.pop(name, None) is None:
            return 0
        del self._routes[name]
        self._look()
        members = self._members.pop(name, None)
        if members is not None:
            members.disband()
        return self._emit(kind.UNSUBSCRIBED, actor, self.name, name, cause=cause, text=why)

    def end(self, name: str, actor: str, cause: int, why: str) -> None:
        """End a subscription that was not durable: its copies go with it."""
        route = self._routes[name]
        route.queue.close(self.unsubscribe(name, actor, cause, why))

    def _look(self) -> None:
        found = (name for route in self._routes.values() for name in route.looks_at)
        self._looks_at = tuple(dict.fromkeys(found))

    # --- publishing -----------------------------------------------------------------------

    def copies(self, message: Message) -> Copies:
        """Say who would get a copy now."""
        found = []
        for route in self._routes.values():
            verdict = route.judge(message)
            if verdict is not FILTERED:
                found.append((route, verdict))
        return found

    def refuses(self, message: Message, sender: str, cause: int) -> bool:
        """Refuse, and record, a message that is too large for a queue it would be copied to."""
        for route, _ in self.copies(message) if message.size else ():
            if route.queue.too_large(message):
                route.queue.refuse_size(self.name, message, sender, cause)
                return True
        return False

    def obstacle(self, copies: Copies, message: Message) -> Queue | None:
        """Return the first queue that makes the publisher wait; None if it need not."""
        for route, verdict in copies:
            queue = route.queue
            blocks = verdict is COPY and queue.spec.overflow is Overflow.BLOCK
            if blocks and not route.subscription.disconnect and queue.is_full_for(message):
                return queue
        return None

    def publish(
        self, message: Message, copies: Copies, sender: str, cause: int, *, head: bool = False
    ) -> bool:
        """Take a message and put a copy on each queue, all at this instant.

        Returns:
            Whether anybody subscribes to it.
        """
        if self.spec.retain:
            self._log.append(message)
            self._logged += 1
            while len(self._log) > self.spec.retain:
                self._log.popleft()
        n = self._emit(
            kind.PUBLISHED if copies else kind.UNROUTED, sender, self.name, message.id, 0, cause,
            0, 0.0, len(copies), self._about(message), message.group,
            message.conversation or message.id,
        )  # fmt: skip
        for route, verdict in copies:
            self._copy(route, verdict, message, sender, n, head=head)
        return bool(copies)

    def _about(self, message: Message) -> str:
        """Name the subject, and the headers that filters look at, as ``subject {name=value}``."""
        seen = [f"{name}={value}" for name, value in message.headers if name in self._looks_at]
        return told(message.subject, ", ".join(seen))

    def _copy(
        self, route: Route, verdict: Verdict, message: Message, sender: str, cause: int,
        *, head: bool = False,
    ) -> None:  # fmt: skip
        queue, subscription = route.queue, route.subscription
        if verdict is Verdict.BURIED:
            queue.bury_at_once(message, sender, cause, FILTER_ERROR, self.name)
        elif verdict is Verdict.SKIPPED:
            queue.refuse(message, sender, cause, FILTER_ERROR)
        elif subscription.disconnect and queue.is_full_for(message):
            queue.refuse(message, sender, cause, SLOW_CONSUMER)
            self.end(queue.spec.name, "", cause, SLOW_CONSUMER)
        else:
            queue.offer(message, sender, cause, head=head, topic=self.name)

    def _replay(self, route: Route, offset: int, cause: int) -> None:
        """Copy what the log still holds from an offset on."""
        oldest = self._logged - len(self._log)
        begin = self._logged + offset if offset < 0 else offset
        for number, message in enumerate(tuple(self._log), oldest):
            if number >= begin and (verdict := route.judge(message)) is not FILTERED:
                self._copy(route, verdict, message, "", cause)


def _way(subscription: Subscription) -> str:
    """Say how a subscription lives, in words."""
    lives = "durable" if subscription.durable else "non-durable"
    return f"{lives} disconnect" if subscription.disconnect else lives
