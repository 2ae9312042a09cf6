"""A client that gets a ticket for its request and comes back for the result."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from .correlations import CANCELLED, REPLIED, TIMED_OUT, Correlations, Entry
from .exchanges import CANCEL, POLL, POST, RESULT, call_name, exchange_of
from .kernel import events as kinds
from .oddities import POISON, oddity_of
from .port import Message, Port
from .tickets import key_of

METHODS = {POST: "POST", POLL: "GET", RESULT: "GET", CANCEL: "DELETE"}


class PollingSettings(Protocol):
    """The settings a polling client obeys."""

    @property
    def idempotency_key(self) -> bool:
        """Send a key with the request, the same one each time."""
        ...

    @property
    def heed_retry_after(self) -> bool:
        """Poll no sooner than the API asks for."""
        ...

    @property
    def naive_poll(self) -> float:
        """Time between two polls of a client that does not heed it, in seconds."""
        ...

    @property
    def retry_after(self) -> float:
        """What the API asks for, in seconds."""
        ...

    @property
    def timeout(self) -> float:
        """How long a client waits for the answer to one call, in seconds."""
        ...

    @property
    def attempts(self) -> int:
        """How often a request is sent at the most; 0: no end."""
        ...

    @property
    def patience(self) -> float:
        """How long a client wants its result, in seconds; 0: for ever."""
        ...


class Errand(msgspec.Struct):
    """One request a client has under way.

    Attributes:
        request: As the client numbered it.
        entry: What of it is put away.
        due: When the client has to do something about it, in seconds.
        verb: What it called last, or has to call next.
        call: The call it waits for an answer to; empty: it waits for the time to come.
        answered: The last call it has had an answer to.
        made: How many calls of each verb it has made.
        place: Where it stands among all requests; of what is due at once the first comes first.
    """

    request: str
    entry: Entry
    due: float
    verb: str = POST
    call: str = ""
    answered: str = ""
    made: dict[str, int] = {}
    place: int = 0


class Polling:
    """What a polling client does with its requests, several at a time."""

    def __init__(self, port: Port[Any], api: str, inbox: str) -> None:
        self._port = port
        self._api = api
        self._inbox = inbox
        self._table = Correlations(port)
        self._errands: dict[str, Errand] = {}
        self._begun = 0
        self._due: list[tuple[float, int, Errand]] = []

    # --- asking ---------------------------------------------------------------------------

    async def restore(self) -> None:
        """Go on with the tickets that were put away; ask anew where there is none yet."""
        clock, wait = self._port.clock, self._pause()
        for request, entry in await self._table.restore():
            verb, due = (POLL, clock.after(wait)) if entry.ticket else (POST, clock.now)
            errand = self._begin(Errand(request, entry, due, verb))
            self._plan(errand)

    def _begin(self, errand: Errand) -> Errand:
        self._begun += 1
        errand.place = self._begun
        self._errands[errand.request] = errand
        return errand

    async def ask(self, message: Message) -> None:
        """Put the request down, then make it: an answer must find what it belongs to."""
        port = self._port
        entry = Entry(
            port.name, port.clock.now, key_of(message),
            work=None if message.work < 0 else message.work,
            oddity=oddity_of(port, message),
            leaves=leaving(port, message, port.settings.patience),
        )  # fmt: skip
        errand = self._begin(Errand(message.id, entry, 0.0))
        await self._table.keep(message.id, entry)
        await self._call(errand, POST)

    async def _call(self, errand: Errand, verb: str) -> None:
        port, entry = self._port, errand.entry
        settings = port.settings
        number = errand.made[verb] = errand.made.get(verb, 0) + 1
        if verb == POST:
            number = entry.attempt
        name = call_name(errand.request, verb, number, entry.life)
        key = entry.key if verb == POST and settings.idempotency_key else ""
        headers = [("method", METHODS[verb]), ("path", _path(verb, entry.ticket))]
        headers += [("key", key)] if key else []
        headers += [("for", entry.key)] if verb == POST else []
        headers += [(entry.oddity, "yes")] if verb == POST and entry.oddity else []
        errand.verb, errand.call = verb, name
        if port.suffers("cut-off"):
            port.note(kinds.NOTED, name, f"cut-off: is cut off; {name} goes nowhere")
        else:
            call = Message(
                name, work=-1.0 if entry.work is None else entry.work,
                poison=verb == POST and self._poisons(errand), conversation=errand.request,
                group=entry.ticket or key, reply_to=self._inbox, headers=tuple(headers),
            )  # fmt: skip
            await port.broker.send(self._api, call)
        wait = settings.timeout if verb != POLL else max(settings.timeout, self._pause())
        errand.due = port.clock.after(wait)
        self._plan(errand)

    def _poisons(self, errand: Errand) -> bool:
        """Say whether the work on a request fails, unless that was mended since it was made."""
        return errand.entry.oddity == POISON and self._port.suffers(POISON, errand.request)

    # --- taking ---------------------------------------------------------------------------

    async def take(self, answer: Message) -> None:
        """Take the answer to the call that is open; discard any other."""
        found = exchange_of(answer.id)
        errand = None if found is None else self._errands.get(found.request)
        if found is None or self._port.suffers("cut-off"):
            self._port.note(kinds.NOTED, answer.id, f"cut-off: never hears {answer.id}")
        elif errand is not None and answer.correlation == errand.call:
            errand.call, errand.answered = "", answer.correlation
            await self._go_on(errand, answer)
        else:
            again = errand is not None and answer.correlation == errand.answered
            what = "duplicate" if again else "late" if errand else self._table.stray(found.request)
            self._port.note(kinds.NOTED, answer.id, f"{what}: discards {answer.id}, {what}")

    async def _go_on(self, errand: Errand, answer: Message) -> None:
        """Do what the answer asks for."""
        state, verb = answer.header("state"), errand.verb
        match verb, answer.header("status"):
            case _, "202":
                ticket = answer.group + ("x" if errand.entry.oddity == "typo" else "")
                errand.entry = replace(errand.entry, ticket=ticket)
                await self._table.keep(errand.request, errand.entry)
                self._wait(errand)
            case "poll", "303":
                await self._call(errand, RESULT)
            case "poll" | "cancel", _ if state == "Cancelled":
                await self._end(errand, CANCELLED, "cancelled")
            case "poll" | "cancel", _ if state == "Failed":
                await self._end(errand, REPLIED, "failed")
            case "cancel", "409":
                await self._call(errand, RESULT)
            case "poll", "200":
                self._wait(errand)
            case _, status:
                await self._end(errand, REPLIED, status)

    def _wait(self, errand: Errand) -> None:
        errand.verb, errand.due = POLL, self._port.clock.after(self._pause())
        self._plan(errand)

    def _pause(self) -> float:
        """Return the time between two polls: what the API asks for is a floor."""
        settings = self._port.settings
        pause: float = settings.retry_after if settings.heed_retry_after else settings.naive_poll
        return pause

    async def _end(self, errand: Errand, state: str, outcome: str) -> None:
        del self._errands[errand.request]
        await self._table.end(errand.request, errand.entry, state, outcome)

    # --- when time is up ------------------------------------------------------------------

    def due(self) -> float | None:
        """Return when a poll is due, an answer overdue, or a result no longer wanted."""
        first = self._first()
        return None if first is None else _next(first)

    def _plan(self, errand: Errand) -> None:
        """Remember when something is to be done about a request; what was planned before lapses."""
        heappush(self._due, (_next(errand), errand.place, errand))

    def _first(self) -> Errand | None:
        """Return the request something is to be done about first; None if there is none."""
        while self._due:
            time, _, errand = self._due[0]
            if self._errands.get(errand.request) is errand and _next(errand) == time:
                return errand
            heappop(self._due)
        return None

    async def act(self) -> None:
        """Do what is due first."""
        port = self._port
        errand = self._first()
        if errand is None:
            return
        leaves = errand.entry.leaves
        if errand.call and errand.due <= port.clock.now:
            port.note(kinds.RESENT, errand.call)
        if leaves is not None and leaves <= port.clock.now and errand.verb not in (CANCEL, RESULT):
            if errand.entry.ticket:
                await self._call(errand, CANCEL)
            else:
                await self._end(errand, TIMED_OUT, "gave up")
        elif errand.verb != POST:
            await self._call(errand, errand.verb)
        elif 0 < port.settings.attempts <= errand.entry.attempt:
            await self._end(errand, TIMED_OUT, "gave up")
        else:
            errand.entry = replace(errand.entry, attempt=errand.entry.attempt + 1)
            await self._table.keep(errand.request, errand.entry)
            await self._call(errand, POST)


def leaving(port: Port[Any], message: Message, patience: float) -> float | None:
    """Return when whoever asks now will no longer want it, in seconds; None: never."""
    wanted = [seconds for seconds in (patience, _seconds(message.header("cancel"))) if seconds]
    return port.clock.after(min(wanted)) if wanted else None


def _next(errand: Errand) -> float:
    leaves = errand.entry.leaves
    if leaves is None or errand.verb in (CANCEL, RESULT):
        return errand.due
    return min(errand.due, leaves)


def _path(verb: str, ticket: str) -> str:
    return {POST: "/jobs", RESULT: f"/res/{ticket}"}.get(verb, f"/st/{ticket}")


def _seconds(text: str) -> float:
    """Read ``4s`` or ``4``; 0 for anything else."""
    bare = text.strip().removesuffix("s")
    return float(bare) if bare.replace(".", "", 1).isdecimal() else 0.0


__all__ = ["METHODS", "Errand", "Polling", "leaving"]
