"""Why an order is stuck: a fault has touched it, there is too much to do, or it is built so."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from ..actor_names import role_of
from ..joining import Join
from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage
from ..observer import OBSERVER
from .crews import HARMS, Crews
from .measures import Handler

BY_FAULT: Final = "fault"
BY_OVERLOAD: Final = "overload"
BY_DESIGN: Final = "design"

BYSTANDERS: Final = frozenset({"loyalty"})
"""Queues that neither an order nor who looks for its end waits for."""

SPOILS: Final = frozenset({"storm", "schema-drift"})
"""Faults that last and make messages that are no good."""

BURST: Final = "burst"

_DOWN: Final = (kind.CRASHED, kind.STOPPED, kind.PAUSED)
_UP: Final = (kind.SPAWNED, kind.RESTARTED, kind.RESUMED)
_LANES: Final = (kind.SESSION_ACCEPTED, kind.SESSION_EXPIRED, kind.SESSION_CLOSED)
_DEATHS: Final = (kind.DEAD_LETTERED, kind.SHELVED)

ENDS: Final = frozenset({"Completed", "Cancelled"})


def forgets(settings: Any) -> bool:
    """Say whether a service keeps what it waits for in memory, so that a crash loses it."""
    return settings.join is Join.MEMORY and settings.choreographed


class Reasons:
    """Follows where the messages of each conversation are, and what befalls them there.

    A conversation is touched by a fault if one of its messages is lost, comes twice, overtakes
    others or fails in a handler; if an instance that is down, cut off or slowed down has one of
    them in hand, or had seen one and remembers in memory alone; or if it waits at a service of
    which no instance is able, or that is still working off what that has left. While others of
    its kind are able, an instance that is down excuses nothing but what it had in hand. One that
    is late and untouched waits for services that have too much to do. Where none of its messages
    is under way either, or one has died without a fault, it was built so.
    """

    def __init__(self, lineage: Lineage, forgetful: Callable[[], bool]) -> None:
        """Follow the conversations.

        Args:
            lineage: What follows from what; it is fed each event before.
            forgetful: Says whether a service remembers in memory what it waits for.
        """
        self._lineage = lineage
        self._forgetful = forgetful
        self._lies: dict[str, dict[str, str]] = {}
        self._touched: dict[str, str] = {}
        self._befallen: dict[str, str] = {}
        self._waves: dict[str, str] = {}
        self._behind: dict[str, str] = {}
        self._met: dict[str, dict[str, None]] = {}
        self._crews = Crews()
        self._burst = 0
        self._doubled = False
        self._crowd: frozenset[str] = frozenset()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of messages, of processes and of faults."""
        return {
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.WORKING: self._begins,
            **dict.fromkeys((kind.LOCK_EXPIRED, kind.LOCK_LOST), self._slips),
            **dict.fromkeys(_LANES, self._locks),
            kind.ABANDONED: self._abandoned,
            kind.DUPLICATED: self._duplicated,
            kind.STATE: self._state,
            kind.COMPLETED: self._ended,
            kind.EXPIRED: self._ended,
            **dict.fromkeys(_DEATHS, self._dead),
            kind.REDRIVEN: self._redriven,
            **dict.fromkeys((kind.DROPPED, kind.REJECTED), self._lost),
            **dict.fromkeys(_DOWN, self._went_down),
            **dict.fromkeys(_UP, self._came_up),
            kind.INJECTED: self._injected,
            kind.HEALED: self._healed,
        }

    def of(self, conversation: str) -> tuple[str, str]:
        """Return why a conversation is stuck, and what is known of it: ``fault``, ``stock: down``.

        Args:
            conversation: One that is past its deadline.
        """
        touched = self._touched.get(conversation)
        if touched is not None:
            return BY_FAULT, touched
        befallen = self._befallen.get(conversation)
        if befallen is not None:
            return BY_DESIGN, befallen
        lying = {queue: len(held) for queue, held in self._lies.items()
                 if queue != OBSERVER and conversation in held.values()}  # fmt: skip
        if not lying:
            return BY_DESIGN, "nothing under way"
        queue = max(lying, key=lambda name: lying[name])
        return BY_OVERLOAD, f"{queue}: {lying[queue]} to do"

    def over(self, conversation: str) -> None:
        """Forget what befell a conversation that has ended after all."""
        for known in (self._touched, self._befallen, self._waves, self._met):
            known.pop(conversation, None)

    # --- where its messages are -----------------------------------------------------------

    def _sent(self, event: Event) -> None:
        queue, conversation = event.queue, event.conversation
        if queue in BYSTANDERS or (queue == OBSERVER and not event.text):
            return  # its own alarm is no event of the order
        lies = self._lies.setdefault(queue, {})
        if not lies:
            self._behind.pop(queue, None)
        lies[event.message] = conversation
        if event.token:
            self._touch(conversation, f"{queue}: {event.message} overtook others")
        if self._doubled and "~" in event.message:
            self._touch(conversation, f"{queue}: {event.message} is a copy")
        for name in self._crews.suffers(SPOILS):
            self._touch(conversation, name)
        if event.actor in self._crowd:
            self._wave(queue, conversation, BURST)
        hampered = self._crews.hampers(self._crews.holder(queue, event.group))
        if hampered:
            self._touch(conversation, hampered)
        trouble = self._crews.trouble(queue) or self._behind.get(queue, "")
        if trouble:
            self._wave(queue, conversation, trouble)
        elif conversation in self._waves:
            self._behind[queue] = self._waves[conversation]

    def _delivered(self, event: Event) -> None:
        conversation = self._lies.get(event.queue, {}).get(event.message)
        if conversation is not None:
            self._met.setdefault(conversation, {})[event.actor] = None
            self._crews.takes(event, conversation)
            hampered = self._crews.hampers(event.actor)
            if hampered:
                self._touch(conversation, hampered)

    def _begins(self, event: Event) -> None:
        self._crews.begins(event, self._lineage)

    def _slips(self, event: Event) -> None:
        self._crews.loses(event)

    def _locks(self, event: Event) -> None:
        self._crews.locks(event)

    def _abandoned(self, event: Event) -> None:
        conversation = self._lies.get(event.queue, {}).get(event.message)
        if conversation is not None and event.text != kind.UNCOUNTED:
            self._touch(conversation, f"{event.queue}: {event.message} fails")
        self._crews.lets_go(event, self._lineage)

    def _duplicated(self, event: Event) -> None:
        conversation = self._lies.get(event.queue, {}).get(event.message)
        if conversation is not None:
            self._touch(conversation, f"{event.queue}: {event.message} twice")

    def _state(self, event: Event) -> None:
        if event.queue == "orders" and event.group in ENDS:
            self._met.pop(event.message, None)

    def _leaves(self, event: Event) -> str:
        self._crews.lets_go(event, self._lineage)
        return self._lies.get(event.queue, {}).pop(event.message, "")

    def _ended(self, event: Event) -> None:
        if event.kind == kind.EXPIRED and event.text:
            return  # its dead-lettering comes next
        conversation = self._leaves(event)
        if conversation and event.kind == kind.EXPIRED:
            self._befallen.setdefault(conversation, f"{event.queue}: expired")

    def _dead(self, event: Event) -> None:
        conversation = self._leaves(event)
        if conversation:
            what = f"{event.queue}: dead, {event.text}"
            self._befallen.setdefault(conversation, what)
            if conversation in self._touched:
                self._touched[conversation] = what  # that says more

    def _redriven(self, event: Event) -> None:
        told = self._lineage.of(event.queue, event.message)
        if told is not None and event.queue not in BYSTANDERS:
            self._lies.setdefault(event.queue, {})[event.message] = told.conversation

    def _lost(self, event: Event) -> None:
        if event.text == "acknowledgement lost":
            lying = self._lies.get(event.queue, {}).get(event.message)
            if lying is not None:
                self._touch(lying, f"{event.queue}: settlement lost")
            return
        conversation = self._leaves(event)
        if not conversation:
            sender = self._lineage.handling.get(event.actor)
            conversation = event.message if sender is None else sender.conversation
        what = f"{event.text or 'lost'}: {event.message}"
        self._befallen.setdefault(conversation, what)
        if event.kind == kind.DROPPED and event.text not in kind.LET_GO:
            self._touch(conversation, what)

    # --- what befalls them ----------------------------------------------------------------

    def _touch(self, conversation: str, what: str) -> None:
        self._touched.setdefault(conversation, what)

    def _wave(self, queue: str, conversation: str, what: str) -> None:
        """Touch a conversation, and whatever comes to lie behind it, here and further on."""
        self._touch(conversation, what)
        self._waves.setdefault(conversation, what)
        self._behind[queue] = what

    def _look(self, service: str) -> None:
        trouble = self._crews.trouble(service)
        if trouble:
            for conversation in self._lies.get(service, {}).values():
                self._wave(service, conversation, trouble)

    def _hampered(self, actor: str) -> None:
        """Touch what an instance has in hand, and what is in the sessions it has locked."""
        what = self._crews.hampers(actor)
        if what:
            for conversation in self._crews.in_hand(actor):
                self._touch(conversation, what)
            for queue, group in self._crews.sessions(actor):
                if group in self._lies.get(queue, {}).values():
                    self._touch(group, what)

    def _went_down(self, event: Event) -> None:
        self._crews.leaves(event)
        self._look(role_of(event.actor))
        self._hampered(event.actor)
        if event.kind == kind.CRASHED and self._forgetful():
            for conversation, actors in self._met.items():
                if event.actor in actors:
                    self._touch(conversation, f"{role_of(event.actor)}: {event.actor} forgets")

    def _came_up(self, event: Event) -> None:
        self._crews.comes(event)
        if event.kind == kind.SPAWNED and event.cause and event.cause == self._burst:
            self._crowd |= {event.actor}

    def _injected(self, event: Event) -> None:
        if event.message == BURST:
            self._burst = event.n
        self._doubled |= event.message == "duplicate"
        if event.token and event.message in HARMS | SPOILS:
            self._crews.harmed(event)
            for service in self._lies:
                self._look(service)
                for actor in self._crews.crew(service):
                    self._hampered(actor)

    def _healed(self, event: Event) -> None:
        self._crews.healed(event)

    def copy(self, lineage: Lineage) -> Reasons:
        """Return an independent copy that follows another lineage."""
        twin = copy.copy(self)
        twin._lineage = lineage
        twin._lies = {queue: dict(held) for queue, held in self._lies.items()}
        twin._touched, twin._befallen = dict(self._touched), dict(self._befallen)
        twin._waves, twin._behind = dict(self._waves), dict(self._behind)
        twin._met = {name: dict(actors) for name, actors in self._met.items()}
        twin._crews = self._crews.copy()
        return twin
