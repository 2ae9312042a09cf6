"""Who plays each service, what keeps whom from work, and what each instance has in hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..actor_names import role_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..lineage import Lineage

HARMS: Final = frozenset({"partition", "slow", "broker-down", "store-down"})
"""Faults that last and keep a service from its work."""


class Crews:
    """Follows the instances of each service.

    An instance has in hand what was delivered to it and is not settled, or was deleted when it
    was handed over and is not finished; and what is to come in a session that it has locked.

    Attributes:
        down: The instances that have crashed or are paused.
    """

    def __init__(self) -> None:
        self.down: frozenset[str] = frozenset()
        self._up: dict[str, frozenset[str]] = {}
        self._harms: dict[tuple[str, str], None] = {}
        self._hands: dict[str, dict[tuple[str, str, int], str]] = {}
        self._lanes: dict[tuple[str, str], str] = {}

    # --- who is there ---------------------------------------------------------------------

    def crew(self, service: str) -> frozenset[str]:
        """Return the instances of a service that are up."""
        return self._up.get(service, frozenset())

    def leaves(self, event: Event) -> None:
        """Take notice that an instance crashed, was paused or left."""
        role = role_of(event.actor)
        self._up[role] = self.crew(role) - {event.actor}
        if event.kind != kind.STOPPED:
            self.down |= {event.actor}

    def comes(self, event: Event) -> None:
        """Take notice that an instance is there (again)."""
        role = role_of(event.actor)
        self._up[role] = self.crew(role) | {event.actor}
        self.down -= {event.actor}
        if event.kind != kind.RESUMED:
            self._hands.pop(event.actor, None)

    # --- what keeps whom from work --------------------------------------------------------

    def harmed(self, event: Event) -> None:
        """Take notice of a fault that lasts."""
        self._harms[event.message, event.actor] = None

    def healed(self, event: Event) -> None:
        """Take notice that a fault is over, for one or for all."""
        self._harms = {
            each: None
            for each in self._harms
            if each[0] != event.message or event.actor not in ("", each[1])
        }

    def suffers(self, names: frozenset[str]) -> list[str]:
        """Return which of these faults are on, the first injected first."""
        return [name for name, _ in self._harms if name in names]

    def trouble(self, service: str) -> str:
        """Say what keeps all of a service from its work; empty: somebody is able."""
        crew = self.crew(service)
        if not crew:
            return f"{service}: down"
        found = [self._harm(actor) for actor in sorted(crew)]
        return f"{service}: {found[0]}" if all(found) else ""

    def hampers(self, actor: str) -> str:
        """Say what keeps one instance from its work; empty: nothing."""
        what = "down" if actor in self.down else self._harm(actor)
        return f"{role_of(actor)}: {actor} {what}" if what else ""

    def _harm(self, actor: str) -> str:
        return next(
            (name for name, whom in self._harms if name in HARMS and whom in ("", actor)), ""
        )

    # --- what it has in hand --------------------------------------------------------------

    def takes(self, event: Event, conversation: str) -> None:
        """Take notice that an instance was handed a message."""
        key = event.queue, event.message, event.token
        self._hands.setdefault(event.actor, {})[key] = conversation

    def lets_go(self, event: Event, lineage: Lineage) -> None:
        """Take notice that a message was settled; who got it deleted has it all the same."""
        hands = self._hands.get(event.actor)
        if hands and not lineage.has(event.actor, event.queue, event.token):
            hands.pop((event.queue, event.message, event.token), None)

    def loses(self, event: Event) -> None:
        """Take notice that the lock on a message has run out: it may go to somebody else."""
        self._hands.get(event.actor, {}).pop((event.queue, event.message, event.token), None)

    def begins(self, event: Event, lineage: Lineage) -> None:
        """Take notice that an instance begins work: what was deleted before is finished."""
        hands = self._hands.get(event.actor)
        if hands:
            here = (event.queue, event.token)
            done = [key for key in hands if (key[0], key[2]) != here
                    and not lineage.has(event.actor, key[0], key[2])]  # fmt: skip
            for key in done:
                del hands[key]

    def locks(self, event: Event) -> None:
        """Take notice that an instance has locked a session, or that such a lock has ended."""
        if event.kind == kind.SESSION_ACCEPTED:
            self._lanes[event.queue, event.group] = event.actor
        else:
            self._lanes.pop((event.queue, event.group), None)

    def holder(self, queue: str, group: str) -> str:
        """Return who has locked a session; empty: nobody, or there is none."""
        return self._lanes.get((queue, group), "")

    def in_hand(self, actor: str) -> Iterable[str]:
        """Return the conversations of the messages an instance has in hand."""
        return tuple(self._hands.get(actor, {}).values())

    def sessions(self, actor: str) -> set[tuple[str, str]]:
        """Return the sessions an instance has locked: each its queue and its name."""
        return {lane for lane, holder in self._lanes.items() if holder == actor}

    def copy(self) -> Crews:
        """Return an independent copy."""
        twin = Crews()
        twin.down = self.down
        twin._up = dict(self._up)
        twin._harms, twin._lanes = dict(self._harms), dict(self._lanes)
        twin._hands = {actor: dict(held) for actor, held in self._hands.items()}
        return twin
