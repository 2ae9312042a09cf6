"""What has become of each request so far: its calls and their answers, one after the other."""

from __future__ import annotations

import copy
import math

import msgspec

from ..correlations import OPEN

LONGEST = 48
"""Calls of one request that are remembered; a naive client makes many more."""

UNANSWERED, LOST, CUT_OFF = 0, -1, -2
"""What a call has for a status while there is none: open, the answer lost, the call itself lost."""


class CallView(msgspec.Struct, frozen=True):
    """One call of a request, and what came back.

    Attributes:
        name: The call's name.
        verb: ``post poll result cancel``.
        t: When it was made, in seconds.
        status: What it was answered; see :data:`UNANSWERED` for the others.
        answered: When the answer was given, in seconds.
        again: Whether it was made for want of an answer to the one before.
    """

    name: str
    verb: str
    t: float
    status: int = UNANSWERED
    answered: float = 0.0
    again: bool = False


class ErrandView(msgspec.Struct, frozen=True):
    """One request.

    Attributes:
        request: As its client numbered it.
        owner: Who asked.
        asked: When, in seconds.
        ended: When it came to its end, in seconds; below 0: it has not.
        state: ``Open Replied TimedOut Cancelled``.
        outcome: What came of it, in a word.
        ticket: Its status resource; empty: none that its client knows of.
        calls: The latest calls.
        polls: How many polls it has made.
        naive: How many a naive poller would have made by now.
        strays: Answers nobody waited for: when they came, in seconds, and what they were.
    """

    request: str
    owner: str
    asked: float
    ended: float
    state: str
    outcome: str
    ticket: str
    calls: tuple[CallView, ...]
    polls: int
    naive: int
    strays: tuple[tuple[float, str], ...]


class JobView(msgspec.Struct, frozen=True):
    """One status resource and the job behind it.

    Attributes:
        ticket: Its name.
        request: The request it was made for.
        state: ``Accepted Running Succeeded Failed Cancelled``.
        since: When it came to that state, in seconds.
        made: When it was issued, in seconds.
        attempt: Which attempt at the job is the latest; 0: none.
        charge: ``Reserved Charged Released``, or empty.
    """

    ticket: str
    request: str
    state: str
    since: float
    made: float
    attempt: int
    charge: str


class RepliesView(msgspec.Struct, frozen=True):
    """What the picture needs: requests and jobs, the latest last.

    Attributes:
        errands: The requests.
        jobs: The status resources.
        hidden: Requests that are no longer shown.
    """

    errands: tuple[ErrandView, ...]
    jobs: tuple[JobView, ...]
    hidden: int


class Errand:
    """One request as it is being followed."""

    def __init__(self, request: str, owner: str, asked: float) -> None:
        self.request, self.owner, self.asked = request, owner, asked
        self.state, self.outcome, self.ticket = OPEN, "", ""
        self.ended = -1.0
        self.ready = -1.0
        self.calls: tuple[CallView, ...] = ()
        self.polls = 0
        self.strays: tuple[tuple[float, str], ...] = ()

    def called(self, call: CallView) -> None:
        """Add a call; one of the same name is the same call, known by now to be lost."""
        kept = tuple(each for each in self.calls if each.name != call.name)
        self.calls = (*kept, call)[-LONGEST:]

    def answered(self, name: str, status: int, t: float) -> CallView | None:
        """Put down the answer to a call, or that it was lost; the first one counts."""
        for index, call in enumerate(self.calls):
            if call.name == name and call.status == UNANSWERED:
                done = msgspec.structs.replace(call, status=status, answered=t)
                self.calls = (*self.calls[:index], done, *self.calls[index + 1 :])
                return done
        return None

    def missed(self, name: str, t: float) -> None:
        """Put down that an answer was lost, be it on the queue of one who has died since."""
        if self.answered(name, LOST, t) is None and self.ended < 0:
            self.calls = tuple(
                msgspec.structs.replace(call, status=LOST) if call.name == name else call
                for call in self.calls
            )

    def naive(self, now: float, pause: float) -> int:
        """Return how many polls it takes to see the end, for one who polls every ``pause``."""
        if not self.ticket:
            return 0
        end = self.ready if self.ready >= 0 else self.ended if self.ended >= 0 else now
        return max(0, math.ceil((end - self.asked) / pause - 1e-9))

    def copy(self) -> Errand:
        """Return an independent copy."""
        return copy.copy(self)

    def view(self, now: float, pause: float) -> ErrandView:
        """Return the frozen picture."""
        return ErrandView(
            self.request, self.owner, self.asked, self.ended, self.state, self.outcome,
            self.ticket, self.calls, self.polls, self.naive(now, pause), self.strays,
        )  # fmt: skip
