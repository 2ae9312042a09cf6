"""What a topic promises: a copy each, for as long as somebody subscribes, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..kernel import events as kind
from ..kernel.events import Event
from ..subscribed import Wish, wish_of
from .rules import Breach, Guarantee, Handler, Rule

ONE_EACH = Guarantee(
    "one-copy-each",
    "Every subscription gets one copy, at once, of each event its filter matches and of no other.",
    source="A7 (1)",
)
NONE_AFTER = Guarantee(
    "none-after-the-end", "A subscription that has ended gets no copy.", source="A7 (1)"
)
OWN = Guarantee(
    "own-copies",
    "A copy is received and settled only by who subscribed to its queue: nobody else's is touched.",
    source="A7 (1)",
)
LIVES = Guarantee(
    "lives-while-connected",
    "A subscription that is not durable ends with the last process connected to it.",
    source="A7 rule 3",
)
ORDER = Guarantee(
    "order-kept",
    "A subscription gets the events of one publisher for the first time in their order.",
    source="A7 rule 5",
)
ONLY_BLOCK = Guarantee(
    "only-block-waits",
    "A slow subscription makes a publisher wait only if its policy is to block.",
    source="A7 (1)",
)


class Publishing(Rule):
    """Holds what a topic does against what its subscriptions ask for."""

    guarantees = (ONE_EACH, NONE_AFTER, OWN, LIVES, ORDER, ONLY_BLOCK)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._active: dict[str, Wish] = {}
        self._ended: set[str] = set()
        self._began: set[int] = set()
        self._instances: dict[str, set[str]] = {}
        self._dead: dict[str, float] = {}
        self._blocks: set[str] = set()
        self._open = 0
        self._owed: set[str] = set()
        self._waiting: dict[str, dict[str, tuple[int, str]]] = {}
        self._latest: dict[tuple[str, str], int] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of subscriptions, publications, copies and processes."""
        ends = (kind.EXPIRED, kind.DEAD_LETTERED, kind.SHELVED)
        return {
            kind.DECLARED: self._declared,
            kind.SUBSCRIBED: self._subscribed,
            kind.UNSUBSCRIBED: self._unsubscribed,
            kind.PUBLISHED: self._published,
            kind.UNROUTED: self._published,
            kind.SENT: self._sent,
            kind.REJECTED: self._refused,
            kind.BLOCKED: self._blocked,
            kind.DELIVERED: self._delivered,
            kind.COMPLETED: self._touched,
            kind.DROPPED: self._dropped,
            **dict.fromkeys(ends, self._gone),
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._died),
            kind.RESTARTED: self._lives,
        }

    def _declared(self, event: Event) -> None:
        change = self._blocks.add if " block " in event.text else self._blocks.discard
        change(event.queue)

    def _subscribed(self, event: Event) -> None:
        name = event.message
        self._active[name] = wish_of(event)
        self._ended.discard(name)
        self._began.add(event.n)
        self._instances.setdefault(name, set()).add(event.actor)
        self._waiting.setdefault(name, {})

    def _unsubscribed(self, event: Event) -> None:
        self._active.pop(event.message, None)
        self._ended.add(event.message)
        self._owed.discard(event.message)

    def _died(self, event: Event) -> None:
        self._dead[event.actor] = event.t

    def _lives(self, event: Event) -> None:
        self._dead.pop(event.actor, None)

    # --- copies ---------------------------------------------------------------------------

    def _published(self, event: Event) -> None:
        self._settle(event)
        grammar = self._settings().grammar
        wanted = {n for n, wish in self._active.items() if wish.matches(event.text, grammar)}
        if event.value != len(wanted):
            what = f"{event.text} is for {len(wanted)} subscriptions, not for {event.value:g}"
            self.breach("one-copy-each", event, what)
        self._open, self._owed = event.n, wanted
        for name, wish in self._active.items():
            if not wish.durable and self._deserted(name, event.t):
                self.breach("lives-while-connected", event, f"nobody is connected to {name}")

    def _deserted(self, name: str, now: float) -> bool:
        return all(self._dead.get(actor, now) < now for actor in self._instances[name])

    def _settle(self, event: Event) -> None:
        if self._owed:
            self.breach("one-copy-each", event, f"no copy for {', '.join(sorted(self._owed))}")
            self._owed = set()

    def _sent(self, event: Event) -> None:
        name = event.queue
        if name in self._ended:
            self.breach("none-after-the-end", event, f"{name} had ended and got {event.message}")
        if name not in self._active:
            return
        self._account(event)
        if not event.token and not event.until:
            self._waiting[name][event.message] = event.n, event.actor

    def _refused(self, event: Event) -> None:
        if event.queue in self._active:
            self._account(event)

    def _account(self, event: Event) -> None:
        """Strike a copy off what is owed; one of the log is owed to nobody."""
        name = event.queue
        if event.cause == self._open and name in self._owed:
            self._owed.discard(name)
        elif event.cause not in self._began:
            self.breach("one-copy-each", event, f"{name} was owed no copy of {event.message}")

    def _blocked(self, event: Event) -> None:
        if event.queue in self._active and event.queue not in self._blocks:
            self.breach("only-block-waits", event, f"{event.actor} waits for {event.queue}")

    # --- deliveries -----------------------------------------------------------------------

    def _delivered(self, event: Event) -> None:
        self._touched(event)
        waiting = self._waiting.get(event.queue)
        first = waiting.pop(event.message, None) if waiting is not None else None
        if first is None or event.delivery != 1:
            return
        number, publisher = first
        key = event.queue, publisher
        if number < self._latest.get(key, 0):
            self.breach("order-kept", event, f"{event.queue} got {event.message} after a later one")
        self._latest[key] = max(number, self._latest.get(key, 0))

    def _touched(self, event: Event) -> None:
        instances = self._instances.get(event.queue)
        if instances is not None and not instances & {"", event.actor}:
            what = f"{event.actor} took {event.message} from {event.queue}"
            self.breach("own-copies", event, what)

    def _dropped(self, event: Event) -> None:
        if event.text in kind.LEAVES:
            self._gone(event)
        elif event.text == "duplicate" and event.queue in self._active:
            self._account(event)  # the subscription has had it: its queue detects duplicates

    def _gone(self, event: Event) -> None:
        if event.queue in self._waiting:
            self._waiting[event.queue].pop(event.message, None)

    def closing(self, now: float, quiet: bool) -> Sequence[Breach]:
        """Report copies that the last event is still owed."""
        if not self._owed:
            return ()
        what = f"no copy for {', '.join(sorted(self._owed))}"
        return (Breach("one-copy-each", self._open, now, what),)
