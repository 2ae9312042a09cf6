"""The payload store, as one process sees it."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any

from .broker.network import Network
from .broker.payloads import STORE, PayloadStore, content_of, digest_of
from .broker.queue import Queue
from .claims import Answer, Claim, Fetched, Stored, Tells
from .kernel import events as kind
from .kernel.journal import Journal
from .kernel.process import MANY, Process
from .port import Chance

FOUND = Answer.FOUND
UNAVAILABLE = Answer.UNAVAILABLE


class ActorPayloads:
    """Calls on behalf of one process; implements :class:`~mailrail_patterns.port.Payloads`.

    A call takes its way there, with the bytes it carries; while the store is down it comes back
    unanswered, it does not wait.
    """

    __slots__ = ("_chance", "_journal", "_process", "_queues", "_store", "_way")

    def __init__(
        self,
        process: Process,
        store: PayloadStore,
        way: Network,
        chance: Chance,
        journal: Journal,
        queues: Mapping[str, Queue],
    ) -> None:
        self._process = process
        self._store = store
        self._way = way
        self._chance = chance
        self._journal = journal
        self._queues = queues

    def claim(self, message: str, size: int) -> Claim:
        """Return a claim to a payload that is still to be put."""
        token = "".join(f"{int(self._chance.random() * 2**32):08x}" for _ in range(4))
        return Claim(token, message, size, digest_of(content_of(message, size)))

    async def put(
        self,
        claim: Claim,
        *,
        tenant: str = "",
        ttl: float = 0.0,
        holders: Sequence[str] = (),
        tells: Tells | None = None,
    ) -> Stored | None:
        """Make a payload durable; None if the store cannot be reached."""
        process = self._process
        if not process.conversation:
            process.cause = process.birth  # what a sender puts away next follows from nothing
        await self._reach(self._way.takes(claim.size))
        if self._way.down:
            self._refused("put", claim.token, UNAVAILABLE, claim.message)
            return None
        known = claim.token in self._store.payloads
        entry, process.cause = self._store.put(
            claim, tenant, ttl, holders, process.name, process.cause
        )
        if tells is not None and not known:
            told = tells(entry)
            self._queues[told.to].offer(told.message, "", process.cause)
        return entry

    async def get(
        self, claim: Claim, *, tenant: str = "", remove: bool = False, wait: bool = True
    ) -> Fetched:
        """Read a payload."""
        store, process, token = self._store, self._process, claim.token
        there = token in store.payloads
        await self._reach(self._way.takes(claim.size if there else 0))
        answer = UNAVAILABLE if self._way.down else store.look(token, tenant)
        if answer is not FOUND:
            self._refused("get", token, answer, claim.message)
            return Fetched(answer)
        digest, process.cause = store.read(token, process.name, process.cause)
        if remove:
            store.remove(token, "read", process.name, process.cause)
            if wait:
                await self._reach(self._way.takes())
        return Fetched(answer, digest)

    async def delete(self, claim: Claim | Stored, why: str, *, wait: bool = True) -> bool:
        """Delete a payload; False if the store cannot be reached or it is gone."""
        return await self._ask(
            "delete", claim.token, partial(self._store.remove, claim.token, why), wait
        )

    async def release(
        self, claim: Claim, holder: str, holders: Sequence[str], *, wait: bool = True
    ) -> None:
        """Say that a holder needs a payload no longer."""
        told = partial(self._store.release, claim.token, holder, tuple(holders))
        await self._ask("release", claim.token, told, wait)

    async def stored(self) -> Sequence[Stored] | None:
        """Return everything that is stored, the oldest first; None if it cannot be told."""
        await self._reach(self._way.takes())
        if self._way.down:
            self._refused("list", "", UNAVAILABLE, "")
            return None
        return self._store.listing()

    async def _ask(
        self, call: str, token: str, change: Callable[[str, int], bool | None], wait: bool
    ) -> bool:
        """Have something changed, and wait for word of it or not."""
        process, way = self._process, self._way
        if not wait:
            name, cause = process.name, process.cause

            def arrive(_: object) -> None:
                if not way.down:
                    change(name, cause)

            process.alarm(way.takes(), arrive)
            return True
        await self._reach(way.takes())
        if way.down:
            self._refused(call, token, UNAVAILABLE, "")
            return False
        return bool(change(process.name, process.cause))

    def _refused(self, call: str, token: str, answer: Answer, message: str) -> None:
        process = self._process
        n = self._journal.emit(
            kind.REFUSED, process.name, STORE, message, 0, process.cause,
            text=f"{call}: {answer.value}", group=token,
        )  # fmt: skip
        if process.conversation:  # what it does with the message follows from the refusal
            process.cause = n

    @types.coroutine
    def _reach(self, seconds: float) -> Generator[None, Any, None]:
        """Let others run first, then be under way so long."""
        process = self._process
        if process.others or process.calls > MANY:
            process.wake(None)
            yield
        process.calls += 1
        yield from self._way.travel(process, seconds)
