"""The payload store: what is too large for the bus waits here until it is claimed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from ..claims import Answer, Claim, Stored
from ..kernel import events as kind
from ..kernel.agenda import Agenda, Timer
from ..pending import Pending
from ..quantities import on_grid

STORE = "payloads"
"""What events call the store."""

TAMPER = "tamper"
"""The fault that alters a payload; it waits for one that is not stored yet."""


class Payload(msgspec.Struct):
    """One payload, its content told by what was put in.

    Attributes:
        number: 1 for the first payload of the run: the number of its locker.
        claim: What it is claimed with, and its size.
        content: Stands for the bytes themselves.
        tenant: Whose it is; nobody else is given it.
        since: When it became durable, in seconds.
        visible: From when every reader finds it, in seconds.
        until: When it lapses, in seconds; 0: never.
        holders: Who still needs it, where references are counted.
        released: Who has said to need it no longer.
        cause: Number of the event that stored it.
        timer: The end of its time to live.
    """

    number: int
    claim: Claim
    content: str
    tenant: str
    since: float
    visible: float
    until: float
    holders: frozenset[str]
    released: set[str]
    cause: int = 0
    timer: Timer | None = None


def digest_of(content: str) -> str:
    """Return the hash of a payload."""
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def content_of(message: str, size: int) -> str:
    """Return what stands for the bytes of a message's payload."""
    return f"{size} bytes of {message}"


class PayloadStore:
    """Payloads by token; they survive every crash of a participant.

    A token that was never issued, or belongs to another tenant, is refused without a word on
    whether there is such a payload; one that was issued and is gone is not found.

    Attributes:
        payloads: What is stored, by token, in the order in which it was put.
        settling: Time until a new payload is found by every reader, in seconds.
        size: Bytes stored.
    """

    def __init__(self, agenda: Agenda, pending: Pending) -> None:
        self.payloads: dict[str, Payload] = {}
        self.settling = 0.0
        self.size = 0
        self._count = 0
        self._owners: dict[str, str] = {}
        self._pending = pending
        self._agenda = agenda
        self._journal = agenda.journal

    def put(
        self,
        claim: Claim,
        tenant: str,
        ttl: float,
        holders: Iterable[str],
        actor: str,
        cause: int,
    ) -> tuple[Stored, int]:
        """Make a payload durable; the listing entry and the number of the event are returned.

        What is there already is left as it is: a sender that does not know whether it got so
        far may put again.
        """
        now, token = self._journal.now, claim.token
        there = self.payloads.get(token)
        if there is not None:
            return _listed(there), there.cause
        self._count += 1
        number = self._count
        self._owners[token] = tenant
        until = now + ttl if ttl else 0.0
        payload = self.payloads[token] = Payload(
            number, claim, content_of(claim.message, claim.size), tenant, now,
            on_grid(now + self.settling), until, frozenset(holders), set(),
        )  # fmt: skip
        self.size += claim.size
        if until:
            payload.timer = self._agenda.at(until, self._lapse, payload)
            until = payload.until = payload.timer.time
        n = payload.cause = self._journal.emit(
            kind.STORED, actor, STORE, claim.message, len(self.payloads), cause, number,
            until, claim.size, claim.digest, token,
        )  # fmt: skip
        targets = "", claim.message
        if self._pending.waiting and self._pending.strike(TAMPER, targets, actor, claim.message, n):
            self._alter(payload)
        return _listed(payload), n

    def holds(self, message: str) -> bool:
        """Say whether the payload of a message is stored."""
        return any(each.claim.message == message for each in self.payloads.values())

    def tamper(self, message: str) -> None:
        """Alter the payload of a message."""
        for payload in self.payloads.values():
            if payload.claim.message == message:
                self._alter(payload)

    def _alter(self, payload: Payload) -> None:
        payload.content += ", altered"
        self._emit(kind.ALTERED, payload, "", payload.cause, text=digest_of(payload.content))

    def listing(self) -> tuple[Stored, ...]:
        """Return everything that is stored, the oldest first."""
        return tuple(_listed(payload) for payload in self.payloads.values())

    def look(self, token: str, tenant: str) -> Answer:
        """Say whether a tenant may have a payload now."""
        if self._owners.get(token) != tenant:
            return Answer.FORBIDDEN
        payload = self.payloads.get(token)
        if payload is None or self._journal.now < payload.visible:
            return Answer.NOT_FOUND
        return Answer.FOUND

    def read(self, token: str, actor: str, cause: int) -> tuple[str, int]:
        """Read a payload that is there; its digest and the number of the event are returned."""
        payload = self.payloads[token]
        digest = digest_of(payload.content)
        n = self._emit(kind.FETCHED, payload, actor, cause, text=digest)
        return digest, n

    def release(
        self, token: str, holder: str, holders: Iterable[str], actor: str, cause: int
    ) -> None:
        """Take a holder's word that it needs a payload no longer; the last one's deletes it.

        Holders are counted by name, so that saying it twice changes nothing; ``holders`` are
        those there are by now, besides those the sender knew of.
        """
        payload = self.payloads.get(token)
        if payload is None or holder in payload.released:
            return
        payload.released.add(holder)
        payload.holders |= frozenset(holders)
        left = len(payload.holders - payload.released)
        n = self._emit(kind.RELEASED, payload, actor, cause, text=holder, value=left)
        if not left:
            self.remove(token, "released by all", actor, n)

    def remove(self, token: str, why: str, actor: str, cause: int) -> bool:
        """Delete a payload; False if it is gone already."""
        payload = self.payloads.get(token)
        if payload is None:
            return False
        self._forget(payload)
        self._emit(kind.REMOVED, payload, actor, cause, text=why, value=payload.claim.size)
        return True

    def _lapse(self, payload: Payload) -> None:
        payload.timer = None
        self._forget(payload)
        self._emit(kind.LAPSED, payload, "", payload.cause, value=payload.claim.size)

    def _forget(self, payload: Payload) -> None:
        del self.payloads[payload.claim.token]
        self.size -= payload.claim.size
        if payload.timer is not None:
            self._agenda.cancel(payload.timer)

    def _emit(
        self,
        what: str,
        payload: Payload,
        actor: str,
        cause: int,
        *,
        text: str = "",
        value: float = 0.0,
    ) -> int:
        claim = payload.claim
        return self._journal.emit(
            what, actor, STORE, claim.message, len(self.payloads), cause, payload.number, 0.0,
            value, text, claim.token,
        )  # fmt: skip


def _listed(payload: Payload) -> Stored:
    claim = payload.claim
    return Stored(claim.token, claim.size, payload.since, payload.visible)
