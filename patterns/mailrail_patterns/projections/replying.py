"""Metrics of requests that are answered later: how soon, how often asked, how many in vain."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..correlations import CANCELLED, OPEN, REPLIED, TIMED_OUT, Entry, state_of
from ..exchanges import BROKEN, IMPOSSIBLE, MALFORMED, POLL, POST, REPLY, exchange_of
from ..kernel import events as kind
from ..kernel.events import Event
from ..tickets import (
    ACCEPTED,
    CHARGED,
    CHARGES,
    RELEASED,
    STATUS,
    TERMINAL,
    Charge,
    Ticket,
    ticket_of,
)
from .errands import CUT_OFF, CallView, Errand, JobView, RepliesView
from .measures import Handler, Measure, Meter, Number, tidy
from .samples import Sampled, Samples
from .wasted import Wasted

SHOWN: Final = 40
"""Requests and tickets that are followed call by call; of older ones only sums are kept."""

COUNTED: Final[dict[str, tuple[str, str, int]]] = {
    "requests": ("requests clients made, not counting repetitions", "messages", 0),
    "posts": ("times a request was sent to the API", "messages", 0),
    "polls": ("times a status was asked for", "messages", 1),
    "wasted_polls": ("polls answered that it is not done yet", "messages", 1),
    "resent": ("calls repeated for want of an answer", "messages", 1),
    "lost_answers": ("answers that got lost on their way back", "messages", 1),
    "absorbed": ("repeated requests that made no second job", "messages", 0),
    "jobs": ("jobs made", "messages", 0),
    "charges": ("times somebody was charged", "", 0),
    "double_charges": ("charges beyond the first for one request", "", 1),
    "compensated": ("reservations given back", "", 0),
    "late": ("answers that came when nobody waited any more", "messages", 1),
    "duplicate_answers": ("answers that came a second time", "messages", 1),
    "orphans": ("answers to what nobody remembers having asked", "messages", 1),
    "timeouts": ("requests nobody answered in time", "messages", 1),
    "refused": ("requests answered 400", "messages", 0),
    "gone": ("calls answered 410 or 404", "messages", 1),
    "unavailable": ("requests answered 503", "messages", 1),
    "job_failures": ("jobs that failed and said so", "messages", 1),
    "cancelled": ("jobs that were cancelled", "messages", 0),
}


class Replying(Meter):
    """How soon there is a ticket and a result, and what it takes to find out."""

    measures = (
        *(Measure(name, *about) for name, about in COUNTED.items()),
        Measure("open", "requests without an end", "messages"),
        Measure("keys", "distinct idempotency keys"),
        Measure("jobs_per_key", "jobs made for each key; 1 is right", "", 1),
        Measure("polls_per_request", "polls for each request with a ticket", "", 1),
        Measure("naive_polls", "polls a client that asks every naive_poll would need", "messages"),
        Measure("poll_rate_max", "most polls within one second", "/s", 1),
        Measure("accept_p50", "median time to the ticket (202)", "s", 1),
        Measure("accept_max", "longest time to the ticket", "s", 1),
        Measure("result_p50", "median time to the result", "s", 1),
        Measure("result_p95", "95th percentile of that time", "s", 1),
        Measure("call_max", "longest time the API held one call", "s", 1),
        Measure("wasted_work", "time worked on after the requester had given up", "s", 1),
        Measure("wasted_jobs", "times such work was begun or went on", "", 1),
        Measure("status_age", "age of the oldest job without an end", "s", 1),
    )  # fmt: skip

    def __init__(self, settings: Callable[[], Any]) -> None:
        self._settings = settings
        self._counts = dict.fromkeys(COUNTED, 0)
        self._errands: dict[str, Errand] = {}
        self._jobs: dict[str, JobView] = {}
        self._keys: set[str] = set()
        self._paid: set[str] = set()
        self._naive = self._hidden = self._ticketed = self._served = 0
        self._recent: tuple[float, ...] = ()
        self._storm = 0
        self._accepts, self._results = Samples(), Samples()
        self._held = 0.0
        self._wasted = Wasted()

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of calls, answers, rows and what was noted of them."""
        return {
            kind.STATE: self._written,
            kind.NOTED: self._noted,
            kind.SENT: self._sent,
            kind.DELIVERED: self._delivered,
            kind.DROPPED: self._dropped,
            kind.UNROUTED: self._unrouted,
            kind.RESENT: self._resent,
            kind.WORKING: self._working,
            **dict.fromkeys((kind.CRASHED, kind.STOPPED), self._left),
        }

    # --- rows -----------------------------------------------------------------------------

    def _written(self, event: Event) -> None:
        if event.queue == STATUS:
            self._moved(event)
        elif event.queue == CHARGES:
            self._charged(event)
        else:
            self._entry(event)

    def _entry(self, event: Event) -> None:
        state, request = state_of(event), event.message
        if not state:
            return
        durable = event.kind == kind.STATE
        entry = msgspec.json.decode(event.text, type=Entry) if durable else None
        errand = self._errands.get(request)
        if errand is None:
            if state != OPEN:
                return
            errand = self._errands[request] = Errand(request, event.actor, event.t)
            self._counts["requests"] += 1
            self._forget()
        if entry is not None and entry.key:
            self._keys.add(entry.key)
        errand.state = state
        if state == OPEN:
            return
        first = errand.ended < 0
        outcome = entry.outcome if entry else event.text.rpartition("(")[2].rstrip(")")
        errand.outcome, errand.ended = outcome, event.t
        if state in (TIMED_OUT, CANCELLED):
            self._wasted.give_up(request, event.t)
        if state == TIMED_OUT:
            self._counts["timeouts"] += 1
        elif outcome == "503":
            self._counts["unavailable"] += 1
        elif state == REPLIED and outcome in ("200", REPLY):
            self._results.append(event.t - errand.asked)
            self._served += first

    def _forget(self) -> None:
        """Keep what is shown in bounds: what ended longest ago goes first."""
        if len(self._errands) > SHOWN:
            ended = [name for name, each in self._errands.items() if each.ended >= 0]
            gone = self._errands.pop(ended[0] if ended else next(iter(self._errands)))
            self._naive += gone.naive(gone.ended, self._settings().naive_poll)
            self._hidden += 1

    def _moved(self, event: Event) -> None:
        ticket, state = event.message, event.group
        job = self._jobs.get(ticket)
        row = msgspec.json.decode(event.text, type=Ticket)
        if job is None and state != ACCEPTED:
            return
        if job is None:
            job = JobView(ticket, row.request, state, event.t, event.t, 0, "")
            self._counts["jobs"] += 1
            ended = [name for name, each in self._jobs.items() if each.state in TERMINAL]
            if len(self._jobs) >= SHOWN and ended:
                del self._jobs[ended[0]]
        if state != job.state and state == "Failed":
            self._counts["job_failures"] += 1
        if state != job.state and state == "Cancelled":
            self._counts["cancelled"] += 1
        self._jobs[ticket] = replace(job, state=state, since=event.t, attempt=row.attempt)
        if state in TERMINAL:
            for errand in self._errands.values():
                if errand.ticket == ticket and errand.ready < 0:
                    errand.ready = event.t

    def _charged(self, event: Event) -> None:
        ticket = ticket_of(event.message)
        if ticket in self._jobs:
            self._jobs[ticket] = replace(self._jobs[ticket], charge=event.group)
        if event.group == RELEASED:
            self._counts["compensated"] += 1
        elif event.group == CHARGED:
            key = msgspec.json.decode(event.text, type=Charge).key
            self._counts["charges"] += 1
            self._counts["double_charges"] += key in self._paid
            self._paid.add(key)

    # --- calls and answers ----------------------------------------------------------------

    def _sent(self, event: Event) -> None:
        found = exchange_of(event.message)
        if found is None:
            self._asked(event)
        if found is None or found.copy:
            return
        errand = self._errands.get(found.request)
        if found.verb == REPLY:
            if errand is not None:
                errand.answered(found.call, found.status or 200, event.t)
            self._counts["refused"] += found.status == MALFORMED
            self._counts["job_failures"] += found.status in (IMPOSSIBLE, BROKEN)
            return
        if found.status:
            self._answered(event, found.status, found.verb, found.call)
            return
        if found.verb == POST:
            self._counts["posts"] += 1
        elif found.verb == POLL:
            self._counts["polls"] += 1
            self._recent = (*[t for t in self._recent if t > event.t - 1.0], event.t)
            self._storm = max(self._storm, len(self._recent))
        if errand is not None:
            again = found.verb == POST and any(c.verb == POST for c in errand.calls)
            errand.called(CallView(found.call, found.verb, event.t, again=again))
            errand.polls += found.verb == POLL

    def _asked(self, event: Event) -> None:
        """Follow a request that is sent to repliers; each of several gets a copy of it."""
        errand = self._errands.get(event.message)
        if errand is not None and not errand.calls:
            errand.called(CallView(event.message, "request", event.t))

    def _answered(self, event: Event, status: int, verb: str, call: str) -> None:
        found = exchange_of(call)
        errand = self._errands.get(found.request) if found else None
        self._counts["refused"] += status == MALFORMED
        self._counts["gone"] += status in (404, 410)
        job = self._jobs.get(event.group)
        if verb == POLL and status == 200 and (job is None or job.state not in TERMINAL):
            self._counts["wasted_polls"] += 1
        done = errand.answered(call, status, event.t) if errand else None
        if done is not None:
            self._held = max(self._held, event.t - done.t)

    def _delivered(self, event: Event) -> None:
        found = exchange_of(event.message)
        errand = self._errands.get(found.request) if found else None
        if found is None or found.status != 202 or errand is None or errand.ticket:
            return
        errand.ticket = event.group
        self._ticketed += 1
        self._accepts.append(event.t - errand.asked)
        job = self._jobs.get(event.group)
        if job is not None and job.state in TERMINAL:
            errand.ready = max(job.since, errand.asked)

    def _dropped(self, event: Event) -> None:
        found = exchange_of(event.message)
        errand = self._errands.get(found.request if found else event.message)
        if event.text == kind.SUBSCRIPTION_ENDED:
            self._unrouted(event)
        if event.text != "send lost":
            return
        if found is None:
            if errand is not None:
                errand.called(CallView(event.message, "request", event.t, CUT_OFF))
            return
        if found.status or found.verb == REPLY:
            self._lost(found.call, event.t)
        elif errand is not None:
            again = any(call.verb == found.verb for call in errand.calls)
            errand.called(CallView(found.call, found.verb, event.t, CUT_OFF, again=again))

    def _unrouted(self, event: Event) -> None:
        """Follow an answer that the connection of whoever asked is not there for any more."""
        found = exchange_of(event.message)
        if found is not None and (found.status or found.verb == REPLY):
            self._lost(found.call, event.t)

    def _lost(self, call: str, now: float) -> None:
        found = exchange_of(call)
        errand = self._errands.get(found.request if found else call)
        self._counts["lost_answers"] += 1
        if errand is not None:
            errand.missed(call, now)

    def _resent(self, event: Event) -> None:
        self._counts["resent"] += 1

    def _noted(self, event: Event) -> None:
        code = event.text.partition(":")[0]
        found = exchange_of(event.message)
        stray = {"late": "late", "duplicate": "duplicate_answers", "orphan": "orphans"}.get(code)
        if stray is not None:
            self._counts[stray] += 1
            errand = self._errands.get(found.request) if found else None
            if errand is not None:
                errand.strays = (*errand.strays, (event.t, code))[-3:]
        elif code == "absorbed":
            self._counts["absorbed"] += 1
        elif code == "lost-response" and found is not None:
            self._lost(found.call, event.t)
        elif code == "cut-off" and found is not None and not found.status:
            errand = self._errands.get(found.request)
            if errand is not None and found.verb != REPLY:
                errand.called(CallView(found.call, found.verb, event.t, CUT_OFF))
        else:
            self._entry(event)

    # --- work in vain ---------------------------------------------------------------------

    def _working(self, event: Event) -> None:
        job, found = self._jobs.get(ticket_of(event.message)), exchange_of(event.message)
        request = job.request if job else found.request if found else event.message
        self._wasted.begin(event.actor, request.partition("~")[0], event.t, event.value)

    def _left(self, event: Event) -> None:
        self._wasted.end(event.actor, event.t)

    # --- what is asked for ----------------------------------------------------------------

    def values(self, now: float) -> Mapping[str, Number]:
        """Return the metrics as of ``now`` seconds."""
        pause, counts, keys = self._settings().naive_poll, self._counts, len(self._keys)
        naive = self._naive + sum(each.naive(now, pause) for each in self._errands.values())
        wasted, stints = self._wasted.total(now)
        ages = [now - job.made for job in self._jobs.values() if job.state not in TERMINAL]
        values: dict[str, Number] = {
            **counts,
            "open": sum(1 for each in self._errands.values() if each.ended < 0),
            "keys": keys,
            "jobs_per_key": tidy(counts["jobs"] / keys) if keys else None,
            "polls_per_request": tidy(counts["polls"] / self._ticketed) if self._ticketed else None,
            "naive_polls": naive,
            "poll_rate_max": self._storm,
            "accept_p50": self._accepts.percentile(0.50),
            "accept_max": self._accepts.longest,
            "result_p50": self._results.percentile(0.50),
            "result_p95": self._results.percentile(0.95),
            "call_max": tidy(self._held),
            "wasted_work": wasted,
            "wasted_jobs": stints,
            "status_age": tidy(max(ages, default=0.0)),
        }
        return {
            name: tidy(value) if isinstance(value, float) else value
            for name, value in values.items()
        }

    def sampled(self) -> Iterable[Sampled]:
        """Return how long it took to a result."""
        return (Sampled("result", self._results.length, self._served, "requests with a result"),)

    def scene(self, now: float) -> RepliesView:
        """Return the requests and the jobs, as they are followed."""
        pause = self._settings().naive_poll
        errands = tuple(each.view(now, pause) for each in self._errands.values())
        return RepliesView(errands, tuple(self._jobs.values()), self._hidden)

    def copy(self) -> Replying:
        """Return an independent copy."""
        twin = copy.copy(self)
        twin._counts = dict(self._counts)
        twin._errands = {name: each.copy() for name, each in self._errands.items()}
        twin._jobs = dict(self._jobs)
        twin._keys, twin._paid = set(self._keys), set(self._paid)
        twin._wasted = self._wasted.copy()
        twin._accepts, twin._results = self._accepts.copy(), self._results.copy()
        return twin


__all__ = ["COUNTED", "SHOWN", "Replying"]
