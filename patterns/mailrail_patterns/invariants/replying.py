"""What a request that is answered later promises: one job, an honest status, one end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from ..kernel import events as kind
from ..kernel.events import Event
from ..tickets import (
    ACCEPTED,
    CANCELLED,
    CHARGED,
    CHARGES,
    FAILED,
    RESERVED,
    RUNNING,
    STATUS,
    SUCCEEDED,
    TERMINAL,
    Charge,
    Ticket,
    job_name,
    ticket_of,
)
from .answering import Answers
from .correlating import Entries
from .rules import Guarantee, Handler, Rule
from .wanted import Wanted

ONE_JOB = Guarantee(
    "one-job-per-key", "However often a request comes, one job is made of it.", source="A1 (1)"
)
FORWARD = Guarantee(
    "status-moves-forward",
    "A status goes from Accepted over Running to one end, and stays there.",
    source="A1 (1)",
)
CHARGED_ONCE = Guarantee(
    "charged-once", "Nobody is charged twice for one request.", source="A1 rule 4"
)
EITHER = Guarantee(
    "cancelled-or-charged",
    "A cancelled job takes no money, and gives back what was set aside for it.",
    source="A1 rule 5",
)
ENQUEUED = Guarantee(
    "accepted-is-enqueued",
    "A 202 is given only once the job is on the queue, or durably on its way there.",
    source="A1 rule 1",
)
TOLD = Guarantee(
    "errors-are-told",
    "A job whose handler has failed for good says so in its status.",
    source="A1 rule 3",
)

MOVES: Final = {
    "": {ACCEPTED},
    ACCEPTED: {RUNNING, CANCELLED},
    RUNNING: {RUNNING, SUCCEEDED, FAILED, CANCELLED},
}
"""Where a status may go from where."""


class Tickets(Rule):
    """Follows every status resource, its job and its charge."""

    guarantees = (ONE_JOB, FORWARD, CHARGED_ONCE, EITHER, ENQUEUED, TOLD)

    def __init__(self, settings: Callable[[], Any]) -> None:
        super().__init__()
        self._settings = settings
        self._state: dict[str, str] = {}
        self._charge: dict[str, str] = {}
        self._ticket: dict[str, str] = {}
        self._paid: set[str] = set()
        self._owed: dict[str, str] = {}
        self._excused: set[str] = set()
        self._gave_up: set[str] = set()

    def watches(self) -> dict[str, Handler]:
        """Return the handlers of rows, jobs and answers."""
        return {
            kind.STATE: self._written,
            kind.SENT: self._sent,
            kind.DROPPED: self._dropped,
            kind.CRASHED: self._interrupted,
            kind.PAUSED: self._interrupted,
            kind.ABANDONED: self._returned,
            kind.LOCK_EXPIRED: self._returned,
            kind.COMPLETED: self._completed,
            **dict.fromkeys((kind.DEAD_LETTERED, kind.SHELVED), self._buried),
        }

    def _written(self, event: Event) -> None:
        if event.queue == STATUS:
            self._moved(event)
        elif event.queue == CHARGES:
            self._charged(event)

    def _moved(self, event: Event) -> None:
        name, state = event.message, event.group
        before = self._state.get(name, "")
        if state not in MOVES.get(before, ()):
            what = f"{name} went from {before or 'nothing'} to {state}"
            self.breach("status-moves-forward", event, what)
        self._state[name] = state
        if not before:
            self._owed[name] = event.actor
            key = msgspec.json.decode(event.text, type=Ticket).key
            first = self._ticket.setdefault(key, name)
            if first != name:
                what = f"{key} has the tickets {first} and {name}"
                self.breach("one-job-per-key", event, what)
        if state == CANCELLED and self._charge.get(job_name(name)) == CHARGED:
            self.breach("cancelled-or-charged", event, f"{name} was charged and then cancelled")

    def _charged(self, event: Event) -> None:
        self._charge[event.message] = event.group
        if event.group != CHARGED:
            return
        key = msgspec.json.decode(event.text, type=Charge).key
        if key in self._paid:
            self.breach("charged-once", event, f"{key} was charged again, for {event.message}")
        self._paid.add(key)
        if self._state.get(ticket_of(event.message)) == CANCELLED:
            self.breach("cancelled-or-charged", event, f"{event.message} was cancelled")

    # --- 202 and the job ------------------------------------------------------------------

    def _sent(self, event: Event) -> None:
        ticket = ticket_of(event.message)
        if ticket:
            self._owed.pop(ticket, None)
        elif event.group in self._owed and event.message.partition("~")[0].endswith("-202"):
            excused = event.group in self._excused and self._settings().outbox
            if not excused:
                what = f"{event.message} promises {event.group}, and there is no job"
                self.breach("accepted-is-enqueued", event, what)

    def _dropped(self, event: Event) -> None:
        self._excused.add(ticket_of(event.message))

    def _interrupted(self, event: Event) -> None:
        self._excused.update(t for t, writer in self._owed.items() if writer == event.actor)

    # --- the end of a job -----------------------------------------------------------------

    def _returned(self, event: Event) -> None:
        """Remember whether it was its handler that failed, or its worker that was gone."""
        if event.kind == kind.ABANDONED:
            self._gave_up.add(event.message)
        else:
            self._gave_up.discard(event.message)

    def _completed(self, event: Event) -> None:
        ticket = ticket_of(event.message)
        if not ticket:
            return
        self._gave_up.discard(event.message)
        left = self._charge.get(job_name(ticket)) == RESERVED
        if left and self._state.get(ticket) in (CANCELLED, FAILED):
            what = f"{event.message} ended and its money is still set aside"
            self.breach("cancelled-or-charged", event, what)

    def _buried(self, event: Event) -> None:
        ticket = ticket_of(event.message)
        failed = event.message in self._gave_up or event.actor
        state = self._state.get(ticket, "")
        if ticket and failed and state not in TERMINAL:
            what = f"{event.message} is dead, and {ticket} says {state}"
            self.breach("errors-are-told", event, what)


def replying_rules(settings: Callable[[], Any]) -> Sequence[Rule]:
    """Return the rules of requests that are answered later, in either style."""
    return (Tickets(settings), Answers(settings), Entries(), Wanted())
