"""In which order the messages of a group have to be worked on."""

from __future__ import annotations

from .kernel import events as kind
from .kernel.events import Event
from .projections.chain import Chain


class Sequences:
    """The unfinished messages of each group, the one whose turn it is first.

    The order is that of the broker: of acceptance, save that a message may be put in front of
    those that wait. What is given back keeps its turn; what is redriven comes anew.
    """

    def __init__(self) -> None:
        self._groups: dict[str, Chain[str]] = {}
        self._of: Chain[str] = Chain()
        self._held: set[str] = set()

    def follow(self, event: Event) -> None:
        """Take notice of an event in a message's life."""
        name = event.kind
        if name == kind.SENT:
            if event.group:
                self._of.enter(event.message, event.group)
                if not event.until:
                    self._add(event.message, event.group, first=event.token == 1)
        elif name in (kind.DUE, kind.REDRIVEN):
            group = self._of.get(event.message)
            if group is not None and event.message not in self._groups.get(group, ()):
                self._add(event.message, group, first=False)
        elif name == kind.DELIVERED:
            self._held.add(event.message)
        elif name in (kind.ABANDONED, kind.LOCK_EXPIRED):
            if not event.until:
                self._held.discard(event.message)
        elif name in OVER and (name != kind.DROPPED or event.text in kind.LEAVES):
            self._remove(event.message, forget=name == kind.COMPLETED)

    def _add(self, message: str, group: str, *, first: bool) -> None:
        members = self._groups.get(group)
        if members is None:
            members = self._groups[group] = Chain()
        held = [m for m in members if m in self._held] if first else []
        members.enter(message, message, head=first)
        for other in reversed(held):
            members.lead(other)

    def _remove(self, message: str, *, forget: bool) -> None:
        self._held.discard(message)
        group = self._of.pop(message) if forget else self._of.get(message)
        members = self._groups.get(group) if group is not None else None
        if members is not None:
            members.pop(message)
            if not members and group is not None:
                del self._groups[group]

    def group(self, message: str) -> str:
        """Return the group of a message that is not completed; empty: none."""
        return self._of.get(message) or ""

    def before(self, message: str) -> str:
        """Return the first unfinished message of its group that comes before one; empty: none."""
        members = self._groups.get(self.group(message))
        if members is None or message not in members:
            return ""
        first = next(iter(members))
        return "" if first == message else first

    def forget(self) -> None:
        """Forget every message there has been: the order is made anew."""
        self._groups.clear()
        self._of = Chain()
        self._held.clear()

    def copy(self) -> Sequences:
        """Return an independent copy."""
        twin = Sequences()
        twin._groups = {name: members.copy() for name, members in self._groups.items()}
        twin._of, twin._held = self._of.copy(), set(self._held)
        return twin


OVER = frozenset(
    {kind.COMPLETED, kind.DEAD_LETTERED, kind.SHELVED, kind.EXPIRED, kind.DROPPED, kind.DEFERRED}
)
FOLLOWED = (
    kind.SENT, kind.DUE, kind.REDRIVEN, kind.DELIVERED, kind.ABANDONED, kind.LOCK_EXPIRED,
    *sorted(OVER),
)  # fmt: skip
"""Kinds of event to be followed."""
