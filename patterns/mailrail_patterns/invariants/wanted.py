"""What requesters hope of whoever works for them: that it is not for nobody."""

from __future__ import annotations

from ..correlations import CANCELLED, TIMED_OUT, state_of
from ..exchanges import exchange_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..tickets import ticket_of
from .rules import Guarantee, Handler, Rule

WANTED = Guarantee(
    "begun-for-somebody",
    "No work is begun on a request whose requester has given up.",
    source="A1 rule 7",
    hope=True,
)


class Wanted(Rule):
    """Compares when work begins with when its requester stopped waiting."""

    guarantees = (WANTED,)

    def __init__(self) -> None:
        super().__init__()
        self._given_up: dict[str, float] = {}
        self._requests: dict[str, str] = {}

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of entries, jobs and the work on them."""
        return {
            kind.STATE: self._ended,
            kind.NOTED: self._ended,
            kind.SENT: self._sent,
            kind.WORKING: self._working,
        }

    def _ended(self, event: Event) -> None:
        if state_of(event) in (TIMED_OUT, CANCELLED):
            self._given_up[event.message] = event.t

    def _sent(self, event: Event) -> None:
        if ticket_of(event.message):
            self._requests[event.message] = event.conversation

    def _working(self, event: Event) -> None:
        name = event.message.partition("~")[0]
        call = exchange_of(name)
        request = self._requests.get(event.message) or (call.request if call else name)
        since = self._given_up.get(request)
        if since is not None and event.value > 0:
            what = f"{event.actor} begins {event.message}; {request} was given up at {since:g}s"
            self.breach("begun-for-somebody", event, what)
