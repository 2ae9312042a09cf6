"""What the answers of an API and of repliers promise, each by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..correlations import TIMED_OUT, state_of
from ..exchanges import MALFORMED, POLL, REPLY, Exchange, exchange_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..requesting import is_inbox_of
from ..tickets import RESULTS, STATUS, ticket_of
from .rules import Guarantee, Handler, Rule

SEE_OTHER = Guarantee(
    "result-behind-303",
    "A poll is sent on to the result (303) if and only if there is one.",
    source="A1 (1)",
)
ISSUED = Guarantee(
    "only-issued-tickets",
    "No answer but 404 is given for a ticket that was never issued.",
    source="A1 (1)",
)
REFUSED = Guarantee(
    "refused-at-once", "Of a request that was answered 400 no job is made.", source="A1 rule 1"
)
ADDRESS = Guarantee(
    "reply-to-honoured", "An answer goes to whoever asked, and to nobody else.", source="A1 (1)"
)
FLOOR = Guarantee(
    "retry-after-heeded",
    "Between two polls of one request lies at least what Retry-After asks for: it is polled at "
    "most once for each such pause it takes, and once more.",
    source="A1 (1)",
)
IN_TIME = Guarantee(
    "answered-in-time",
    "Every call and every request is answered while its sender waits.",
    source="A1 rule 4",
    hope=True,
)


class Answers(Rule):
    """Compares every answer with the call it belongs to, and with what was known by then."""

    guarantees = (SEE_OTHER, ISSUED, REFUSED, ADDRESS, FLOOR, IN_TIME)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._asker: dict[str, str] = {}
        self._received: dict[str, int] = {}
        self._issued: set[str] = set()
        self._results: dict[str, int] = {}
        self._refused: set[str] = set()
        self._polled: dict[str, tuple[float, float]] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of calls, answers and rows."""
        return {
            kind.STATE: self._written,
            kind.NOTED: self._noted,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.RESENT: self._resent,
        }

    def _written(self, event: Event) -> None:
        if event.queue in (STATUS, RESULTS):
            self._issued.add(event.message)
        if event.queue == RESULTS:
            self._results.setdefault(event.message, event.n)
        self._noted(event)

    def _noted(self, event: Event) -> None:
        if state_of(event) == TIMED_OUT:
            self.breach("answered-in-time", event, f"nobody answered {event.message}")

    def _sent(self, event: Event) -> None:
        name = event.message
        found = exchange_of(name)
        if found is not None and (found.status or found.verb == REPLY):
            self._answered(event, found)
            return
        if ticket_of(name):
            if event.conversation in self._refused:
                self.breach("refused-at-once", event, f"{name} was refused and is worked on")
            return
        self._asker.setdefault(name.partition("~")[0], event.actor)
        if found is not None and found.verb == POLL and not found.copy:
            self._poll(event, found.request)

    def _poll(self, event: Event, request: str) -> None:
        wait = self._settings().retry_after
        last, asked = self._polled.get(request, (0.0, 0.0))
        if event.t < last + min(asked, wait) - 1e-6:
            what = f"{event.message} {event.t - last:g}s after the one before, not {wait:g}s"
            self.breach("retry-after-heeded", event, what)
        self._polled[request] = event.t, wait

    def _delivered(self, event: Event) -> None:
        self._received[event.message] = event.n
        found = exchange_of(event.message)
        if found is not None and found.status == 202:
            start = event.t, self._settings().retry_after
            self._polled.setdefault(found.request, start)

    def _resent(self, event: Event) -> None:
        self.breach("answered-in-time", event, f"{event.message} was not answered in time")

    def _answered(self, event: Event, found: Exchange) -> None:
        asker = self._asker.get(found.call, "")
        if not is_inbox_of(event.queue, asker):
            what = f"{event.message} went to {event.queue}, {asker or 'nobody'} had asked"
            self.breach("reply-to-honoured", event, what)
        ticket = event.group
        if found.status in (200, 202, 303, 409, 410) and ticket not in self._issued:
            what = f"{event.message} is about {ticket}, which was never issued"
            self.breach("only-issued-tickets", event, what)
        if found.status == MALFORMED:
            self._refused.add(found.request)
        if found.verb != POLL:
            return
        if found.status == 303 and ticket not in self._results:
            what = f"{event.message} leads to {ticket}, which has no result"
            self.breach("result-behind-303", event, what)
        there = self._results.get(ticket)
        if found.status == 200 and there and there < self._received.get(found.call, 0):
            what = f"{event.message} although {ticket} had a result by then"
            self.breach("result-behind-303", event, what)
