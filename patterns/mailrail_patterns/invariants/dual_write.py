"""State and message, both or neither: what a transactional outbox promises."""

from __future__ import annotations

from collections.abc import Callable

from ..kernel import events as kind
from ..kernel.events import Event
from .receipts import deletes
from .rules import Guarantee, Handler, Rule

NO_ZOMBIES = Guarantee(
    "no-zombie-records",
    "No message is settled while what its effect had to tell has not been sent.",
    source="A3 rule 5",
)
NO_GHOSTS = Guarantee(
    "no-ghost-messages",
    "No message is out that tells of an effect which is never committed.",
    source="A3 rule 5",
)

Handled = tuple[str, str]
"""A queue and the business id of a message on it."""


class DualWrite(Rule):
    """Compares what every effect says must follow with what was sent on its behalf.

    An effect's value is the number of messages that must follow it; a decision that has no
    effect is told by the rows it writes or by what it notes. What the network loses was sent.

    In receive-and-delete mode a message is settled before anything is done, and comes once: what
    has not been told when its handler dies, or begins with another, never is.
    """

    guarantees = (NO_ZOMBIES, NO_GHOSTS)

    def __init__(self, tells: Callable[[], bool]) -> None:
        """Judge handlers; ``tells`` says whether, as the settings stand, one sends anything."""
        super().__init__()
        self._tells = tells
        self._at: dict[str, Event] = {}
        self._owed: dict[Handled, int] = {}
        self._sent: dict[Handled, set[str]] = {}
        self._committed: set[Handled] = set()
        self._deletes: dict[str, bool] = {}
        self._on_receipt: set[tuple[str, int]] = set()
        self._taken: dict[str, Handled] = {}

    def asleep(self) -> bool:
        """Say whether no handler has anything to tell."""
        return not self._tells()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of everything between the beginning and the end of a handling."""
        over = (kind.ABANDONED, kind.LOCK_LOST)
        return {
            kind.DECLARED: self._declared,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._works,
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._moves_on),
            kind.EFFECT_SKIPPED: self._begins,
            kind.EFFECT: self._effect,
            **dict.fromkeys((kind.STATE, kind.NOTED), self._commits),
            **dict.fromkeys((kind.SENT, kind.PUBLISHED, kind.UNROUTED), self._sends),
            kind.DROPPED: self._dropped,
            kind.COMPLETED: self._completed,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._dead_lettered),
            **dict.fromkeys(over, self._lets_go),
        }

    def _declared(self, event: Event) -> None:
        self._deletes[event.queue] = deletes(event)

    def _delivered(self, event: Event) -> None:
        if self._deletes.get(event.queue):
            self._on_receipt.add((event.queue, event.token))

    def _works(self, event: Event) -> None:
        if self._taken:
            self._moves_on(event)
        self._at[event.actor] = event
        if self._on_receipt and (event.queue, event.token) in self._on_receipt:
            self._on_receipt.discard((event.queue, event.token))
            self._taken[event.actor] = _handled(event)

    def _moves_on(self, event: Event) -> None:
        """Judge what was deleted on receipt: its handler is done with it, one way or the other."""
        handled = self._taken.pop(event.actor, None)
        if handled is None:
            return
        self._lets_go(event)
        owed, sent = self._owed.pop(handled, 0), self._sent.pop(handled, set())
        if owed > len(sent):
            what = f"{handled[1]} was deleted on receipt; {len(sent)} of {owed} messages were sent"
            self.breach("no-zombie-records", event, what)
        if sent and handled not in self._committed:
            told = ", ".join(sorted(sent))
            what = f"{told} is out, and the effect of {handled[1]} never was committed"
            self.breach("no-ghost-messages", event, what)

    def _begins(self, event: Event) -> None:
        self._at[event.actor] = event

    def _lets_go(self, event: Event) -> None:
        self._at.pop(event.actor, None)

    def _effect(self, event: Event) -> None:
        if event.value:
            handled = _handled(event)
            self._owed[handled] = int(event.value)
            self._committed.add(handled)

    def _commits(self, event: Event) -> None:
        """Whoever decides to change nothing outside has decided all the same."""
        begun = self._at.get(event.actor)
        if begun is not None:
            self._committed.add(_handled(begun))

    def _sends(self, event: Event) -> None:
        begun = self._at.get(event.actor)
        if begun is not None:
            self._sent.setdefault(_handled(begun), set()).add(event.message.partition("~")[0])

    def _dropped(self, event: Event) -> None:
        if event.text == "send lost":
            self._sends(event)
        elif event.text == "acknowledgement lost":
            self._lets_go(event)

    def _completed(self, event: Event) -> None:
        if self._on_receipt and (event.queue, event.token) in self._on_receipt:
            return
        self._at.pop(event.actor, None)
        if not self._owed and not self._sent:
            return
        handled = _handled(event)
        owed, sent = self._owed.pop(handled, 0), self._sent.pop(handled, ())
        if owed > len(sent):
            what = f"{event.message} is settled; {len(sent)} of {owed} messages were sent"
            self.breach("no-zombie-records", event, what)

    def _dead_lettered(self, event: Event) -> None:
        if event.actor:
            self._lets_go(event)
        handled = _handled(event)
        if handled in self._sent and handled not in self._committed:
            told = ", ".join(sorted(self._sent.pop(handled)))
            what = f"{told} is out, and the effect of {event.message} never was committed"
            self.breach("no-ghost-messages", event, what)


def _handled(event: Event) -> Handled:
    return event.queue, event.message.partition("~")[0]


def dual_write_rules(tells: Callable[[], bool] = lambda: True) -> tuple[Rule, ...]:
    """Return the rule for handlers that change state and tell of it.

    Args:
        tells: Whether, as the settings stand, they do tell.
    """
    return (DualWrite(tells),)
