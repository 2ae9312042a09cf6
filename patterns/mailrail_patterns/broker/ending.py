"""The end of a message's life: too often delivered, too old, turned down; dead, and redriven."""

from __future__ import annotations

from abc import ABC, abstractmethod

from msgspec.structs import replace

from ..broker_rules import AtLimit
from ..kernel import events as kind
from ..kernel.agenda import Agenda
from ..kernel.journal import Journal
from ..port import QueueSpec
from .ends import MAX_DELIVERIES, SHELVES, TTL_EXPIRED, spent
from .entry import DEAD, EXPIRED, SHELVED, Entry


class Ending(ABC):
    """Ends messages that nobody will handle, and keeps the dead letters among them.

    What a broker does with them is told by the queue's declaration: most bury them, some drop
    them, some leave them where they are.

    Attributes:
        spec: How the queue is declared; may be replaced while it is in use.
        entries: Every message that is not finished, by name, in the order of acceptance.
        dead: The dead letters, by name.
    """

    def __init__(self, spec: QueueSpec, agenda: Agenda) -> None:
        self.spec = spec
        self.entries: dict[str, Entry] = {}
        self.dead: dict[str, Entry] = {}
        self._agenda = agenda
        self._journal: Journal = agenda.journal

    @abstractmethod
    def make_ready(self, entry: Entry, head: bool, returned: bool = False) -> None:
        """Let a message be delivered (again)."""

    def log(
        self,
        what: str,
        entry: Entry,
        actor: str,
        cause: int,
        until: float = 0.0,
        text: str = "",
        value: float = 0.0,
    ) -> int:
        """Record what happened to a message; it becomes the cause of what happens to it next."""
        entry.cause = n = self._journal.emit(
            what, actor, self.spec.name, entry.name, entry.deliveries, cause, entry.token, until,
            value, text,
        )  # fmt: skip
        return n

    def turn_down(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        """Do with a message nobody will handle what the broker does with it."""
        at_limit = self.spec.rules.at_limit
        if at_limit is AtLimit.DEAD_LETTER:
            return self._bury(entry, owner, cause, reason)
        if at_limit is AtLimit.DROP:
            return self._drop(entry, owner, cause, kind.TURNED_DOWN)
        return self._shelve(entry, owner, cause, f"{SHELVES[at_limit][1]}: {reason}")

    def spent(self, entry: Entry) -> bool:
        """Say whether a message has used up the deliveries it may have."""
        return spent(entry, self.spec)

    def end_spent(self, entry: Entry) -> None:
        """Do with a message that has used up its deliveries what the broker does with it."""
        at_limit = self.spec.rules.at_limit
        if at_limit is AtLimit.DEAD_LETTER:
            self._bury(entry, "", entry.cause, MAX_DELIVERIES)
        elif at_limit is AtLimit.DROP:
            self._drop(entry, "", entry.cause, kind.LIMIT)
        else:
            self._shelve(entry, "", entry.cause, SHELVES[at_limit][0])

    def expire(self, entry: Entry) -> None:
        """End a message that is older than its time to live."""
        entry.stage = EXPIRED
        if self.spec.dead_letter_expired and self.spec.rules.at_limit is AtLimit.DEAD_LETTER:
            self.log(kind.EXPIRED, entry, "", entry.cause, text=TTL_EXPIRED)
            self._bury(entry, "", entry.cause, TTL_EXPIRED)
        else:
            self.forget(entry)
            self.log(kind.EXPIRED, entry, "", entry.cause)

    def _bury(self, entry: Entry, owner: str, cause: int, reason: str) -> int:
        entry.stage = DEAD
        self.forget(entry)
        self.dead[entry.name] = entry
        n = self.log(kind.DEAD_LETTERED, entry, owner, cause, text=reason)
        kept = self.spec.dead_letter_ttl
        if kept:
            now = self._journal.now
            born = entry.since if self.spec.rules.original_clock else now
            entry.lifetime = self._agenda.at(max(now, born + kept), self._forget_dead, entry)
        return n

    def _forget_dead(self, letter: Entry) -> None:
        letter.lifetime = None
        del self.dead[letter.name]
        self.log(kind.DROPPED, letter, "", letter.cause, text=kind.RETENTION)

    def _drop(self, entry: Entry, owner: str, cause: int, why: str) -> int:
        entry.stage = DEAD
        self.forget(entry)
        return self.log(kind.DROPPED, entry, owner, cause, text=why)

    def _shelve(self, entry: Entry, owner: str, cause: int, why: str) -> int:
        entry.stage = SHELVED
        self._end_lifetime(entry)
        return self.log(kind.SHELVED, entry, owner, cause, text=why)

    def forget(self, entry: Entry) -> None:
        """Strike a message off the list of those that are not finished."""
        self.entries.pop(entry.name, None)
        self._end_lifetime(entry)

    def _end_lifetime(self, entry: Entry) -> None:
        if entry.lifetime is not None:
            self._agenda.cancel(entry.lifetime)
            entry.lifetime = None

    def redrive(self, cause: int) -> int:
        """Return every dead letter to the tail, delivery count reset; answer how many.

        Time to live no longer counts: it has been observed once already.
        """
        letters = list(self.dead.values())
        for letter in letters:
            del self.dead[letter.name]
            self._end_lifetime(letter)
            entry = replace(letter, deliveries=0, returns=0, failures=0, expires=0.0)
            self.entries[entry.name] = entry
            self.log(kind.REDRIVEN, entry, "", cause or letter.cause)
            self.make_ready(entry, head=False)
        return len(letters)
