"""Why an order is stuck: something befell one of its messages, or there is just too much to do."""

from __future__ import annotations

import copy
from typing import Final

from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage
from ..observer import OBSERVER
from .measures import Handler

BY_FAULT: Final = "fault"
BY_OVERLOAD: Final = "overload"

BYSTANDERS: Final = frozenset({OBSERVER, "loyalty"})
"""Queues that an order does not wait for."""

HARMS: Final = frozenset({"partition", "slow", "broker-down", "store-down"})
"""Faults that last and keep a service from its work."""

_DOWN: Final = (kind.CRASHED, kind.STOPPED, kind.PAUSED)
_UP: Final = (kind.SPAWNED, kind.RESTARTED, kind.RESUMED)
_DEATHS: Final = (kind.DEAD_LETTERED, kind.SHELVED)


class Reasons:
    """Follows where the messages of each conversation are, and what befalls them there.

    A conversation is touched by a fault if one of its messages is lost, refused or dead, or lies at
    a service that is down, cut off or slowed down by a fault. One that is late and untouched waits
    for services that have too much to do.
    """

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._lies: dict[str, dict[str, str]] = {}
        self._touched: dict[str, str] = {}
        self._role: dict[str, str] = {}
        self._up: dict[str, frozenset[str]] = {}
        self._harms: dict[tuple[str, str], None] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of messages, of processes and of faults."""
        return {
            kind.SENT: self._sent,
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
        lying = {queue: len(held) for queue, held in self._lies.items()
                 if conversation in held.values()}  # fmt: skip
        if not lying:
            return BY_FAULT, "nothing under way"
        queue = max(lying, key=lambda name: lying[name])
        return BY_OVERLOAD, f"{queue}: {lying[queue]} to do"

    def over(self, conversation: str) -> None:
        """Forget what befell a conversation that has ended after all."""
        self._touched.pop(conversation, None)

    # --- where its messages are -----------------------------------------------------------

    def _sent(self, event: Event) -> None:
        if event.queue in BYSTANDERS:
            return
        self._lies.setdefault(event.queue, {})[event.message] = event.conversation
        trouble = self._trouble(event.queue)
        if trouble:
            self._touch(event.conversation, trouble)

    def _leaves(self, event: Event) -> str:
        return self._lies.get(event.queue, {}).pop(event.message, "")

    def _ended(self, event: Event) -> None:
        if event.kind == kind.EXPIRED and event.text:
            return  # its dead-lettering comes next
        conversation = self._leaves(event)
        if conversation and event.kind == kind.EXPIRED:
            self._touch(conversation, f"{event.queue}: expired")

    def _dead(self, event: Event) -> None:
        conversation = self._leaves(event)
        if conversation:
            self._touch(conversation, f"{event.queue}: dead, {event.text}")

    def _redriven(self, event: Event) -> None:
        told = self._lineage.of(event.queue, event.message)
        if told is not None and event.queue not in BYSTANDERS:
            self._lies.setdefault(event.queue, {})[event.message] = told.conversation

    def _lost(self, event: Event) -> None:
        if event.text == "acknowledgement lost":
            return
        conversation = self._leaves(event)
        if not conversation:
            sender = self._lineage.handling.get(event.actor)
            conversation = event.message if sender is None else sender.conversation
        self._touch(conversation, f"{event.text or 'lost'}: {event.message}")

    # --- what befalls them ----------------------------------------------------------------

    def _touch(self, conversation: str, what: str) -> None:
        self._touched.setdefault(conversation, what)

    def _trouble(self, queue: str) -> str:
        """Say what keeps a service from its work; empty: nothing."""
        crew = self._up.get(queue, frozenset())
        if not crew:
            return f"{queue}: down"
        for name, target in self._harms:
            if not target or crew == {target}:
                return f"{queue}: {name}"
        return ""

    def _look(self, role: str) -> None:
        trouble = self._trouble(role)
        if trouble:
            for conversation in self._lies.get(role, {}).values():
                self._touch(conversation, trouble)

    def _went_down(self, event: Event) -> None:
        role = self._role.get(event.actor, "")
        self._up[role] = self._up.get(role, frozenset()) - {event.actor}
        self._look(role)

    def _came_up(self, event: Event) -> None:
        role = self._role[event.actor] = event.text.partition(" ")[0]
        self._up[role] = self._up.get(role, frozenset()) | {event.actor}

    def _injected(self, event: Event) -> None:
        if event.token and event.message in HARMS:
            self._harms[event.message, event.actor] = None
            for role in self._lies:
                self._look(role)

    def _healed(self, event: Event) -> None:
        self._harms = {
            each: None
            for each in self._harms
            if each[0] != event.message or event.actor not in ("", each[1])
        }

    def copy(self, lineage: Lineage) -> Reasons:
        """Return an independent copy that follows another lineage."""
        twin = copy.copy(self)
        twin._lineage = lineage
        twin._lies = {queue: dict(held) for queue, held in self._lies.items()}
        twin._touched, twin._role = dict(self._touched), dict(self._role)
        twin._up, twin._harms = dict(self._up), dict(self._harms)
        return twin
